from collections import defaultdict

from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    """What the discount lines of an order took off its other lines.

    A global discount, a promotion or a payment by gift card or eWallet is a line of its own: a
    returned unit is worth its price less its share in them.
    """

    _inherit = "sale.rma.refund"

    @api.model
    def _get_discount_weights(self, billed, *, payments=True):
        """Return {discount `BilledLine`: {`BilledLine` it took something off: weight}}.

        :param payments: count what gift cards and eWallets paid
        """
        lines_by_order = defaultdict(list)
        for sold, lines in billed.items():
            lines_by_order[sold.order_id] += lines
        weights = {}
        for lines in lines_by_order.values():
            weights.update(self._get_order_discount_weights(lines, payments))
        return weights

    @api.model
    def _get_order_discount_weights(self, lines, payments):
        """Discounts are shared by what the lines cost untaxed; what pays for the order (gift card,
        eWallet) by what is left of them, tax included."""
        discounts = [line for line in lines if line.sold._is_order_discount()]
        others = [line for line in lines if line not in discounts and not line.sold.is_downpayment]
        paying = [line for line in discounts if line.sold._is_card_payment()]
        weights = {
            discount: self._weigh(
                self._filter_discounted(discount.sold, others),
                lambda line: line.amounts.untaxed * line.rate,
            )
            for discount in discounts
            if discount not in paying
        }
        if payments and paying:
            shares = self._share(weights, lambda line: line.amounts.total)
            left = self._weigh(others, lambda line: line.amounts.total * line.rate + shares[line])
            weights.update(dict.fromkeys(paying, left))
        return weights

    @api.model
    def _weigh(self, lines, get_weight):
        """Return {line: weight}; where nothing costs anything, by the taxes on it."""
        weights = {line: max(get_weight(line), 0.0) for line in lines}
        if any(weights.values()):
            return weights
        return {line: max(line.amounts.total * line.rate, 0.0) for line in lines}

    @api.model
    def _filter_discounted(self, discount, lines):
        """Return the `BilledLine`s that a discount of the order took something off: the products
        it is for and, as Odoo makes one discount line for each, of the same taxes."""
        products = self._get_discounted_products(discount)
        taxes = self._get_discountable_taxes(discount)
        chosen = [line for line in lines if line.sold in products] or lines
        return [
            line for line in chosen if self._get_discountable_taxes(line.sold) == taxes
        ] or chosen

    @api.model
    def _get_discounted_products(self, discount):
        """Return the sold lines that a discount line is for, whatever their taxes."""
        order, reward = discount.order_id, discount.reward_id
        if not reward:  # computed once: lines added later are not in it
            return order.order_line.filtered(lambda line: line.id < discount.id)
        if reward.reward_type == "shipping":
            return order.order_line.filtered(lambda line: line._is_delivery())
        if reward.discount_applicability == "specific":
            return order._get_specific_discountable_lines(reward)
        if reward.discount_applicability == "cheapest":
            return order._cheapest_line(reward) or order.order_line
        return order.order_line - order._get_no_effect_on_threshold_lines()

    @api.model
    def _get_discountable_taxes(self, sold):
        """Return the taxes by which Odoo splits discounts: fixed amounts are never discounted."""
        return sold.tax_ids.flatten_taxes_hierarchy().filtered(lambda tax: tax._can_be_discounted())

    @api.model
    def _share(self, weights, get_amount):
        """Return {`BilledLine`: what discount lines took off it}, below zero, in the order's
        currency.

        :param get_amount: returns the amount meant (untaxed, total) of a `BilledLine`
        """
        shares = defaultdict(float)
        for discount, lines in weights.items():
            total = sum(lines.values())
            for line, weight in lines.items():
                if total:
                    shares[line] += get_amount(discount) * discount.rate * weight / total
        return shares

    @api.model
    def _get_part_credited(self, weights):
        """Return how much of the discounted lines is credited, with what is taken now: 0 to 1."""
        total = sum(weights.values())
        credited = sum(weight * line.part_credited for line, weight in weights.items())
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
        units = discount.quantity * after - discount.credited
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
    def _claim_share(self, discount, before, after):
        if after <= before:
            return discount.amounts.scaled(0.0)
        start = discount.quantity * before
        target = self._compute_amounts(discount, start)
        increment = self._compute_amounts(discount, discount.quantity * after) - target
        return self._claim(discount, increment, target)
