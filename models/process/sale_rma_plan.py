from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.quantity_field import is_countable
from .proposal import ProcessProposal

# what follows from the others (R10)
FOLLOWING = {"keep", "refund", "restock", "exchange_qty"}


class SaleRmaPlan(models.AbstractModel):
    """Plans of what is done with returns. What they leave out is proposed (R10), as the screen
    proposes it. Where a plan comes from does not matter: screen, bulk operation, program."""

    _name = "sale.rma.plan"
    _description = "What Is Done with Returns"

    # === PROPOSAL === #

    @api.model
    def _complete(self, lines):
        """Propose what the plans of some items leave out (R10)."""
        rma_lines = self.env["sale.rma.line"]
        open_lines = rma_lines.union(*(o.rma_line for o in lines if "received" not in o.given))
        received = open_lines._get_qty_proposed_received()
        for line in lines:
            if "received" not in line.given:
                line.received = received[line.rma_line]
            if "exchange" not in line.given:
                line.exchange = self._is_exchanged(line)
            if line.exchange and "exchange_product" not in line.given:
                line.exchange_product = line.rma_line._get_exchange_proposal()
        incomplete = [line for line in lines if not line.given >= FOLLOWING]
        if not incomplete:
            return
        proposal = ProcessProposal(rma_lines.union(*(line.rma_line for line in incomplete)))
        # {sold line: units that the items before refund, that all items bring now}
        refunds, arriving = defaultdict(float), defaultdict(float)
        for line in lines:
            arriving[line.rma_line.sale_line_id] += line.arriving
        for line in lines:
            sold = line.rma_line.sale_line_id
            if not line.given >= FOLLOWING:
                names = (*FOLLOWING, "received", "exchange")
                following, _proposed = proposal.follow(
                    line.rma_line,
                    {name: getattr(line, name) for name in names},
                    line.given,
                    others=refunds[sold],
                    others_arriving=arriving[sold] - line.arriving,
                )
                for name, value in following.items():
                    setattr(line, name, value)
            refunds[sold] += line.refund if is_countable(line.refund) else 0.0

    @api.model
    def _is_exchanged(self, line):
        """Whether an item is exchanged: as it is said, else as the customer wishes."""
        for name in ("exchange_qty", "exchange_product"):
            if name in line.given:
                return bool(getattr(line, name))
        return line.rma_line.resolution == "exchange"

    # === WHAT IT GIVES === #

    @api.model
    def _prepare_credits(self, plan):
        """Return the `Credit`s of what is planned: what is shown before, and posted (R3).

        :raise UserError: more than is invoiced and not credited, or was paid (R2, R2b)
        """
        rma = plan.rma
        if rma.currency_id.compare_amounts(plan.fee, 0.0) < 0:
            raise UserError(
                self.env._(
                    "The refund fee cannot be below zero: to give more, use a positive adjustment."
                )
            )
        if plan.refund_shipping:
            _amount, message = rma._get_refundable_shipping()
            if message:
                raise UserError(message)
        engine = self.env["sale.rma.refund"]
        credits = engine._prepare_credits(
            rma,
            plan.refunds,
            refund_shipping=plan.refund_shipping,
            fee=plan.fee,
            adjustment=plan.adjustment,
            decided=plan.decided,
        )
        engine._check_totals(credits, rma.currency_id)
        engine._check_ceiling(rma, credits, plan.adjustment_reason)
        return credits

    @api.model
    def _get_figures(self, plan, credits):
        """Return what `Credit`s of a plan give, tax included, in the order's currency."""
        rma, engine = plan.rma, self.env["sale.rma.refund"]
        company = rma.company_id or self.env.company
        currency = rma.currency_id or company.currency_id
        totals = engine._get_tax_totals(credits, currency, company)
        parts = engine._get_credit_parts(credits, currency)
        return {
            "tax_totals": totals,
            "amount_total": totals["total_amount_currency"],
            "tax_amount": totals["tax_amount_currency"],
            "amount_goods": parts.goods,
            "amount_given_before": -parts.given_before,
            "parts_message": parts.describe(self.env, currency),
        }
