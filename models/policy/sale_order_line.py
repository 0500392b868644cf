from odoo import models

from ..sale_order_line_return_window import ReturnTerms


class SaleOrderLine(models.Model):
    """What customers are offered follows the shop's rules."""

    _inherit = "sale.order.line"

    def _get_return_terms(self, travels, rma_type="return"):
        """Override: by the first rule that fits, with the law as its floor."""
        rules = self.env["sale.rma.policy"]
        lines = self.filtered(lambda line: line.product_id and rules._get_active(line.company_id))
        decisions = rules._evaluate(lines, rma_type) if lines else {}
        ruled = {
            line: ReturnTerms(
                decision.until, decision.explanation if decision.code == "policy" else ""
            )
            for line, decision in decisions.items()
            if decision.policy
        }
        return {**super()._get_return_terms(travels, rma_type), **ruled}
