from odoo import models


class AccountMove(models.Model):
    """The credit of a return and the invoice of what is sent instead."""

    _inherit = "account.move"

    def _is_exchange_invoice(self):
        """Whether the invoice is for what a return sends instead, and was not itself reversed."""
        self.ensure_one()
        # sudo: told of an invoice that the user sees; its order may be a colleague's
        move = self.sudo()
        return (
            move.move_type == "out_invoice"
            and bool(move.line_ids.sale_line_ids.order_id.source_rma_id)
            and "posted" not in move.reversal_move_ids.mapped("state")
        )

    def _compute_payment_state(self):
        """Override of `account`: an invoice that a return's credit pays is paid, not reversed."""
        super()._compute_payment_state()
        for move in self.filtered(lambda move: move.payment_state == "reversed"):
            if move._is_exchange_invoice():
                move.payment_state = "paid"

    def _get_reconciled_invoices(self):
        """Override of `account`: a return's credit note is for what it reverses; the invoice of
        what is sent instead only takes its money (the Italian file would name it as origin)."""
        invoices = super()._get_reconciled_invoices()
        if not self.rma_id:
            return invoices
        return invoices.filtered(lambda move: not move._is_exchange_invoice())

    def _post(self, soft=True):
        """Override of `account`: a return's credit is set against the invoice of its exchange
        order as far as that is open."""
        posted = super()._post(soft=soft)
        posted._reconcile_with_return_credits()
        return posted

    def _reconcile_with_return_credits(self):
        """Set invoices of exchange orders against the credit of the return they replace, whichever
        of the two is posted last."""
        sales = self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        # sudo: who may post sees that what belongs together is set off, whoever's return it is
        rmas = sales.rma_id | sales.sudo().line_ids.sale_line_ids.order_id.source_rma_id
        for rma in rmas.sudo().filtered("exchange_order_ids"):
            invoices = rma.exchange_order_ids.invoice_ids.filtered(
                lambda move: move.move_type == "out_invoice"
            )
            open_lines = (invoices | rma.refund_ids).line_ids.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.account_type == "asset_receivable"
                    and not line.reconciled
                )
            )
            for lines in open_lines.grouped("account_id").values():
                rma._reconcile_exchange(lines, invoices)
