from collections import defaultdict
from types import SimpleNamespace

from odoo import api, models

from .refund_lines import EPSILON, DiscountShare


class SaleRmaRefund(models.AbstractModel):
    """What the discount lines of an order took off its other lines.

    A global discount, a promotion or a payment by gift card or eWallet is a line of its own: a
    returned unit is worth its price less its share in them.
    """

    _inherit = "sale.rma.refund"

    @api.model
    def _get_discount_weights(self, billed, *, payments=True):
        """Return {discount `BilledLine`: the `DiscountShare`s of the sold lines it took something
        off}, as it was written down when it was given.

        :param payments: count what gift cards and eWallets paid
        """
        lines_by_order = defaultdict(dict)
        for sold, lines in billed.items():
            lines_by_order[sold.order_id][sold] = lines
        weights = {}
        for lines_by_sold in lines_by_order.values():
            for sold, lines in lines_by_sold.items():
                if sold._is_order_discount() and (payments or not sold._is_card_payment()):
                    shares = self._get_discount_shares(sold, lines_by_sold)
                    weights.update(dict.fromkeys(lines, shares))
        return weights

    @api.model
    def _get_discount_shares(self, discount, billed):
        """Return the `DiscountShare`s of the billed lines of the discount's order. What was taken
        off units that are not billed is on those that are."""
        kept = discount.rma_discount_shares
        shares = self._weigh_shares(kept or discount._read_discount_shares(), billed)
        if kept and not any(share.weight for share in shares):  # its lines were deleted
            shares = self._weigh_shares(discount._read_discount_shares(), billed)
        return shares or self._share_by_price(billed)

    @api.model
    def _weigh_shares(self, given, billed):
        """:param dict given: as `sale.order.line.rma_discount_shares`"""
        shares = []
        for sold, lines in billed.items():
            amount, units = given.get(str(sold.id), (0.0, 0.0))
            if amount:
                quantity = sum(line.to_sold_unit(line.quantity) for line in lines)
                counted = min(units, quantity) if units > 0 else quantity
                weight = amount * counted / units if units > 0 else amount
                shares.append(DiscountShare(lines, weight, counted))
        return shares

    @api.model
    def _share_by_price(self, billed):
        """Of none of the lines that a discount is for anything is billed: it is on the others."""
        return [
            DiscountShare(
                lines,
                max(sum(line.amounts.untaxed * line.rate for line in lines), 0.0),
                sum(line.to_sold_unit(line.quantity) for line in lines),
            )
            for sold, lines in billed.items()
            if not sold.is_downpayment and not sold._is_order_discount()
        ]

    @api.model
    def _share(self, weights, get_amount):
        """Return {`BilledLine`: what discount lines took off it}, below zero, in the order's
        currency.

        :param get_amount: returns the amount meant (untaxed, total) of a `BilledLine`
        """
        result = defaultdict(float)
        for discount, shares in weights.items():
            total = sum(share.weight for share in shares)
            amount = get_amount(discount)
            if discount.is_one_of_many:
                amount = self._get_taken_off(discount, shares, get_amount)
            for share in shares if total else ():
                units = sum(line.to_sold_unit(line.quantity) for line in share.lines)
                taken_off = amount * discount.rate * share.weight / total
                for line in share.lines:
                    result[line] += taken_off * line.to_sold_unit(line.quantity) / units
        return result

    @api.model
    def _get_taken_off(self, discount, shares, get_amount):
        """Return what a discount that was billed again took off all its units: what is left of it
        is on the units that are left, whatever was given back with the others."""
        part = 1.0 - self._get_part_credited(shares)
        if part < EPSILON:
            return get_amount(discount)
        return get_amount(SimpleNamespace(amounts=discount.remaining)) / part

    @api.model
    def _get_part_credited(self, shares):
        """Return how much of what a discount took off is credited, with what is taken now: 0 to
        1."""
        total = sum(share.weight for share in shares)
        credited = sum(share.weight * share.part_credited for share in shares)
        return credited / total if total else 0.0

    # === LINES OF CREDIT NOTES === #

    @api.model
    def _add_share_lines(self, credits, discount, before, after):
        """Take the returned units' share of a discount line back: on the credit note of its own
        invoice, if that can bear it, else on all of them.

        :param float before: part of the discounted lines that was credited before: 0 to 1
        :param float after: the same with what is credited now
        """
        share = self._claim_share(discount, before, after)
        own = credits.get(discount.line.move_id)
        currency = discount.line.currency_id
        if own and currency.compare_amounts(own.total + share.total, 0.0) >= 0:
            parts = {own: share}
        else:
            # in the company's currency: the invoices may be in different ones
            weights = {credit: max(credit.company_total, 0.0) for credit in credits.values()}
            parts = share.split(weights, currency, discount.line.company_currency_id)
        units = self._get_end(discount, before, after) - discount.credited
        for credit, amounts in parts.items():
            if any(amounts.values()):
                part = amounts.total / share.total if share.total else 1.0
                vals = self._prepare_line_vals(discount, max(units * part, 0.0))
                self._append(credit, *self._restate(discount, credit, vals, amounts))

    @api.model
    def _restate(self, discount, credit, vals, amounts):
        """Return the values and amounts of a discount's share as the credit note of another
        invoice says them, which may be in another currency: worth the same in the books."""
        source, target = discount.line.move_id, credit.invoice
        currency = target.currency_id
        if currency == source.currency_id:
            return vals, amounts
        price = vals["price_unit"] * source._get_rate_into(target)
        amounts = amounts.revalued(target.invoice_currency_rate)
        amounts = amounts.rounded(currency, target.company_currency_id)
        return {**vals, "price_unit": currency.round(price)}, amounts

    @api.model
    def _get_end(self, discount, before, after):
        """Return how much of a discount line is credited when its units are, in its own unit. One
        that was billed again is on the units that were left then."""
        if not discount.is_one_of_many:
            return discount.quantity * after
        left = discount.quantity - discount.credited
        return discount.credited + left * self._get_part_of_left(before, after)

    @api.model
    def _get_part_of_left(self, before, after):
        """Return which part of what was left is credited now: 0 to 1."""
        return min((after - before) / (1 - before), 1.0) if before < 1 - EPSILON else 0.0

    @api.model
    def _claim_share(self, discount, before, after):
        if after <= before:
            return discount.amounts.scaled(0.0)
        if discount.is_one_of_many:
            line = discount.line
            share = discount.remaining.scaled(self._get_part_of_left(before, after))
            share = share.rounded(line.currency_id, line.company_currency_id)
            discount.taken_amounts += share
            return share
        start = discount.quantity * before
        target = self._compute_amounts(discount, start)
        increment = self._compute_amounts(discount, discount.quantity * after) - target
        return self._claim(discount, increment, target)
