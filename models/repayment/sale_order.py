from odoo import models


class SaleOrder(models.Model):
    """Exchange orders take the credit of their return, and give it free when they are cancelled."""

    _inherit = "sale.order"

    def write(self, vals):
        """Override of `sale`: what an exchange order takes of the credit is not paid back."""
        result = super().write(vals)
        if "state" in vals:
            # sudo: the credit notes of the returns, planned by what the books say
            self.sudo().source_rma_id.refund_ids._plan_repayments()
        return result
