from odoo import api, models
from odoo.fields import Domain

from .sale_rma_request import MAX_SEARCH

MAX_FOUND = 8


class SaleRmaRequest(models.AbstractModel):
    """What a customer may choose instead of what is sent back."""

    _inherit = "sale.rma.request"

    @api.model
    def _get_exchange_domain(self, order):
        """Return the domain of what a customer of the order may choose instead: goods for sale,
        and where there is a web shop, only those it shows."""
        products = self.env["product.product"]
        domain = Domain(
            [
                ("sale_ok", "=", True),
                ("type", "=", "consu"),
                ("company_id", "in", (False, order.company_id.id)),
            ]
        )
        if "is_published" in products._fields:
            domain &= Domain("is_published", "=", True)
        return domain

    @api.model
    def _get_variants(self, sold):
        """Return the variants of a sold product that can be chosen instead, itself included."""
        variants = sold.product_id.product_tmpl_id.product_variant_ids
        return variants.filtered_domain(self._get_exchange_domain(sold.order_id))

    @api.model
    def _get_variant_label(self, product):
        """Return what tells a variant from the others: `Blue, M`."""
        label = product.product_template_attribute_value_ids._get_combination_name()
        return label or self.env._("The same again")

    @api.model
    def _search_products(self, sold, text):
        """Return the first products for exchange whose name or reference is like a text."""
        text = text.strip()[:MAX_SEARCH]
        products = self.env["product.product"]
        if len(text) < 2:
            return products
        named = Domain("name", "ilike", text) | Domain("default_code", "=ilike", text)
        return products.search(
            named & self._get_exchange_domain(sold.order_id), limit=MAX_FOUND, order="name, id"
        )
