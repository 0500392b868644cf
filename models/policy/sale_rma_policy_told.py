from odoo import models
from odoo.tools import formatLang


class SaleRmaPolicy(models.Model):
    """What a rule says in words that customers may read."""

    _inherit = "sale.rma.policy"

    def _describe_outcome(self):
        """Return the outcome in words that customers may read; amounts tax included."""
        self.ensure_one()
        if not self.returnable:
            return self.explanation or self.env._("Cannot be sent back.")
        parts = [
            self.env._(
                "Can be sent back for %(days)s days after it arrived.", days=self.window_days
            )
            if self.window_days
            else self.env._("Can be sent back without a limit of time.")
        ]
        if fee := self._describe_fee():
            parts.append(fee)
        parts.append(self.env["res.company"]._describe_cost_bearer(self.cost_bearer))
        if self.explanation:
            parts.append(self.explanation)
        return " ".join(parts)

    def _describe_conditions(self):
        """Return in words that customers may read what the rule is for, empty if it is for
        everything. Of what a shop knows about its customers nothing is told but that it counts."""
        self.ensure_one()
        parts = [
            ", ".join(names)
            for names in (
                self.product_ids.mapped("name"),
                self.categ_ids.mapped("name"),
                self.product_tag_ids.mapped("name"),
                self.reason_ids.mapped("name"),
                (self.country_ids.mapped("name") + self.country_group_ids.mapped("name")),
            )
            if names
        ]
        if self.price_min:
            parts.append(self.env._("from %(price)s", price=self._format_price(self.price_min)))
        if self.price_max:
            parts.append(self.env._("up to %(price)s", price=self._format_price(self.price_max)))
        if self.discount_min:
            percent = f"{self.discount_min:g}"
            parts.append(self.env._("reduced by %(percent)s %% or more", percent=percent))
        if self.partner_tag_ids or self.returns_min:
            parts.append(self.env._("for some customers"))
        return "; ".join(parts)

    def _format_price(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _describe_fee(self):
        """Return in words what is kept of a refund, empty if nothing is."""
        self.ensure_one()
        fees = []
        if self.fee_percent:
            fees.append(self.env._("%(percent)s %%", percent=f"{self.fee_percent:g}"))
        if self.fee_amount:
            amount = self._format_price(self.fee_amount)
            fees.append(
                self.env._("%(amount)s for each item", amount=amount)
                if self.fee_per == "line"
                else amount
            )
        return (fees and self.env._("Of a refund we keep %(fees)s.", fees=" + ".join(fees))) or ""
