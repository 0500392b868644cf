from odoo import api, fields, models

# What changes the amount of a discount line when it is written.
AMOUNT_FIELDS = {"price_unit", "product_uom_qty", "discount"}


class SaleOrderLine(models.Model):
    """What a discount line took off which lines, written down when it is given (R2).

    Promotion, product and order change after the sale; what was paid for a unit does not. So the
    reward, the product and the lines of the order are asked once: when the discount line is made
    or its amount changes, at the latest when the order is confirmed. For orders from before this
    was kept, at their first return.
    """

    _inherit = "sale.order.line"

    rma_discount_shares = fields.Json(
        string="Discount Taken Off",
        copy=False,
        readonly=True,
        help="{sold line: [what this discount took off it, units it had then]}: a discount "
        "untaxed, what a gift card or eWallet paid tax included; in the order's currency.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale`: write down what a discount line takes off which lines."""
        if not self.env.su:
            vals_list = [self._without_discount_shares(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._filter_discounts_given()._keep_discount_shares()
        return lines

    def write(self, vals):
        """Override of `sale`: a discount whose amount changes is given anew, until it is
        invoiced."""
        if not self.env.su:
            vals = self._without_discount_shares(vals)
        result = super().write(vals)
        if AMOUNT_FIELDS & vals.keys():
            given = self._filter_discounts_given()
            # sudo: whether there is an invoice, no more
            given.filtered(lambda line: not line.sudo().invoice_lines)._keep_discount_shares()
        return result

    @api.model
    def _without_discount_shares(self, vals):
        """The server writes down what was given; nobody tells it."""
        return {name: value for name, value in vals.items() if name != "rma_discount_shares"}

    # === WHAT IS WRITTEN DOWN === #

    def _is_order_discount(self):
        """Override: what a discount was when it was given it stays, whatever becomes of the reward
        or the discount product."""
        is_kept = self.rma_discount_shares and self.price_subtotal < 0
        return bool(is_kept) or super()._is_order_discount()

    def _filter_discounts_given(self):
        """Return the lines that take something off others."""
        return self.filtered(lambda line: line.price_subtotal < 0 and line._is_order_discount())

    def _keep_discount_shares(self, is_given_now=True):
        """Write down what each of these discount lines took off which lines. Payments come last:
        they pay for what discounts left.

        :param bool is_given_now: as in `_read_discount_shares`
        """
        for line in self.sorted(lambda line: (line._is_card_payment(), line.id)):
            if shares := line._read_discount_shares(is_given_now):
                # what the order itself says, kept for whoever has a return of it processed
                line.sudo().rma_discount_shares = shares

    def _read_discount_shares(self, is_given_now=False):
        """Return {id of a sold line as text: [what this discount takes off it, its units]}, by
        what earlier discounts left of the lines that it is for.

        :param bool is_given_now: all lines that there are can be in it; else, for a discount
            given at a time unknown, lines that are newer than one without a reward are not
        """
        self.ensure_one()
        lines = self._get_discounted_lines(is_given_now)
        name = "price_total" if self._is_card_payment() else "price_subtotal"
        weights = self._weigh_discounted_lines(lines, name)
        total = sum(weights.values())
        amount = -self[name]
        if not total or not amount:
            return {}
        return {
            str(line.id): [amount * weight / total, line.product_uom_qty]
            for line, weight in weights.items()
            if weight
        }

    def _get_discounted_lines(self, is_given_now):
        """Return the lines that a discount line takes something off: those it is for and, as Odoo
        makes one discount line for each, of the same taxes."""
        others = self.order_id.order_line.filtered(
            lambda line: (
                not line.display_type and not line.is_downpayment and not line._is_order_discount()
            )
        )
        if self._is_card_payment():
            return others
        chosen = (self._get_reward_lines(is_given_now) & others) or others
        taxes = self._get_discountable_taxes()
        return chosen.filtered(lambda line: line._get_discountable_taxes() == taxes) or chosen

    def _get_reward_lines(self, is_given_now):
        """Return the lines that a discount line is for, whatever their taxes."""
        order, reward = self.order_id, self.reward_id
        if not reward:
            if is_given_now:
                return order.order_line
            return order.order_line.filtered(lambda line: line.id < self.id)
        if reward.reward_type == "shipping":
            return order.order_line.filtered(lambda line: line._is_delivery())
        if reward.discount_applicability == "specific":
            return order._get_specific_discountable_lines(reward)
        if reward.discount_applicability == "cheapest":
            return order._cheapest_line(reward) or order.order_line
        return order.order_line - order._get_no_effect_on_threshold_lines()

    def _get_discountable_taxes(self):
        """Return the taxes by which Odoo splits discounts: fixed amounts are never discounted."""
        self.ensure_one()
        return self.tax_ids.flatten_taxes_hierarchy().filtered(lambda tax: tax._can_be_discounted())

    def _weigh_discounted_lines(self, lines, name):
        """Return {line: what discounts given before leave of it}; where nothing costs anything, by
        the taxes on it.

        :param str name: `price_subtotal` or `price_total`
        """
        left = {line: line[name] for line in lines}
        siblings = self.order_id.order_line.filtered(
            lambda line: (
                line.reward_identifier_code
                and line.reward_identifier_code == self.reward_identifier_code
            )
        )
        for discount in self.order_id.order_line - self - siblings:
            shares = discount.rma_discount_shares or {}
            given = sum(amount for amount, _units in shares.values())
            for line in lines if given else ():
                amount, _units = shares.get(str(line.id), (0.0, 0.0))
                left[line] += discount[name] * amount / given
        weights = {line: max(amount, 0.0) for line, amount in left.items()}
        if any(weights.values()):
            return weights
        return {line: max(line.price_total, 0.0) for line in lines}
