from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import format_date

from .decision import Case, Decision


class SaleRmaPolicy(models.Model):
    """What is decided for sold lines: by the first rule that fits, else by the settings, and never
    below the law."""

    _inherit = "sale.rma.policy"

    @api.model
    def _evaluate(self, sale_lines, rma_type, reason=None, at=None):
        """Decide on which terms sold lines may come back: by these rules, in their order, or by
        the active ones if there are none in `self`. The queries do not grow with the lines.

        :param sale_lines: `sale.order.line`s
        :param str rma_type: `return`, `claim`, `withdrawal` or `recall`
        :param reason: `sale.rma.reason` of all of them, or {sold line: reason}, or None where it
            is not known yet: rules for reasons then do not fit
        :param datetime at: the moment that is decided for, in UTC; default now
        :return: {sold line: `Decision`}; amounts tax included, in the order's currency
        """
        at = at or fields.Datetime.now()
        unknown = self.env["sale.rma.reason"]
        reasons = reason if isinstance(reason, dict) else dict.fromkeys(sale_lines, reason)
        # sudo: decided for customers too, who may read neither rules nor deliveries; what they are
        # told of it names no rule
        return self._decide_cases(
            [
                Case(line, own, rma_type, reasons.get(line) or unknown, at)
                for line, own in zip(sale_lines, sale_lines.sudo(), strict=True)
            ]
        )

    @api.model
    def _decide_cases(self, cases, rules=None, describe=True):
        """Decide many cases at once.

        :param cases: `Case`s
        :param dict rules: {company: rules in their order}; default those of `self`, else the
            active ones
        :param bool describe: whether the decisions are told in words, too
        :return: {key of the case: `Decision`}
        """
        # sudo: what the rules look at of the sold lines; the decision gets out
        sold = self.env["sale.order.line"].sudo().union(*(case.line for case in cases))
        rules = self._get_rules(sold.company_id) if rules is None else rules
        found = {}
        for company, own in self._group_by_company(cases).items():
            found.update(rules[company]._find(own))
        travels = sold._get_travels()
        ruled = [case for case in cases if case.key in found]
        priced = sold.browse().union(*(case.line for case in ruled if found[case.key].fee_percent))
        prices = self.env["sale.rma.refund"]._get_prices_paid(priced) if priced else {}
        laws = {kind: self._get_law(sold, kind) for kind in {case.rma_type for case in cases}}
        decisions = {}
        for case in cases:
            decision = settings = self._decide_by_settings(
                case, travels[case.line], describe and case.key not in found
            )
            if rule := found.get(case.key):
                delivered = travels[case.line].delivered.filtered(
                    lambda move, at=case.at: move.date and move.date <= at
                )
                arrived = case.line._get_arrival_day(delivered)
                decision = rule._decide(case, arrived, prices.get(case.line, 0.0), describe)
            if case.line in laws[case.rma_type]:
                decision = self._lift_to_law(
                    case, decision, settings, laws[case.rma_type][case.line], describe
                )
            decisions[case.key] = decision
        return decisions

    @api.model
    def _get_rules(self, companies):
        """Return {company: its rules in their order}: of `self`, else the active ones."""
        # sudo: as in `_get_active`: asked for customers, who never see the rule
        return {
            company: self.sudo().filtered(lambda rule, company=company: rule.company_id == company)
            if self
            else self._get_active(company)
            for company in companies
        }

    @api.model
    def _group_by_company(self, cases):
        groups = {}
        for case in cases:
            groups.setdefault(case.line.company_id, []).append(case)
        return groups

    def _decide(self, case, arrived, price, describe):
        """Decide by this rule.

        :param case: the `Case`
        :param arrived: the day the last of it arrived, None where nobody knows it
        :param float price: of one unit, tax included, in the order's currency
        """
        self.ensure_one()
        line = case.line
        until = None
        if self.window_days and arrived:
            until = fields.Date.add(arrived, days=self.window_days)
        is_late = bool(until and line._to_return_day(case.at) > until)
        code = "policy" if not self.returnable else "late" if is_late else ""
        fee_amount = self.fee_amount
        if fee_amount and self.currency_id != line.currency_id:
            fee_amount = self.currency_id._convert(
                fee_amount, line.currency_id, self.company_id, line.order_id.date_order or case.at
            )
        decision = Decision(
            allowed=not code,
            code=code,
            until=until if self.returnable else None,
            resolutions=self._get_resolutions(),
            fee_percent=self.fee_percent,
            fee_amount=fee_amount,
            fee_per=self.fee_per,
            cost_bearer=self.cost_bearer,
            refund_shipping=self.refund_shipping,
            bonus_percent=self.bonus_percent,
            acceptance=self.acceptance,
            photo_required=self.photo_required,
            note_required=self.note_required,
            keep_below=self.keep_below,
            refund_on=self.refund_on,
            policy=self,
        )
        fee = decision.get_fee(price, line.product_uom_qty)
        decision = replace(decision, fee=line.currency_id.round(fee))
        return self._tell(line, decision) if describe else decision

    def _tell(self, line, decision):
        """Add to a decision of this rule what it says in words."""
        told = self.with_context(lang=self.env.lang)._describe_outcome()
        if decision.code == "late":
            told = self._describe_until(line, decision)
        return replace(decision, explanation=told, sentences=(f"{self.name}: {told}",))

    @api.model
    def _describe_until(self, line, decision):
        if not decision.until:
            return self.env._("Can be sent back without a limit of time.")
        if not decision.allowed:
            return line._get_late_message(decision.until)
        day = format_date(self.env, decision.until)
        return self.env._("Can be sent back until %(date)s.", date=day)

    def _get_resolutions(self):
        """Return what customers may wish for by this rule."""
        self.ensure_one()
        return tuple(
            name
            for name, is_allowed in (
                ("refund", self.allow_refund),
                ("exchange", self.allow_exchange),
                ("credit", self.allow_credit),
            )
            if is_allowed
        )

    @api.model
    def _decide_by_settings(self, case, travels, describe):
        """Decide by the company's settings, where no rule fits: commercial returns in their time,
        else what the law gives, and nothing besides.

        :param travels: the line's `Travels`
        """
        line = case.line
        company, name = line.company_id, f"rma_return_cost_bearer_{case.rma_type}"
        decision = Decision(
            allowed=False,
            code="policy",
            cost_bearer=company[name] if name in company._fields else "shop",
            policy=self.browse(),
        )
        if case.rma_type == "return":
            until = line._get_return_window_end(travels, case.rma_type)
            is_late = bool(until and line._to_return_day(case.at) > until)
            decision = replace(
                decision, allowed=not is_late, code="late" if is_late else "", until=until
            )
        if not describe:
            return decision
        told = self.env._("Not covered by law.")
        if case.rma_type == "return":
            told = self._describe_until(line, decision)
        sentence = self.env._("Settings: %(told)s", told=told)
        return replace(decision, explanation=told, sentences=(sentence,))
