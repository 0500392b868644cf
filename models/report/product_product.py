from odoo import fields, models


class ProductProduct(models.Model):
    """How much of a variant comes back."""

    _inherit = "product.product"

    rma_rate = fields.Float(
        string="Return Rate (%)",
        compute="_compute_rma_rate",
        digits=(16, 1),
        help="Pieces returned in the last 365 days, of a hundred sold in the same days.",
    )
    rma_qty_sold = fields.Float(
        string="Pieces Sold in 365 Days", compute="_compute_rma_rate", digits="Product Unit"
    )

    def _compute_rma_rate(self):
        report = self.env["sale.rma.report"]
        domain = [("product_id", "in", self.ids)]
        may_see = self.product_tmpl_id._may_see_rma_rate()
        rates = report._get_rates("product_id", domain) if may_see else {}
        for product in self:
            product.rma_rate, product.rma_qty_sold = rates.get(product._origin, (0.0, 0.0))

    # === ACTIONS === #

    def action_view_rma_report(self):
        """Open the figures of the variants' returns."""
        report = self.env["sale.rma.report"]
        domain = [("product_id", "in", self.ids)]
        return report._get_action_for(domain, self[:1].display_name)
