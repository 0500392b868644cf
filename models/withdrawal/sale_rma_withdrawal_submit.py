import hashlib
import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools.quantity_field import format_quantity

_logger = logging.getLogger(__name__)


class SaleRmaWithdrawal(models.Model):
    """From the confirmed statement to the return."""

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _submit(self, declared, ip=None, received_at=None, declared_at=None):
        """Record a confirmed statement and send the acknowledgement. A known customer's return is
        opened with it; what came through the form is followed up right after: whether there is
        such an order is not even asked here, lest the time it takes tell a stranger.

        Never refuses: what the machine cannot judge is put before a colleague. Submitted twice,
        it is one withdrawal. To be called as superuser; `declared` was signed by the server.

        :param dict declared: `token`, `company_id`, `channel`, `customer_name`, `contract`,
            `part`, `email`, `lang`, `login`, `statement`, `order_id` (of a known customer) and
            `items`, a list of `sale_line_id`, `quantity` (in the sold line's unit) and
            `description`; empty for the whole order
        :param str ip: kept if the company's setting says so
        :param datetime received_at: when it came, if it did not come online just now
        :param datetime declared_at: when it was sent, where that was before: a statement that was
            sent in time is in time (CRD art. 11(2))
        :return: the withdrawal
        """
        self._lock_token(declared["token"])
        known = self._find_by_token(declared["token"])
        if known:
            return known
        # the shop's whose page it is: a sister company's name would tell a stranger
        # that it has such an order
        company = self.env["res.company"].browse(declared["company_id"])
        # what is written here is for colleagues, in the company's language
        lang = company.partner_id.lang or "en_US"
        recorder = self.with_company(company).with_context(lang=lang)
        submitted_at = received_at or fields.Datetime.now()
        is_known = bool(declared["channel"] != "form" and declared["order_id"])
        order = (
            recorder.env["sale.order"].browse((is_known and declared["order_id"]) or ()).exists()
        )
        rma, doubt, doubt_note = self.env["sale.rma"], "none", ""
        same = self.browse()
        if not received_at:  # what a colleague writes down is looked at, not counted
            same = recorder._find_same_statement(
                {**declared, "order_id": order.id, "submitted_at": submitted_at}
            )
        if is_known and not same:
            rma, doubt, doubt_note = recorder._judge_at_once(
                order, declared, submitted_at, declared_at
            )
        values = {
            **{name: declared[name] for name in declared if name in self._fields},
            "company_id": company.id,
            "found_doubt": doubt,
            "doubt_note": doubt_note,
            "ip": ip if company.rma_withdrawal_log_ip else False,
            "order_id": order.id,
            "rma_id": rma.id,
            "submitted_at": submitted_at,
            "timezone": company._get_rma_timezone().zone,
            **recorder._prepare_network(ip),
        }
        withdrawal = recorder._create_once(values)
        if same:
            # it is kept and acknowledged on the page; mail and colleagues have the first one
            withdrawal._add_event("repeated", note=same.name)
            return withdrawal
        withdrawal._send_acknowledgement()
        if not rma and doubt == "none":
            withdrawal._plan_follow_up()
        if rma:
            withdrawal._tell_return(rma)
        if doubt != "none":
            withdrawal._put_before_staff(doubt_note)
        return withdrawal

    @api.model
    def _find_by_token(self, token):
        """Return the withdrawal a statement became, empty if it was not submitted."""
        return self.search([("token", "=", token)], limit=1)

    @api.model
    def _lock_token(self, token):
        """Let one transaction at a time submit a statement.

        :raise ConcurrencyError: another one was at it; tried again, its withdrawal is found
        """
        digest = hashlib.sha256(token.encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        if not self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", key))[0][0]:
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s)", key))
            raise ConcurrencyError(f"Withdrawal {token} was being submitted")

    @api.model
    def _create_once(self, values):
        """Create the withdrawal.

        :raise ConcurrencyError: another transaction created it since this one began
        """
        try:
            withdrawal = self.create(values)
            withdrawal.flush_recordset()
        except IntegrityError as error:
            raise ConcurrencyError("The withdrawal was submitted twice") from error
        return withdrawal

    @api.model
    def _judge_at_once(self, order, declared, at, declared_at=None):
        """Open the return of a known customer, unless a colleague has to decide.

        Another transaction may be in the way, such as a colleague's at work on the order, and be
        so at every try. The statement is worth more than a return that is there a minute sooner:
        then it is recorded, and the job opens the return.

        :return: (`sale.rma`, `doubt`, why in words); nothing and no doubt: the job has to do it
        """
        try:
            with self.env.cr.savepoint():
                part = declared.get("part")
                doubt, note = self._find_doubt(order, "", part, declared_at or at)
                if doubt != "none":
                    return self.env["sale.rma"], doubt, note
                rma, note = self._open_return(order, declared["items"], at)
        except (OperationalError, ConcurrencyError):
            _logger.info("The return of a withdrawal is left to the job", exc_info=True)
            return self.env["sale.rma"], "none", ""
        return rma, "doubtful" if note else "none", note

    # === RETURN === #

    @api.model
    def _open_return(self, order, items, at):
        """Open the return, already accepted; never fail.

        :param list items: see `_submit`
        :param datetime at: when the statement was submitted
        :return: (`sale.rma`, what of the statement it does not cover, in words)
        """
        rma = self.env["sale.rma"]
        hints = order._get_withdrawal_hints(self._get_declared_lines(order, items))
        note = "\n".join(hint for hint, to_decide in hints if to_decide)
        try:
            with self.env.cr.savepoint():
                turned = self._turn_returns(order, items, at)
                lines, rest = self._get_return_lines(order, items, turned)
                note = "\n".join(filter(None, [rest, note]))
                if turned:
                    turned._add_withdrawn(lines)
                elif lines:
                    turned = self._create_return(order, lines, at)
                rma = turned
        except UserError as error:
            return rma, "\n".join(filter(None, [str(error), note]))
        except (OperationalError, ConcurrencyError):
            raise  # tried again by the job
        except Exception:
            # whatever another addon does not like: the declaration must not be lost
            _logger.warning("No return for a withdrawal from %s", order.name, exc_info=True)
            return rma, self.env._("The return could not be created: see the server's log.")
        if not rma:
            return rma, note or self.env._("Nothing of it can be put on a return.")
        return rma, note

    @api.model
    def _get_declared_lines(self, order, items):
        """Return the sold lines a statement is about.

        :param list items: see `_submit`; empty: the whole order
        """
        asked = {item["sale_line_id"] for item in items or []}
        lines = order.order_line._filter_returnable("claim")
        return lines.filtered(lambda line: line.id in asked) if asked else lines

    @api.model
    def _create_return(self, order, lines, at):
        """Create the return of a withdrawal and accept it: no approval is asked for.

        :param list lines: dicts with `sale_line_id` and `quantity` in its unit
        :param datetime at: when the withdrawal was declared; the refund is due from then
        :raise UserError: over the limit (R1), or nothing to return
        """
        returns = self.env["sale.rma"].with_company(order.company_id)
        rma = returns.browse(returns.create_for_order(order.id, lines, rma_type="withdrawal"))
        # sudo: the statement's own time, which nobody gives from outside
        rma.sudo().write({"date_informed": at, "date_requested": at})
        rma.action_accept()
        return rma

    @api.model
    def _get_return_lines(self, order, items, turned=None):
        """Return what a return can take of a statement, and in words what it cannot.

        :param list items: see `_submit`; empty: the whole order
        :param turned: the return that covers a part of it already, if there is one
        :return: (lines for `create_for_order`, str)
        """
        sold_lines = order.order_line._filter_returnable("withdrawal")
        asked = {item["sale_line_id"]: item["quantity"] for item in items or []}
        at_customer, unsent = sold_lines._get_qty_at_customer(), sold_lines._get_qty_unsent()
        lines, notes = [], []
        performed = sold_lines.browse()
        for line in sold_lines:
            is_service = line.product_id.type == "service"
            sent, returnable = (
                (0.0, 0.0) if is_service else (at_customer[line], line.qty_returnable)
            )
            if is_service and at_customer[line] and (not asked or line.id in asked):
                performed |= line
            wanted = asked.get(line.id, 0.0) if asked else sent + unsent[line]
            if turned:
                wanted = max(wanted - self._get_qty_on(turned, line, asked), 0.0)
            left = max(unsent[line] - line._get_qty_withdrawn_unsent(), 0.0)
            possible = min(wanted, returnable + left)
            if line.product_uom_id.compare(possible, 0.0) > 0:
                lines.append(line._prepare_rma_line_vals(possible))
            if line.product_uom_id.compare(possible, wanted) < 0:
                notes.append(
                    self.env._(
                        "%(product)s: %(possible)s of %(wanted)s can be put on a return; the rest "
                        "is on another return, came back already or was performed.",
                        product=line.product_id.display_name,
                        possible=format_quantity(self.env, possible),
                        wanted=format_quantity(self.env, wanted),
                    )
                )
        if performed:
            services = ", ".join(performed.product_id.mapped("display_name"))
            notes.append(
                self.env._(
                    "Services that were performed, to be judged: %(services)s.", services=services
                )
            )
        return lines, "\n".join(notes)
