from odoo import api, fields, models

from ...tools.number_field import Count


class SaleRmaCheck(models.Model):
    """A step that the desk shows for goods of a category, with those of the categories above."""

    _name = "sale.rma.check"
    _description = "Step at the Returns Desk"
    _inherit = ["sale.rma.incoming", "image.mixin"]
    _order = "sequence, id"
    _rec_name = "text"

    text = fields.Char(required=True, translate=True, help="What the clerk is to look at or do.")
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        index=True,
        ondelete="cascade",
        help="Shown for products of it and of the categories below; empty: for all.",
    )
    answer = fields.Selection(
        selection=[("yes_no", "Yes or no"), ("photo", "A photo")], required=True, default="yes_no"
    )
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _get_by_product(self, products):
        """Return {product: its steps}, those of the categories above included; read at once."""
        # sudo: the shop's own instructions, for whoever is told of the product
        categories = products.sudo().categ_id
        paths = {
            category: [int(part) for part in (category.parent_path or "").split("/") if part]
            for category in categories
        }
        wanted = {category_id for path in paths.values() for category_id in path}
        checks = self.search(["|", ("categ_id", "=", False), ("categ_id", "in", list(wanted))])
        return {
            product: checks.filtered(
                lambda check, product=product: (
                    # sudo: as above
                    not check.categ_id
                    or check.sudo().categ_id.id in paths.get(product.sudo().categ_id, ())
                )
            )
            for product in products
        }
