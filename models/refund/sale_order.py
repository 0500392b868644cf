from odoo import models


class SaleOrder(models.Model):
    """Discounts of the order are written down by its lines (R2)."""

    _inherit = "sale.order"

    def action_confirm(self):
        """Override of `sale`: at the latest now it is known what each discount is for."""
        result = super().action_confirm()
        self._keep_missing_discount_shares(is_given_now=True)
        return result

    def _keep_missing_discount_shares(self, is_given_now=False):
        """Write down what discount lines took off which lines where nobody did yet: in orders from
        before it was kept, the best reading there is.

        :param bool is_given_now: as in `sale.order.line._read_discount_shares`
        """
        discounts = self.order_line.filtered(lambda line: not line.rma_discount_shares)
        discounts._filter_discounts_given()._keep_discount_shares(is_given_now)

    def _get_amount_prepaid(self):
        """Return what was paid for the order and is set against no invoice yet, in its
        currency."""
        self.ensure_one()
        amount = 0.0
        for tx in self.transaction_ids.filtered(
            lambda tx: tx.state in ("done", "authorized") and tx.operation != "refund"
        ):
            entry = tx.payment_id.move_id
            if entry:
                lines = entry.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
                amount -= sum(lines.mapped("amount_residual_currency"))
            elif not self.invoice_ids.filtered(lambda move: move.state == "posted"):
                amount += tx.amount
        return max(amount, 0.0)
