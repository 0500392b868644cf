from odoo import fields, models


class SaleRmaRate(models.AbstractModel):
    """How much of a product or variant comes back."""

    _name = "sale.rma.rate"
    _description = "Return Rate of Products"
    _rma_rate_by = ""  # the report's field

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
        report, name = self.env["sale.rma.report"], self._rma_rate_by
        may_see = report.has_access("read")
        rates = report._get_rates(name, [(name, "in", self.ids)]) if may_see else {}
        for product in self:
            product.rma_rate, product.rma_qty_sold = rates.get(product._origin, (0.0, 0.0))

    # === ACTIONS === #

    def action_view_rma_report(self):
        """Open the figures of the products' returns."""
        domain = [(self._rma_rate_by, "in", self.ids)]
        return self.env["sale.rma.report"]._get_action_for(domain, self[:1].display_name)


class ProductTemplate(models.Model):
    """How much of a product comes back, beside Odoo's count of what is sold."""

    _name = "product.template"
    _inherit = ["product.template", "sale.rma.rate"]
    _rma_rate_by = "product_tmpl_id"


class ProductProduct(models.Model):
    """How much of a variant comes back."""

    _name = "product.product"
    _inherit = ["product.product", "sale.rma.rate"]
    _rma_rate_by = "product_id"
