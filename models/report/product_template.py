from odoo import fields, models


class ProductTemplate(models.Model):
    """How much of a product comes back, beside Odoo's count of what is sold."""

    _inherit = "product.template"

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
        domain = [("product_tmpl_id", "in", self.ids)]
        rates = report._get_rates("product_tmpl_id", domain) if self._may_see_rma_rate() else {}
        for product in self:
            product.rma_rate, product.rma_qty_sold = rates.get(product._origin, (0.0, 0.0))

    def _may_see_rma_rate(self):
        return self.env["sale.rma.report"].has_access("read")

    # === ACTIONS === #

    def action_view_rma_report(self):
        """Open the figures of the products' returns."""
        report = self.env["sale.rma.report"]
        domain = [("product_tmpl_id", "in", self.ids)]
        return report._get_action_for(domain, self[:1].display_name)
