from odoo import api, fields, models


class SaleRmaLine(models.Model):
    """What a returned item cost its customer."""

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
