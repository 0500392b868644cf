from collections import defaultdict

from odoo import api, fields, models


class SaleRmaPolicy(models.Model):
    """Which rule fits a sold line."""

    _inherit = "sale.rma.policy"

    def _find(self, sale_lines, rma_type, reasons, at):
        """Return {sold line: the first of these rules that fits it}; a line that none fits has no
        entry. The queries do not grow with the lines.

        :param sale_lines: `sale.order.line`s in superuser mode
        :param str rma_type: kind of return
        :param dict reasons: {sold line: `sale.rma.reason`, empty where none is known}
        :param datetime at: as of when earlier returns are counted, in UTC
        """
        rules = self.filtered(lambda rule: rule.rma_types in ("all", rma_type))
        if not rules:
            return {}
        facts = self._get_facts(rules, sale_lines, at)
        found = {}
        for line in sale_lines:
            rule = next(
                (rule for rule in rules if rule._fits(line, reasons[line], facts[line])), None
            )
            if rule:
                found[line] = rule
        return found

    @api.model
    def _get_facts(self, rules, sale_lines, at):
        """Return {sold line: what rules ask of it that costs queries}, of which only what these
        rules ask for is read: `price` (paid for one unit, tax included, in the company's
        currency) and `dates` (when the customer asked for returns before)."""
        prices, dates = {}, {}
        if any(rule.price_min or rule.price_max for rule in rules):
            prices = self.env["sale.rma.refund"]._get_prices_paid(sale_lines)
        if any(rule.returns_min for rule in rules):
            dates = self._get_return_dates(sale_lines.order_id.partner_id, at)
        facts = {}
        for line in sale_lines:
            price = prices.get(line, 0.0)
            company, order = line.company_id, line.order_id
            if price and line.currency_id != company.currency_id:
                price = line.currency_id._convert(
                    price, company.currency_id, company, order.date_order or at
                )
            buyer = order.partner_id.commercial_partner_id
            facts[line] = {"price": price, "dates": dates.get((buyer, company), [])}
        return facts

    @api.model
    def _get_return_dates(self, partners, at):
        """Return {(buyer, company): when returns were asked for before a moment}."""
        groups = self.env["sale.rma"]._read_group(
            [
                ("partner_id", "child_of", partners.commercial_partner_id.ids),
                ("date_requested", "<", at),
                ("rma_type", "=", "return"),
            ],
            ["partner_id", "company_id"],
            ["date_requested:array_agg"],
        )
        dates = defaultdict(list)
        for partner, company, moments in groups:
            dates[partner.commercial_partner_id, company] += moments
        return {
            key: [(at - fields.Datetime.to_datetime(moment)).days for moment in moments]
            for key, moments in dates.items()
        }

    def _fits(self, line, reason, facts):
        """Whether all conditions of the rule hold for a sold line. What is empty asks nothing."""
        self.ensure_one()
        return (
            (not self.reason_ids or reason in self.reason_ids)
            and self._fits_product(line.product_id)
            and self._fits_customer(line.order_id)
            and self._fits_price(line, facts["price"])
            and self._fits_history(facts["dates"])
        )

    def _fits_product(self, product):
        path = f"/{product.categ_id.parent_path or ''}"
        tags = product.product_tag_ids | product.additional_product_tag_ids
        return (
            (not self.product_ids or product in self.product_ids)
            and (
                not self.categ_ids
                or any(f"/{categ_id}/" in path for categ_id in self.categ_ids.ids)
            )
            and (not self.product_tag_ids or bool(tags & self.product_tag_ids))
        )

    def _fits_customer(self, order):
        partner = order.partner_id
        tags = partner.category_id | partner.commercial_partner_id.category_id
        country = order.partner_shipping_id.country_id or partner.country_id
        return (
            (not self.partner_tag_ids or bool(tags & self.partner_tag_ids))
            and (not self.country_ids or country in self.country_ids)
            and (not self.country_group_ids or country in self.country_group_ids.country_ids)
        )

    def _fits_price(self, line, price):
        compare = self.currency_id.compare_amounts
        return (
            compare(price, self.price_min) >= 0
            and (not self.price_max or compare(price, self.price_max) <= 0)
            and line.discount >= self.discount_min
        )

    def _fits_history(self, ages):
        """:param list ages: days since each earlier return was asked for"""
        if not self.returns_min:
            return True
        most = self.returns_months * 30.44
        return sum(age <= most for age in ages) >= self.returns_min
