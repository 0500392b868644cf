from collections import defaultdict

from odoo import models


class AccountMove(models.Model):
    """What a gift card or eWallet paid goes back to the card (docs/law.md L19)."""

    _inherit = "account.move"

    def button_draft(self):
        """Override of `account`: points given back with a credit note follow it."""
        result = super().button_draft()
        self._sync_payment_cards()
        return result

    def _sync_payment_cards(self):
        """Have each card that paid for a returned order hold what posted credit notes of returns
        gave back of its payment, and write the difference to its history.

        The points are the card's own cost of the payment, in proportion to what is credited: the
        program's currency and the rate of that day are in them.
        """
        # the credit notes' rights were checked; cards are the loyalty program's
        payments = (
            self.sudo()
            .filtered("rma_id")
            .invoice_line_ids.sale_line_ids.filtered(
                lambda sold: sold.coupon_id and sold._is_card_payment()
            )
        )
        for card, sold_lines in payments.grouped("coupon_id").items():
            credited = defaultdict(float)
            for sold in sold_lines:
                for move, points in sold._get_card_points_credited().items():
                    credited[move] += points
            for move, points in credited.items():
                card._set_points_given_back(move, points)
