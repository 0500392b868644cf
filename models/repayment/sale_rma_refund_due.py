from odoo import api, models
from odoo.fields import Domain

from .sale_rma_repayment import OPEN_STATES


class SaleRma(models.Model):
    """The clock of the law stops when the money is there, not when a credit note is (docs/law.md
    L17, L22)."""

    _inherit = "sale.rma"

    @api.depends("repayment_ids.state")
    def _compute_is_late(self):
        """Override: late is what is not repaid."""
        super()._compute_is_late()

    @api.depends("repayment_ids.state")
    def _compute_is_refund_late(self):
        """Override: late is what is not repaid."""
        super()._compute_is_refund_late()

    @api.model
    def _get_unpaid_domain(self):
        """Override: the money is back once every repayment is done or set off. Where none is
        kept, the credit note tells it."""
        told_by_rows = Domain("rma_repayment_ids", "!=", False) & Domain("state", "=", "posted")
        unpaid = Domain("state", "=", "draft") | (
            Domain("state", "=", "posted") & Domain("payment_state", "in", ("not_paid", "partial"))
        )
        # `any!`: whoever sees the return may know that its money is owed
        by_moves = Domain("refund_ids", "any!", unpaid & ~told_by_rows)
        by_rows = Domain("repayment_ids", "any!", Domain("state", "in", OPEN_STATES))
        return Domain("state", "=", "done") & (by_moves | by_rows)

    def _get_amount_owed(self):
        """Override: less what the customer has and accounting does not know of yet."""
        owed = super()._get_amount_owed()
        for row in self.repayment_ids:
            owed -= row.refund_id._convert_to_order(row._get_amount_unbooked())
        return max(owed, 0.0)
