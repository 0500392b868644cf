from odoo import models


class PaymentTransaction(models.Model):
    """What a payment of an order can still give back."""

    _inherit = "payment.transaction"

    def _get_refund_support(self):
        """Return `none`, `full_only` or `partial`: what provider and method can give back."""
        self.ensure_one()
        method = self.payment_method_id.primary_payment_method_id or self.payment_method_id
        supports = {self.provider_id.support_refund, method.support_refund}
        if self.provider_id.state == "disabled" or supports & {"none", False}:
            return "none"
        return "full_only" if "full_only" in supports else "partial"

    def _get_amount_refundable(self, currency, wanted, except_rows=None):
        """Return how much of what is wanted the payment can give back, in its own currency: what
        was captured less everything that was sent or is planned to go back, whatever became of it,
        but for what surely failed (P3).

        :param currency: of the amount
        :param float wanted: the most that is asked for
        :param except_rows: repayments that do not count
        """
        self.ensure_one()
        support = self._get_refund_support()
        if currency != self.currency_id or support == "none":
            return 0.0
        left = self._get_amount_left(except_rows)
        amount = currency.round(max(min(left, wanted), 0.0))
        if support == "full_only" and currency.compare_amounts(amount, self.amount):
            return 0.0
        return amount

    def _get_amount_left(self, except_rows=None, states=("planned",)):
        """Return what was captured and was neither sent back nor is planned to be.

        :param except_rows: repayments that do not count
        :param states: of repayments which count beside those that are on their way or there
        """
        self.ensure_one()
        rows = self.env["sale.rma.repayment"].search(
            [
                ("source_transaction_id", "=", self.id),
                ("state", "in", ("sent", "unknown", "pending", "done", *states)),
            ]
        )
        of_rows = rows.transaction_id | (except_rows.transaction_id if except_rows else self)
        others = self.child_transaction_ids.filtered(
            lambda child: (
                child.operation == "refund"
                and child.state not in ("cancel", "error")
                and child not in of_rows
            )
        )
        if except_rows:
            rows -= except_rows
        return self.amount - sum(rows.mapped("amount")) + sum(others.mapped("amount"))

    def _get_repayment_label(self):
        """Name a payment to people: its method, and the last digits of a card we know."""
        self.ensure_one()
        name = self.payment_method_id.name or self.provider_id.name
        token = self.token_id.payment_details
        return f"{name} {token}" if token else name
