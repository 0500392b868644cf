from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """Import of returns from another system: its reference is kept as *External Reference*."""

    _inherit = "sale.rma"

    @api.model
    def get_import_templates(self):
        """Return the files that the import dialog offers."""
        return [
            {
                "label": self.env._("Import Template for Customer Returns"),
                "template": "/sale_rma/static/import/customer_returns.csv",
            }
        ]


class SaleRmaLine(models.Model):
    """Items of an import name what was sold as people know it: by order and product."""

    _inherit = "sale.rma.line"

    imported_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Sold Product",
        store=False,
        help="For imports: the order's line of this product is taken.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._find_sold_lines(vals_list))

    @api.model
    def _find_sold_lines(self, vals_list):
        """Return values with the sold line of the product named, where no line is.

        :raise UserError: the order has no such product
        """
        named = [vals for vals in vals_list if self._names_product(vals)]
        if not named:
            return vals_list
        rmas = self.env["sale.rma"].browse({vals["rma_id"] for vals in named})
        lines = rmas.order_id.order_line  # read at once
        left = dict(zip(lines, lines.mapped("qty_returnable"), strict=True))
        by_product = defaultdict(lines.browse)
        for line in lines._filter_returnable("claim"):
            by_product[line.order_id, line.product_id.id] |= line
        result = []
        for vals in vals_list:
            if self._names_product(vals):
                order = self.env["sale.rma"].browse(vals["rma_id"]).order_id
                sold = by_product[order, vals["imported_product_id"]]
                line = self._choose_sold_line(sold, left, vals.get("quantity") or 0.0)
                if not line:
                    raise UserError(self._get_not_sold_message(order, vals["imported_product_id"]))
                left[line] -= vals.get("quantity") or 0.0
                vals = {**vals, "sale_line_id": line.id}
            result.append({key: vals[key] for key in vals if key != "imported_product_id"})
        return result

    @api.model
    def _names_product(self, vals):
        named = vals.get("imported_product_id"), vals.get("rma_id")
        return all(isinstance(value, int) and value for value in named) and not vals.get(
            "sale_line_id"
        )

    @api.model
    def _choose_sold_line(self, sold, left, quantity):
        """Return the first line of a product that has so many left, else its first line.

        :param dict left: {sold line: units that can still be asked for}
        """
        is_number = isinstance(quantity, (int, float))
        enough = sold.filtered(lambda line: is_number and left[line] >= quantity)
        return enough[:1] or sold[:1]

    @api.model
    def _get_not_sold_message(self, order, product_id):
        return self.env._(
            "%(product)s is not on %(order)s: an item names a product that was sold on the "
            "return's order.",
            product=self.env["product.product"].browse(product_id).display_name,
            order=order.name,
        )
