from odoo import api, fields, models


class SaleRmaLine(models.Model):
    """What the rows of the form show of an item beside what is asked for."""

    _inherit = "sale.rma.line"

    default_code = fields.Char(related="product_id.default_code", string="SKU")
    product_image = fields.Image(related="product_id.image_128", string="Picture")
    amount_paid = fields.Monetary(
        string="Amount",
        compute="_compute_amount_paid",
        help="What the customer paid for the units asked for: tax included, discounts taken off.",
    )

    @api.depends("quantity", "price_paid")
    def _compute_amount_paid(self):
        for line in self:
            line.amount_paid = line.quantity * line.price_paid
