from odoo import models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _set_points_given_back(self, move, points):
        """Have the card hold what a credit note gives back, and tell it in the card's history.

        :param move: the credit note
        :param float points: what it gives back in all, in the card's points
        """
        self.ensure_one()
        past = self.env["loyalty.history"].search(
            [
                ("card_id", "=", self.id),
                ("order_model", "=", move._name),
                ("order_id", "=", move.id),
            ]
        )
        given = sum(past.mapped("issued")) - sum(past.mapped("used"))
        change = self.currency_id.round(points - given)
        if self.currency_id.is_zero(change):
            return
        self.points += change
        self.env["loyalty.history"].create(
            {
                "card_id": self.id,
                "order_model": move._name,
                "order_id": move.id,
                "description": self.env._("Customer return %(rma)s", rma=move.rma_id.name),
                "issued": max(change, 0.0),
                "used": max(-change, 0.0),
            }
        )
