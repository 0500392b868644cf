import logging

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

_logger = logging.getLogger(__name__)


class SaleRma(models.Model):
    """The job that has money go as the rules say: return by return, each committed with what tells
    that it went, so that a job that is killed does nothing twice."""

    _inherit = "sale.rma"

    @api.model
    def _cron_refund_by_rule(self):
        """Refund what is due by rule; what cannot be is left to a colleague, in words."""
        due = self.search([("rule_refund", "=", "due")], order="id")
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(due))
        for rma in due:
            # who works on it at this moment is let finish; the next run comes back to it
            own = rma.try_lock_for_update(allow_referencing=True)
            if own and own.rule_refund == "due":
                own._refund_by_rule()
            if not crons._commit_progress(1):
                break

    def _refund_by_rule(self):
        """Have the engine refund the return, or leave it to a colleague."""
        self.ensure_one()
        # one company at a time: the job sees and touches nothing of another's
        rma = self.with_context(allowed_company_ids=self.company_id.ids)
        try:
            with self.env.cr.savepoint():
                rma._refund_if_due()
        except LockError:
            return  # still due: the next run
        except UserError as error:
            rma._leave_to_clerk(str(error))
        except Exception as error:
            _logger.exception("The refund by rule of %s failed", self.name)
            rma._leave_to_clerk(type(error).__name__)

    def _refund_if_due(self):
        """Refund what is still due now: rules, goods and settings are looked at once more.

        :raise UserError: what is planned cannot be done
        """
        self._lock()
        self.invalidate_recordset()
        if not self._is_rule_refund_due():
            is_receiving = self.state in self._get_receiving_states()
            if self._is_processed_by_clerk() or self.refund_ids or not is_receiving:
                self.rule_refund = False  # a colleague was faster
                return
            self._leave_to_clerk(
                self._get_dispute() or self.env._("It is not any more as the rule wants it.")
            )
            return
        plan = self._prepare_rule_plan()
        [preview] = self._preview([plan])
        total, company = preview["amount_total"], self.company_id
        amount = self.currency_id._convert(
            total, company.currency_id, company, fields.Date.context_today(self)
        )
        if self.currency_id.compare_amounts(total, 0.0) <= 0:
            self._leave_to_clerk(self.env._("Nothing was invoiced that could be refunded."))
            return
        if words := self._get_over_rule_ceiling(amount):
            self._leave_to_clerk(words)
            return
        self._process([plan])
        self.write(
            {
                "rule_refund": "done",
                "rule_refund_amount": amount,
                "rule_refund_date": fields.Datetime.now(),
            }
        )
        self._tell_rule_refund(total)

    def _tell_rule_refund(self, total):
        """Write to the history which rule had the money go.

        :param float total: tax included, in the order's currency
        """
        text = self.env._(
            "%(amount)s refunded by itself, by the rule %(names)s.",
            amount=self.currency_id.format(total),
            names=", ".join(self.line_ids.policy_id.mapped("name")),
        )
        self._log_history_rows([(self, "refunded", text)])

    def _leave_to_clerk(self, words):
        """Have a colleague decide, and say why."""
        self.write({"rule_refund": "clerk", "rule_refund_message": words})
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Refund to decide"),
            note=self.env._("The rule did not refund it by itself: %(words)s", words=words),
            user_id=self.user_id.id or self.env.uid,
        )
