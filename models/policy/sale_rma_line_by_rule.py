from odoo import fields, models

from .sale_rma_refund_by_rule import KINDS, WISHES


class SaleRmaLine(models.Model):
    """Items whose money goes by itself, and those that customers keep by a rule."""

    _inherit = "sale.rma.line"

    is_kept_by_rule = fields.Boolean(
        string="Kept by Rule",
        readonly=True,
        copy=False,
        help="A rule lets the customer keep it: its way back costs more than it is worth.",
    )

    # === KEEPING === #

    def _may_be_kept_by_rule(self):
        """Whether the rule that applied has a limit below which the item is kept."""
        self.ensure_one()
        decision = self.decision or {}
        return bool(
            self.policy_id
            and decision.get("keep_below")
            and decision.get("allowed")
            and self.rma_id.rma_type in KINDS
            and self.resolution in WISHES
            and self.product_id.type != "service"
            and not self.qty_received
        )

    def _is_cheaper_than_rule(self, prices):
        """Whether all that is asked for of the item cost less than the rule's limit.

        :param dict prices: {sold line: of one unit}, tax included, in the order's currency
        """
        self.ensure_one()
        company, order = self.company_id, self.sale_line_id.order_id
        currency = company.currency_id
        amount = order.currency_id._convert(
            prices[self.sale_line_id] * self.quantity, currency, company, order.date_order
        )
        return currency.compare_amounts(amount, self.decision["keep_below"]) < 0

    def _get_qty_to_come_back(self):
        """Override: nothing of what is kept."""
        return 0.0 if self.is_kept_by_rule else super()._get_qty_to_come_back()

    def _prepare_process_lines(self):
        """Extend: what is kept by rule is ticked so on the processing screen."""
        return [
            {**vals, "keep": True} if line.is_kept_by_rule else vals
            for line, vals in zip(self, super()._prepare_process_lines(), strict=True)
        ]

    # === MONEY === #

    def _is_refunded_by_rule(self):
        """Whether the rule that applied has the item's money go by itself, now."""
        self.ensure_one()
        decision = self.decision or {}
        if not decision.get("allowed") or self.resolution not in WISHES:
            return False
        if self.is_kept_by_rule:
            return True
        moment = decision.get("refund_on")
        if moment == "proof" and self.rma_id.date_proof:
            return True
        if moment not in ("proof", "arrival", "graded"):
            return False
        is_here = self.product_uom_id.compare(self.qty_received, self._get_qty_to_come_back()) >= 0
        return is_here and (moment != "graded" or self.rma_id._is_graded())

    def _prepare_rule_plan_line(self):
        """Return the item's part of the plan: what the customer asked for is refunded, and is
        awaited all the same where it is on its way."""
        self.ensure_one()
        to_come = self._get_qty_to_come_back()
        is_ahead = self.product_uom_id.compare(self.qty_received, to_come) < 0
        return {
            "rma_line": self.id,
            "received": self.qty_received,
            "restock": 0.0,
            "keep": self.is_kept_by_rule or is_ahead,
            "ahead": is_ahead,
            "exchange": False,
        }
