from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

DAYS_OF_MONTH = 30.44


class Facts(NamedTuple):
    """What rules ask of a sold line and costs queries: what the customer paid for one unit, tax
    included, in the company's currency, and when he asked for returns, in UTC."""

    price: float
    requested: list


class SaleRmaPolicy(models.Model):
    """Which rule fits a sold line."""

    _inherit = "sale.rma.policy"

    def _find(self, cases):
        """Return {key of the case: the first of these rules that fits it}; a case that none fits
        has no entry. The queries do not grow with the cases.

        :param cases: `Case`s
        """
        if not self or not cases:
            return {}
        facts = self._get_facts(cases)
        found = {}
        for case in cases:
            known = facts[case.line]
            rule = next((rule for rule in self if rule._fits(case, known)), None)
            if rule:
                found[case.key] = rule
        return found

    def _get_facts(self, cases):
        """Return {sold line: its `Facts`}, of which only what these rules ask for is read."""
        lines = self.env["sale.order.line"].union(*(case.line for case in cases))
        prices, requested = {}, {}
        if any(rule.price_min or rule.price_max for rule in self):
            prices = self.env["sale.rma.refund"]._get_prices_paid(lines)
        if any(rule.returns_min for rule in self):
            requested = self._get_requests(lines.order_id.partner_id)
        facts = {}
        for line in lines:
            company, order = line.company_id, line.order_id
            price = prices.get(line, 0.0)
            if price and line.currency_id != company.currency_id:
                price = line.currency_id._convert(
                    price, company.currency_id, company, order.date_order or fields.Date.today()
                )
            buyer = order.partner_id.commercial_partner_id
            facts[line] = Facts(price, requested.get((buyer, company), []))
        return facts

    @api.model
    def _get_requests(self, partners):
        """Return {(buyer, company): when he asked for commercial returns, in UTC}."""
        groups = self.env["sale.rma"]._read_group(
            [
                ("partner_id", "child_of", partners.commercial_partner_id.ids),
                ("date_requested", "!=", False),
                ("rma_type", "=", "return"),
            ],
            ["partner_id", "company_id"],
            ["date_requested:array_agg"],
        )
        requested = defaultdict(list)
        for partner, company, moments in groups:
            requested[partner.commercial_partner_id, company] += map(
                fields.Datetime.to_datetime, moments
            )
        return requested

    def _fits(self, case, facts):
        """Whether all conditions of the rule hold. What is empty asks nothing."""
        self.ensure_one()
        return (
            self.rma_types in ("all", case.rma_type)
            and (not self.reason_ids or case.reason in self.reason_ids)
            and self._fits_product(case.line.product_id)
            and self._fits_customer(case.line.order_id)
            and self._fits_price(case.line, facts.price)
            and self._fits_history(facts.requested, case.at)
        )

    def _fits_product(self, product):
        if self.product_ids and product not in self.product_ids:
            return False
        if self.categ_ids:
            path = f"/{product.categ_id.parent_path or ''}"
            if not any(f"/{categ_id}/" in path for categ_id in self.categ_ids.ids):
                return False
        tags = self.product_tag_ids
        return not tags or bool(
            tags & (product.product_tag_ids | product.additional_product_tag_ids)
        )

    def _fits_customer(self, order):
        partner = order.partner_id
        if self.partner_tag_ids:
            tags = partner.category_id | partner.commercial_partner_id.category_id
            if not tags & self.partner_tag_ids:
                return False
        if not self.country_ids and not self.country_group_ids:
            return True
        country = order.partner_shipping_id.country_id or partner.country_id
        return (not self.country_ids or country in self.country_ids) and (
            not self.country_group_ids or country in self.country_group_ids.country_ids
        )

    def _fits_price(self, line, price):
        compare = self.currency_id.compare_amounts
        return (
            (not self.price_min or compare(price, self.price_min) >= 0)
            and (not self.price_max or compare(price, self.price_max) <= 0)
            and line.discount >= self.discount_min
        )

    def _fits_history(self, requested, at):
        """:param list requested: when the customer asked for returns; those before `at` count"""
        if not self.returns_min:
            return True
        since = at - timedelta(days=self.returns_months * DAYS_OF_MONTH)
        return sum(since <= moment < at for moment in requested) >= self.returns_min
