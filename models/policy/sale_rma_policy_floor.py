from dataclasses import replace

from odoo import api, models
from odoo.tools import format_date


class SaleRmaPolicy(models.Model):
    """The law is the floor under every rule (R11): what is decided is the better of the two for the
    customer, point by point."""

    _inherit = "sale.rma.policy"

    @api.model
    def _get_floor(self, rma_type):
        """Return the method that lifts a decision to what the law gives, None without a floor."""
        return {
            "withdrawal": self._lift_withdrawal,
            "claim": self._lift_claim,
            "recall": self._lift_recall,
        }.get(rma_type)

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
    def _lift(self, decision, until, day, resolutions, sentence):
        """Lift a decision to what the law gives: free of charge, at the shop's cost, and allowed
        until its last day; a rule may give more days, and nothing less.

        :param until: last day the law gives, None: it has no end
        :param day: the day it is decided for
        """
        is_open = until is None or day <= until
        gives_more = decision.allowed and (decision.until is None or day <= decision.until)
        if not decision.allowed and decision.code == "policy":
            last = until
        elif until is None or decision.until is None:
            last = None
        else:
            last = max(until, decision.until)
        return replace(
            decision,
            allowed=is_open or gives_more,
            code="" if is_open or gives_more else "late",
            until=last,
            resolutions=tuple(dict.fromkeys((*resolutions, *decision.resolutions))),
            fee=0.0,
            fee_percent=0.0,
            fee_amount=0.0,
            photo_required=False,
            note_required=False,
            explanation=sentence,
            sentences=(*decision.sentences, sentence),
        )

    @api.model
    def _lift_withdrawal(self, decision, until, day):
        """CRD art. 9-16 (docs/law.md L14, L17, L23): no reason, no fee, nothing asked for."""
        sentence = (
            self.env._(
                "By law it can be withdrawn from until %(date)s, without a reason and without a "
                "fee.",
                date=format_date(self.env, until),
            )
            if until
            else self.env._("By law it can be withdrawn from, without a reason and without a fee.")
        )
        return replace(
            self._lift(decision, until, day, ("refund",), sentence), refund_shipping=True
        )

    @api.model
    def _lift_claim(self, decision, until, day):
        """CSD (docs/law.md L29): for the guarantee period, free of charge, at the shop's cost."""
        sentence = (
            self.env._(
                "The guarantee runs until %(date)s: repair, replacement or money are free of "
                "charge.",
                date=format_date(self.env, until),
            )
            if until
            else self.env._("The guarantee is free of charge.")
        )
        lifted = self._lift(decision, until, day, ("repair", "exchange", "refund"), sentence)
        return replace(lifted, cost_bearer="shop", refund_shipping=True)

    @api.model
    def _lift_recall(self, decision, until, day):
        """GPSR art. 37: always, all of it, at the shop's cost."""
        sentence = self.env._("A recalled product can always be sent back, free of charge.")
        lifted = self._lift(decision, None, day, ("repair", "exchange", "refund"), sentence)
        return replace(lifted, cost_bearer="shop", refund_shipping=True)
