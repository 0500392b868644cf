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

    def _get_repayment_sources(self, invoices):
        """Return the payments that the order was paid with, newest first.

        :param invoices: of the order, which may have been paid on their own
        """
        self.ensure_one()
        transactions = self.transaction_ids | invoices.transaction_ids
        transactions |= transactions.child_transaction_ids  # captured in parts
        return transactions.filtered(
            lambda tx: (
                tx.state == "done"
                and tx.amount > 0
                and tx.operation not in ("refund", "validation")
                and not any(
                    child.state == "done" and child.operation != "refund"
                    for child in tx.child_transaction_ids
                )
            )
        ).sorted("id", reverse=True)
