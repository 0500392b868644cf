import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# What a refund transaction says of the money.
STATES = {
    "draft": "pending",  # taken by the provider, which tells later
    "pending": "pending",
    "authorized": "pending",
    "done": "done",
    "cancel": "failed",
    "error": "failed",
}

# What may come after what. Money that arrives is told whatever was said before; what people gave
# up or the provider refused does not fail again.
NEXT = {
    "sent": ("pending", "done", "failed"),
    "unknown": ("pending", "done", "failed"),
    "pending": ("done", "failed"),
    "done": ("failed",),
    "failed": ("done",),
    "cancel": ("done",),
}


class SaleRmaRepayment(models.Model):
    """What the provider says, at once, later, twice, or other than before; and what it does to the
    books (P4)."""

    _inherit = "sale.rma.repayment"

    def _follow_or_leave(self):
        """Follow the refunds of rows nobody has in hand; the scheduler takes up the others."""
        mine = self.try_lock_for_update(allow_referencing=True)
        mine._follow()
        if self - mine:
            cron = self.env.ref("sale_rma.ir_cron_rma_repayments").sudo()  # to be run only
            cron._trigger()

    def _follow(self, *, was_answered=False):
        """Have rows say what their refund transactions say. Called under the rows' lock.

        :param was_answered: the provider took the request, whatever it said
        """
        for row in self:
            tx = row.transaction_id
            if tx.state == "draft" and not was_answered:
                continue
            state = STATES[tx.state]
            if state not in NEXT.get(row.state, ()):
                continue
            was_done = row.state == "done"
            vals = {"message": tx.state_message, "is_queued": False}
            if state == "done":
                vals["date_done"] = fields.Datetime.now()
            row._change_state(state, **vals)
            if state == "failed":
                row._open_again(was_done=was_done)
            elif state == "done":
                row.refund_id._plan_repayments()
                row._tell_overpaid()

    def _open_again(self, *, was_done):
        """The money did not get there: it is owed, whatever was said before.

        :param was_done: it had been said to be there, and is in the books
        """
        self.ensure_one()
        self.date_done = False
        if was_done:
            self._reverse_payment()
        self.refund_id._plan_repayments()
        self.rma_id._restart_refund_alarm()
        self._tell_staff(
            self.env._(
                "%(amount)s did not get back to the customer by %(way)s: %(message)s It is owed "
                "again.",
                amount=self.currency_id.format(self.amount),
                way=self._get_way_text(),
                message=self.message or "",
            )
        )

    def _reverse_payment(self):
        """Take the payment of what failed later out of the books, on the first day that is open."""
        entry = self.payment_id.move_id
        if entry.state != "posted" or entry.reversal_move_ids:
            return
        try:
            with self.env.cr.savepoint():
                entry.line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable"
                ).remove_move_reconcile()
                day = self.env["sale.rma.clock"]._get_company_day(self.company_id)
                entry._reverse_moves(
                    [{"date": day, "ref": self.env._("Reversal of: %(name)s", name=entry.name)}],
                    cancel=True,
                )
        except UserError as error:
            _logger.warning("Payment of repayment %s is not reversed", self.id, exc_info=True)
            self._tell_staff(
                self.env._(
                    "%(payment)s has to be reversed by hand: %(error)s",
                    payment=self.payment_id.name,
                    error=error,
                )
            )

    def _tell_overpaid(self):
        """Tell people where more went back than was owed: what was given up arrived after all."""
        self.ensure_one()
        refund = self.refund_id
        rows = refund.rma_repayment_ids.filtered(
            lambda row: (
                row.way != "card"
                and (row.state == "done" or (row.state in ("sent", "unknown", "pending")))
            )
        )
        most = refund.amount_total if refund.state == "posted" else 0.0
        over = sum(rows.mapped("amount")) - most
        if refund.currency_id.compare_amounts(over, 0.0) > 0:
            self._tell_staff(
                self.env._(
                    "%(amount)s more than is owed went back, or is on its way, for %(move)s.",
                    amount=refund.currency_id.format(over),
                    move=refund.name,
                )
            )

    # === THE BOOKS === #

    def _prepare_payment_target_vals(self):
        """Return what the payment of a row has from its credit note."""
        self.ensure_one()
        receivable = self._get_receivable_lines()
        vals = {"partner_id": self.refund_id.commercial_partner_id.id}
        if receivable:
            vals["destination_account_id"] = receivable.account_id[:1].id
        return vals

    def _get_receivable_lines(self):
        """Return what is open of the credit note."""
        return self.refund_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )

    def _book(self, payment):
        """Set a payment against the credit note, as far as that is open."""
        self.ensure_one()
        self.payment_id = payment
        if self.refund_id.state != "posted":
            return
        lines = payment.move_id.line_ids | self._get_receivable_lines()
        lines.filtered(
            lambda line: line.account_id == payment.destination_account_id and not line.reconciled
        ).reconcile()

    # === PEOPLE === #

    def _tell_staff(self, text):
        """Have somebody look: whoever sent it, or who looks after the return."""
        self.ensure_one()
        rma = self.rma_id
        for user in self.user_id or rma.user_id or rma.company_id._get_rma_staff():
            localized = rma.with_context(lang=user.lang)
            localized.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=localized.env._("Look at a repayment"),
                note=text,
                user_id=user.id,
            )
