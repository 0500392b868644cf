from odoo import models
from odoo.fields import Command


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _prepare_exchange_line_vals(self, product, quantity):
        """Return the values of the exchange order's line; the same product again costs what the
        customer paid for it."""
        self.ensure_one()
        vals = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "source_rma_line_id": self.id,
        }
        sold = self.sale_line_id
        if product != sold.product_id:
            return vals
        price = sold.price_unit * self._get_discounted_part()
        return {
            **vals,
            "product_uom_id": sold.product_uom_id.id,
            "price_unit": price,
            # differs from the price, so that it counts as set by hand and is never recomputed
            "technical_price_unit": price + 1.0,
            "discount": sold.discount,
            "tax_ids": [Command.set(sold.tax_ids.ids)],
        }

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
