from odoo import models
from odoo.fields import Command


class SaleRmaLine(models.Model):
    """What is sent instead, and what it costs."""

    _inherit = "sale.rma.line"

    def _prepare_exchange_line_vals(self, product, quantity, price=None):
        """Return the values of the exchange order's line. The same product again costs what the
        customer paid for it; another variant of it that, plus or minus the difference of the two
        list prices under the same discounts; any other product what the price list says.

        :param float price: agreed for one unit, instead: in the order's currency, with or without
            tax as its prices are told
        """
        self.ensure_one()
        vals = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "source_rma_line_id": self.id,
        }
        sold = self.sale_line_id
        if product.product_tmpl_id != sold.product_id.product_tmpl_id:
            return vals if price is None else {**vals, **self._prepare_price_vals(price)}
        listed = sold.price_unit + self._get_list_price_difference(product)
        vals |= {
            "product_uom_id": sold.product_uom_id.id,
            "tax_ids": [Command.set(sold.tax_ids.ids)],
        }
        if price is not None:
            return {**vals, **self._prepare_price_vals(price)}
        by_rule = max(listed, 0.0) * self._get_discounted_part()
        return {**vals, **self._prepare_price_vals(by_rule), "discount": sold.discount}

    def _prepare_price_vals(self, price):
        """Return the values that make a price one that is set by hand, without discount."""
        # differs from the price, so that it counts as set by hand and is never recomputed
        return {"price_unit": price, "technical_price_unit": price + 1.0, "discount": 0.0}

    def _get_exchange_price(self, product, quantity):
        """Return what one unit of what is sent instead costs by the rule of
        `_prepare_exchange_line_vals`, after discount, in the order's currency, with or without tax
        as its prices are told."""
        self.ensure_one()
        vals = self.rma_id._prepare_exchange_order_vals([(self, product, quantity or 1.0, None)])
        line = self._get_unsaved_exchange_order(vals).order_line[:1]
        return line.price_unit * (1 - line.discount / 100)

    def _get_unsaved_exchange_order(self, vals):
        # sudo: R9, the order may be a colleague's; it is never saved and only tells prices
        return self.env["sale.rma"]._get_program_model("sale.order").new(vals)

    def _get_list_price_difference(self, product):
        """Return what another product costs more than the sold one by the order's price list
        today, per sold unit, in the order's currency, as the order's prices are told (tax
        included or not); below zero where it costs less."""
        self.ensure_one()
        sold = self.sale_line_id
        if product == sold.product_id:
            return 0.0
        vals = {"product_uom_id": sold.product_uom_id.id, "product_uom_qty": 1.0}
        asked = [{**vals, "product_id": one.id} for one in (product, sold.product_id)]
        order = self._get_unsaved_exchange_order(
            {
                **self.rma_id._prepare_exchange_header_vals(),
                "order_line": [Command.create(values) for values in asked],
            }
        )
        dear, own = order.order_line
        return dear.price_unit - own.price_unit

    def _get_exchange_proposal(self):
        """Return the product that is proposed to be sent instead: the customer's wish, else the
        same again; none where it is not for sale any more."""
        self.ensure_one()
        wished = self.exchange_product_id or self.product_id
        return wished.filtered(lambda product: product.active and product.sale_ok)

    def _get_discounted_part(self):
        """Return what the customer paid of the sold line's price, untaxed, after what the invoice
        and the order's discounts made of it: 1 where it is the whole, or nothing is invoiced."""
        self.ensure_one()
        sold = self.sale_line_id
        paid = self.env["sale.rma.refund"]._get_unit_amounts(
            sold, lambda line: line.amounts.untaxed
        )
        if sold not in paid or not sold.price_subtotal:
            return 1.0
        return paid[sold] * sold.product_uom_qty / sold.price_subtotal
