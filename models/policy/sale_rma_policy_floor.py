from dataclasses import replace

from odoo import api, models
from odoo.tools import format_date


class SaleRmaPolicy(models.Model):
    """The law is the floor under every rule (R11): what is decided is the better of the two for the
    customer, point by point."""

    _inherit = "sale.rma.policy"

    @api.model
    def _get_law(self, sale_lines, rma_type):
        """Return {sold line that the law gives something for: the last day it does, None where it
        does not end}."""
        if rma_type == "withdrawal":
            lines = sale_lines.filtered("order_id.rma_is_distance_contract")
            periods = self.env["sale.rma.period"]._get_periods(lines.order_id)
            return {line: periods[line.order_id].end for line in lines}
        if rma_type == "claim":
            return {line: line.rma_guarantee_end or None for line in sale_lines}
        return dict.fromkeys(sale_lines if rma_type == "recall" else ())

    @api.model
    def _lift_to_law(self, case, decision, settings, until, describe):
        """Lift a decision to what the law gives: free of charge and allowed until its last day; a
        rule may give more days, and nothing less.

        :param settings: what is decided without any rule
        :param until: last day the law gives, None: it has no end
        """
        day = case.line._to_return_day(case.at)
        is_allowed = decision.allowed or until is None or day <= until
        last = until
        if decision.code != "policy" and until is not None:
            last = decision.until and max(until, decision.until)
        lifted = replace(
            decision,
            allowed=is_allowed,
            code="" if is_allowed else "late",
            until=last,
            resolutions=tuple(
                dict.fromkeys((*self._get_remedies(case.rma_type), *decision.resolutions))
            ),
            fee=0.0,
            fee_percent=0.0,
            fee_amount=0.0,
            photo_required=False,
            note_required=False,
            refund_shipping=True,
            cost_bearer=self._get_bearer(case.rma_type, decision, settings),
        )
        if not describe:
            return lifted
        sentence = self._describe_law(case.rma_type, until)
        return replace(lifted, explanation=sentence, sentences=(*decision.sentences, sentence))

    @api.model
    def _get_remedies(self, rma_type):
        """Return what the law lets customers wish for (docs/law.md L17, L30)."""
        return ("refund",) if rma_type == "withdrawal" else ("repair", "exchange", "refund")

    @api.model
    def _get_bearer(self, rma_type, decision, settings):
        """Return who pays the way back: of claims and recalls the shop; of withdrawals whom the
        terms named, which a rule cannot take back (docs/law.md L25, L29)."""
        is_customer = (decision.cost_bearer, settings.cost_bearer) == ("customer", "customer")
        return "customer" if rma_type == "withdrawal" and is_customer else "shop"

    @api.model
    def _describe_law(self, rma_type, until):
        """Return in words what the law gives."""
        day = until and format_date(self.env, until)
        if rma_type == "recall":
            return self.env._("A recalled product can always be sent back, free of charge.")
        if rma_type == "claim":
            return (
                self.env._(
                    "The guarantee runs until %(date)s: repair, replacement or money are free of "
                    "charge.",
                    date=day,
                )
                if day
                else self.env._("The guarantee is free of charge.")
            )
        return (
            self.env._(
                "By law it can be withdrawn from until %(date)s, without a reason and without a "
                "fee.",
                date=day,
            )
            if day
            else self.env._("By law it can be withdrawn from, without a reason and without a fee.")
        )
