from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain

from .sale_rma_request import MAX_SEARCH

MAX_FOUND = 8
MAX_WORDS = 6
# What an attribute is called whose other values are "another size", in the languages of the pages.
SIZE_NAMES = {"size", "sizes", "taille", "pointure", "größe", "groesse", "talla", "taglia", "maat"}


@dataclass(frozen=True)
class Choice:
    """A product to choose instead. Amounts of one sold unit, tax included, in the order's
    currency."""

    product: object
    label: str
    price: float
    difference: float  # what it costs more than what was paid; below zero: less
    is_in_stock: bool


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
        """Return the variants of a sold product that can be chosen instead, itself included: other
        sizes of the same colour first, then other colours, at last the same again."""
        variants = sold.product_id.product_tmpl_id.product_variant_ids
        variants = variants.filtered_domain(self._get_exchange_domain(sold.order_id))
        own = self._get_looks(sold.product_id)
        return variants.sorted(
            lambda variant: (variant == sold.product_id, self._get_looks(variant) != own)
        )

    @api.model
    def _get_looks(self, product):
        """Return the values of a variant but its size: what tells colours apart."""
        values = product.product_template_attribute_value_ids
        # sudo: names of attributes, which the shop shows
        return values.filtered(
            lambda value: value.attribute_id.sudo().name.strip().lower() not in SIZE_NAMES
        )

    @api.model
    def _get_variant_label(self, product):
        """Return what tells a variant from the others: `Blue, M`."""
        label = product.product_template_attribute_value_ids._get_combination_name()
        return label or self.env._("The same again")

    @api.model
    def _search_products(self, sold, text):
        """Return the first products for exchange that a text means: each of its words is in the
        name, in a value such as the colour, or the reference, in whatever order."""
        text = text.strip()[:MAX_SEARCH]
        products = self.env["product.product"]
        if len(text) < 2:
            return products
        words = Domain.AND(
            Domain("name", "ilike", word)
            | Domain("product_template_attribute_value_ids.name", "ilike", word)
            | Domain("default_code", "=ilike", word)
            for word in text.split()[:MAX_WORDS]
        )
        return products.search(
            words & self._get_exchange_domain(sold.order_id), limit=MAX_FOUND, order="name, id"
        )

    @api.model
    def _get_choices(self, sold, products):
        """Return the `Choice`s that products are: what each costs by the rule that will make the
        exchange order, and whether it is there.

        :param sold: the `sale.order.line` that is sent back
        """
        if not products:
            return []
        rma = self.env["sale.rma"].new(
            {
                "order_id": sold.order_id.id,
                "line_ids": [(0, 0, sold._prepare_rma_line_vals(1.0))],
            }
        )
        prices = rma._get_exchange_prices(rma.line_ids, products)
        paid = self.env["sale.rma.refund"]._get_prices_paid(sold).get(sold, 0.0)
        currency = sold.order_id.currency_id
        stocked = self._get_products_in_stock(sold.order_id, products)
        own = sold.product_id.product_tmpl_id
        return [
            Choice(
                product,
                self._get_variant_label(product)
                if product.product_tmpl_id == own
                else product.with_context(display_default_code=False).display_name,
                prices[product],
                currency.round(prices[product] - paid),
                product in stocked,
            )
            for product in products
        ]

    @api.model
    def _get_products_in_stock(self, order, products):
        """Return those that could be sent now from the order's warehouse."""
        # sudo: whether there is some, which any web shop tells
        there = products.sudo().with_context(warehouse_id=order._get_rma_warehouse().id)
        found = there.filtered(
            lambda product: (
                not product.is_storable or product.uom_id.compare(product.free_qty, 0.0) > 0
            )
        )
        return products.browse(found.ids)
