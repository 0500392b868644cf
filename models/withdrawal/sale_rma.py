from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.quantity_field import format_quantity
from .sale_order_line import HELD_STATES


class SaleRma(models.Model):
    """Withdrawals from what was not sent yet: held at once, refunded without goods (docs/law.md
    L17, N11)."""

    _inherit = "sale.rma"

    date_informed = fields.Datetime(
        string="Informed On",
        readonly=True,
        copy=False,
        help="When the shop learned of the withdrawal: the refund is due 14 days later. Written "
        "once.",
    )

    # === KIND === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: nobody says when the shop learned of a withdrawal, it is known."""
        if not self.env.su:
            for vals in vals_list:
                self._check_no_dates_of_law(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override: a withdrawal is one whatever a form or program writes (L16), and its clock
        runs from when it was declared."""
        if not self.env.su:
            self._check_no_dates_of_law(vals)
            if "rma_type" in vals:
                self._check_type_kept(vals["rma_type"])
        return super().write(vals)

    def _check_no_dates_of_law(self, vals):
        """:raise UserError: a form or program writes a date of law"""
        if {"date_informed", "date_refund_due"} & vals.keys():
            raise UserError(
                self.env._(
                    "When a withdrawal was declared and its refund is due follows from the "
                    "statement: it is not written."
                )
            )

    def _check_type_kept(self, rma_type):
        """:raise UserError: a declared withdrawal would become another kind of return"""
        # sudo: compared only
        withdrawals = self.sudo().filtered(
            lambda rma: rma.rma_type == "withdrawal" and rma.date_informed
        )
        if withdrawals and rma_type != "withdrawal":
            raise UserError(
                self.env._(
                    "%(rmas)s is a withdrawal, which the consumer declared: it stays one. A sales "
                    "manager can change the type, with a reason.",
                    rmas=", ".join(withdrawals.mapped("name")),
                )
            )

    def action_change_type(self, rma_type, reason):
        """Make another kind of return of a withdrawal, such as one that was a claim all along.

        :param str rma_type: `return` or `claim`
        :param str reason: kept in the history
        :raise UserError: no sales manager, no reason, or items that were not sent
        """
        self.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise UserError(self.env._("Only sales managers can change what a withdrawal is."))
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why the withdrawal is none: it is kept in the history.")
            )
        unsent = self._get_unsent_lines()
        if unsent:
            raise UserError(
                self.env._(
                    "%(items)s was withdrawn before it was sent: that can be nothing else. Cancel "
                    "the return instead.",
                    items=unsent._describe_unsent(),
                )
            )
        labels = dict(self._fields["rma_type"]._description_selection(self.env))
        for rma in self:
            # sudo: the rights were checked, and the rule is that nobody does it otherwise
            rma.sudo().rma_type = rma_type
            rma._message_log(
                body=self.env._(
                    "Withdrawal changed to %(type)s: %(reason)s",
                    type=labels[rma_type],
                    reason=reason.strip(),
                )
            )
        return True

    # === STATES === #

    def _check_requestable(self):
        """Override: what was sent since the items were entered has to come back."""
        waiting = self.filtered(
            lambda rma: rma.rma_type == "withdrawal" and rma.state in ("draft", "requested")
        )
        waiting.sudo().line_ids._compute_qty_unsent()  # a rule, whoever asks
        return super()._check_requestable()

    def _write_state(self, state, **vals):
        """Override: units that were not sent are held while the withdrawal stands."""
        withdrawals = self.filtered(lambda rma: rma.rma_type == "withdrawal")
        held = withdrawals.filtered(lambda rma: rma.state in HELD_STATES)
        result = super()._write_state(state, **vals)
        if withdrawals and state != "draft":
            withdrawals._write_informed()
        if state in HELD_STATES:
            (withdrawals - held)._hold_unsent()
        else:
            held._release_unsent()
        return result

    def _write_informed(self):
        """Keep when the shop learned of withdrawals; the date is never written a second time."""
        for rma in self.filtered(lambda rma: not rma.date_informed):
            # sudo: a date of law, which only the program writes
            rma.sudo().date_informed = rma.date_requested or fields.Datetime.now()

    def _get_unsent_lines(self):
        # sudo: a rule about quantities, whoever works on the return
        return self.sudo().line_ids.filtered("qty_unsent")

    # === DELIVERIES === #

    def _hold_unsent(self):
        """Stop the delivery of units that were withdrawn before they were sent; tell colleagues."""
        for rma in self:
            lines = rma._get_unsent_lines()
            if not lines:
                continue
            lines.sale_line_id._follow_withdrawn()
            rma._tell_held(lines, *lines.sale_line_id._hold_withdrawn())

    def _release_unsent(self):
        """Have units sent again whose withdrawal does not stand any more."""
        sold_lines = self._get_unsent_lines().sale_line_id
        if sold_lines:
            sold_lines._follow_withdrawn()
            sold_lines._release_withdrawn()

    # === COLLEAGUES === #

    def _tell_held(self, lines, held, picked):
        """Write on return and deliveries what is not to be sent; ask for what was picked already
        to be put back.

        :param lines: items with units that were not sent
        :param held: transfers that were lowered or cancelled
        :param picked: done transfers that fed them
        """
        self.ensure_one()
        for picking in held:
            picking._message_log(
                body=self.env._(
                    "%(items)s: withdrawn (%(rma)s), not to be sent any more.",
                    items=lines._describe_unsent(),
                    rma=self.name,
                )
            )
        body = self.env._(
            "Withdrawn before they were sent: %(items)s.", items=lines._describe_unsent()
        )
        if held:
            pickings = ", ".join(held.mapped("name"))
            body += " " + self.env._("Taken off %(pickings)s.", pickings=pickings)
        # sudo: told to colleagues, whoever withdrew
        self.sudo()._message_log(body=body)
        notes = [self._get_unbilled_payment_note(lines)]
        if picked:
            notes.append(
                self.env._(
                    "%(pickings)s is done: what was withdrawn was picked already. Put it back.",
                    pickings=", ".join(picked.mapped("name")),
                )
            )
        self._ask_colleagues(list(filter(None, notes)))

    def _tell_shipped(self, line, quantity):
        """Follow units that were shipped although they were withdrawn.

        :param line: the item
        :param float quantity: in the sold line's unit
        """
        self.ensure_one()
        note = self.env._(
            "%(quantity)s %(product)s were sent although they were withdrawn: they have to come "
            "back.",
            quantity=format_quantity(self.env, quantity),
            product=line.product_id.display_name,
        )
        if self.state == "done":
            note += " " + self.env._("The return is finished: reopen it to receive them.")
        else:
            self._plan_receipts()
        self._message_log(body=note)
        self._ask_colleagues([note])

    def _ask_colleagues(self, notes):
        """Put notes before the manager of the return, else those of the company."""
        self.ensure_one()
        if not notes:
            return
        # sudo: who withdraws or ships has no rights on activities of colleagues
        rma = self.sudo()
        users = rma.user_id or rma.company_id._get_rma_staff()
        for user in users:
            rma.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Withdrawn before it was sent"),
                note=Markup("<br/>").join(notes),
                user_id=user.id,
            )

    def _get_unbilled_payment_note(self, lines):
        """Return in words that money came in without an invoice for the units: no credit note can
        give it back. Nothing where it is not so.

        :param lines: items with units that were not sent
        """
        self.ensure_one()
        # sudo: whether and how it was paid, for colleagues
        order = self.sudo().order_id
        refundable = self.env["sale.rma.refund"]._get_qty_refundable(lines.sale_line_id)
        if all(refundable[line.sale_line_id] >= line.qty_unsent for line in lines):
            return ""
        paid = order.transaction_ids.filtered(lambda tx: tx.state in ("authorized", "done"))
        if paid:
            return self.env._(
                "%(order)s was paid by %(payments)s and not all of it is invoiced: what was "
                "withdrawn has to be paid back there.",
                order=order.name,
                payments=", ".join(
                    f"{tx.reference} ({tx.currency_id.format(tx.amount)})" for tx in paid
                ),
            )
        invoices = order.order_line.filtered("is_downpayment").invoice_lines.move_id
        invoices = invoices.filtered(lambda move: move.state == "posted")
        if invoices:
            return self.env._(
                "A down payment was invoiced with %(invoices)s: credit what was withdrawn of it.",
                invoices=", ".join(invoices.mapped("name")),
            )
        return ""
