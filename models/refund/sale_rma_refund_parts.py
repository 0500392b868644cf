from odoo import api, models

from .refund_parts import RefundParts


class SaleRmaRefund(models.AbstractModel):
    """What was given stands in the open (issue 14.5): the same parts are told on the screen before
    it is posted and of what was posted."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_credit_parts(self, credits, currency):
        """Return the `RefundParts` of `Credit`s that are to be, in a currency."""
        parts = RefundParts()
        shares = []
        for credit in credits:
            amounts = credit.get_amounts_in(currency)
            rate = sum(line.total for line in amounts) / credit.total if credit.total else 1.0
            for line, converted in zip(credit.lines, amounts, strict=True):
                sold_ids = line.vals.get("sale_line_ids") or [(6, 0, [])]
                sold = self.env["sale.order.line"].browse(sold_ids[0][2][:1])
                product = self.env["product.product"].browse(line.vals["product_id"])
                name = self._get_part_name(sold, product)
                given_before = line.given_before * rate
                parts.add(name, converted.total, given_before)
                shares.append((sold, name))
        self._move_shipping_discount(parts, shares)
        return parts.rounded(currency)

    @api.model
    def _get_posted_parts(self, moves, currency):
        """Return the `RefundParts` of credit notes of returns, in a currency; what undoes one
        counts against it."""
        parts = RefundParts()
        shares = []
        for move in moves:
            sign = move._get_credit_sign()
            rate = move._get_total_in(currency) / move.amount_total if move.amount_total else 1.0
            for line in move.line_ids.filtered(lambda line: line.display_type == "product"):
                sold = line.sale_line_ids[:1]
                name = self._get_part_name(sold, line.product_id)
                given_before = line.rma_given_before * rate * sign
                parts.add(name, line.price_total * rate * sign, given_before)
                shares.append((sold, name))
        self._move_shipping_discount(parts, shares)
        return parts.rounded(currency)

    @api.model
    def _get_part_name(self, sold, product):
        """Return which part a line of a credit note belongs to."""
        if sold:
            return "shipping" if sold._is_delivery() else "goods"
        if product == self.env.ref("sale_rma.product_refund_fee", raise_if_not_found=False):
            return "fee"
        return "adjustment"  # with what accounting added by hand

    @api.model
    def _move_shipping_discount(self, parts, shares):
        """What discounts took off the shipping lowers the shipping, not the goods.

        :param shares: (sold line, name of its part) of each line
        """
        if not parts.shipping:
            return
        deliveries = {str(sold.id) for sold, name in shares if name == "shipping"}
        discounts = {sold for sold, name in shares if sold and sold._is_order_discount()}
        for discount in discounts:
            given = discount.rma_discount_shares or {}
            total = sum(amount for amount, _units in given.values())
            on_shipping = sum(given[key][0] for key in deliveries & given.keys())
            if total:
                amount = min(-discount.price_total * on_shipping / total, parts.shipping)
                parts.shipping -= amount
                parts.goods += amount
