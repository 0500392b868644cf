from odoo import models


class LoyaltyCard(models.Model):
    """eWallets that store credit is given on."""

    _inherit = "loyalty.card"

    def _add_credit(self, entry, amount):
        """Add store credit, and tell it in the card's history.

        :param entry: the `account.move` that owes it
        :param float amount: in the program's currency
        """
        self.ensure_one()
        self.points += amount
        self._log_credit(entry, issued=amount)

    def _take_credit(self, entry, amount):
        """Take store credit back as far as it is there; return how much was spent.

        :param entry, amount: as in `_add_credit`
        """
        self.ensure_one()
        left = max(min(self.points, amount), 0.0)
        if left:
            self.points -= left
            self._log_credit(entry, used=left)
        return self.currency_id.round(amount - left)

    def _log_credit(self, entry, issued=0.0, used=0.0):
        self.env["loyalty.history"].create(
            {
                "card_id": self.id,
                "order_model": entry._name,
                "order_id": entry.id,
                "description": self.env._("Customer return %(rma)s", rma=entry.ref),
                "issued": issued,
                "used": used,
            }
        )
