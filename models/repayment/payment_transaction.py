from odoo import models
from odoo.exceptions import ValidationError

from ...tools.context_marks import PreparedRefund
from .provider_answer import NoAnswer, is_refusal


class PaymentTransaction(models.Model):
    """What a payment of an order can still give back, and refunds that repay a return: asked for
    once, by a transaction that was there before, with a key by which the provider knows it again
    (P1, P2)."""

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

    # === SENDING === #

    def _get_repayments(self):
        """Return the repayments that these refunds pay."""
        # sudo: followed by the program, whoever the provider answers to
        rows = self.env["sale.rma.repayment"].sudo()
        refunds = self.filtered(lambda tx: tx.operation == "refund")
        return rows.search([("transaction_id", "in", refunds.ids)]) if refunds else rows

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override of `payment`: a repayment's refund is there already."""
        prepared = self.env.context.get("rma_prepared_refund")
        if is_refund and isinstance(prepared, PreparedRefund):
            return prepared.transaction.with_context(rma_prepared_refund=None)
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )

    def _send_refund_request(self):
        """Override of `payment`: no answer is no failure, the money may have left (P2).

        :raise NoAnswer: nobody knows what the provider did with a repayment
        """
        if not self._get_repayments():
            return super()._send_refund_request()
        try:
            return super()._send_refund_request()
        except ValidationError as error:
            if is_refusal(error):
                raise
            raise NoAnswer(str(error)) from error

    def _send_api_request(self, method, endpoint, **kwargs):
        """Override of `payment`: what repays a return is known to the provider by its key."""
        if rows := self._get_repayments():
            kwargs.setdefault("idempotency_key", rows.key)
        return super()._send_api_request(method, endpoint, **kwargs)

    # === WHAT THE PROVIDER SAYS === #

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of `payment`: repayments are as their refunds are, whoever tells first: the
        answer or the webhook."""
        changed = super()._update_state(allowed_states, target_state, state_message)
        changed._get_repayments()._follow_or_leave()
        return changed

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: the payment of a repayment is set against its credit
        note."""
        row = self._get_repayments()
        if not row:
            return super()._create_payment(**extra_create_values)
        # Odoo's accounting may leave payments without an entry until the bank's line is there;
        # what is owed is told from entries
        transaction = self.with_context(force_payment_move=True)
        payment = super(PaymentTransaction, transaction)._create_payment(
            **{**row._prepare_payment_target_vals(), **extra_create_values}
        )
        row._book(payment)
        return payment
