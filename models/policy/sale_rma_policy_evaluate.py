from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import format_date

from .decision import Decision


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
        # sudo: decided for customers too, who may read neither rules nor deliveries; what they are
        # told of it names no rule
        sold = sale_lines.sudo()
        reasons = self._get_reasons(sold, reason)
        found = self._find_rules(sold, rma_type, reasons, at)
        travels = sold._get_travels()
        prices = self._get_prices_for_fees(sold, found)
        law = self._get_law(sold, rma_type)
        lift = self._get_floor(rma_type)
        decisions = {}
        for line, own in zip(sale_lines, sold, strict=True):
            day = own._to_return_day(at)
            rule = found.get(own)
            decision = settings = self._decide_by_settings(own, travels[own], day, rma_type)
            if rule:
                decision = rule._decide(own, travels[own], day, prices.get(own, 0.0))
            if own in law:
                decision = lift(
                    replace(decision, **self._get_told(decision, settings)), law[own], day
                )
            decisions[line] = decision
        return decisions

    @api.model
    def _get_told(self, decision, settings):
        """Return what a rule cannot take back where the law binds the shop to what it told."""
        bearers = (decision.cost_bearer, settings.cost_bearer)
        return {"cost_bearer": "shop" if "shop" in bearers else "customer"}

    @api.model
    def _get_reasons(self, sold, reason):
        unknown = self.env["sale.rma.reason"]
        if isinstance(reason, dict):
            return {line: reason.get(line) or unknown for line in sold}
        return dict.fromkeys(sold, reason or unknown)

    @api.model
    def _find_rules(self, sold, rma_type, reasons, at):
        """Return {sold line: the rule that fits}."""
        found = {}
        for company, lines in sold.grouped("company_id").items():
            rules = self.sudo().filtered(lambda rule, company=company: rule.company_id == company)
            rules = rules if self else self._get_active(company)
            found.update(rules._find(lines, rma_type, reasons, at))
        return found

    @api.model
    def _get_prices_for_fees(self, sold, found):
        """Return {sold line: what one unit cost}, of those whose rule keeps a part of it."""
        lines = sold.filtered(lambda line: line in found and found[line].fee_percent)
        return self.env["sale.rma.refund"]._get_prices_paid(lines) if lines else {}

    def _decide(self, line, travels, day, price):
        """Decide by this rule.

        :param travels: the line's `Travels`
        :param day: the day that is decided for
        :param float price: of one unit, tax included, in the order's currency
        """
        self.ensure_one()
        until = line._get_policy_window_end(travels, self.window_days)
        is_late = bool(until and day > until)
        rule = self.with_context(lang=self.env.lang)
        if is_late and self.returnable:
            told = self.env._(
                "Could be sent back until %(date)s.", date=format_date(self.env, until)
            )
        else:
            told = rule._describe_outcome()
        fee_amount = self.currency_id._convert(
            self.fee_amount, line.currency_id, self.company_id, line.order_id.date_order or day
        )
        percent = line.currency_id.round(price * line.product_uom_qty * self.fee_percent / 100)
        return Decision(
            allowed=self.returnable and not is_late,
            code="" if self.returnable and not is_late else "late" if self.returnable else "policy",
            until=until if self.returnable else None,
            resolutions=self._get_resolutions(),
            fee=percent + fee_amount,
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
            explanation=told,
            sentences=(f"{self.name}: {told}",),
            policy=self,
        )

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
    def _decide_by_settings(self, line, travels, day, rma_type):
        """Decide by the company's settings, where no rule fits."""
        bearer = f"rma_return_cost_bearer_{rma_type}"
        company = line.company_id
        cost_bearer = company[bearer] if bearer in company._fields else "shop"
        if rma_type != "return":
            # what the law gives, and nothing besides
            told = self.env._("Not covered by law.")
            return Decision(
                False, "policy", cost_bearer=cost_bearer, explanation=told, policy=self.browse()
            )
        until = line._get_return_window_end(travels, rma_type)
        is_late = bool(until and day > until)
        if not until:
            told = self.env._("Can be sent back without a limit of time.")
        elif is_late:
            told = self.env._(
                "Could be sent back until %(date)s.", date=format_date(self.env, until)
            )
        else:
            told = self.env._("Can be sent back until %(date)s.", date=format_date(self.env, until))
        return Decision(
            allowed=not is_late,
            code="late" if is_late else "",
            until=until,
            cost_bearer=cost_bearer,
            explanation=told,
            sentences=(self.env._("Settings: %(told)s", told=told),),
            policy=self.browse(),
        )
