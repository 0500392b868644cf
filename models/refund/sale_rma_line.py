from odoo import api, fields, models


class SaleRmaLine(models.Model):
    """What a returned item cost its customer, and what of it is credited."""

    _inherit = "sale.rma.line"

    price_paid = fields.Monetary(
        compute="_compute_price_paid",
        help="What the customer paid for one unit: tax included, discounts taken off.",
    )

    @api.depends("sale_line_id")
    def _compute_price_paid(self):
        prices = self.env["sale.rma.refund"]._get_prices_paid(self.sale_line_id)
        for line in self:
            line.price_paid = prices.get(line.sale_line_id, 0.0)

    def _get_qty_kept_credited(self):
        """Return the units credited here that the customer keeps by decision, in the sold line's
        unit."""
        self.ensure_one()
        come = min(self.qty_received, self._get_qty_to_come_back()) + self.qty_unsent
        return max(self._get_qty_credited() - come, 0.0)
