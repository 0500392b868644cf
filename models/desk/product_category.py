from odoo import fields, models


class ProductCategory(models.Model):
    """Goods that never go back for sale, whatever their grade."""

    _inherit = "product.category"

    rma_disposition_id = fields.Many2one(
        comodel_name="sale.rma.disposition",
        string="Returned Goods",
        ondelete="set null",
        help="Where returned goods of this category and those below go instead of back to stock.",
    )

    def _get_rma_disposition(self):
        """Return the disposition of the nearest category above that has one."""
        category = self
        while category and not category.rma_disposition_id:
            category = category.parent_id
        return category.rma_disposition_id
