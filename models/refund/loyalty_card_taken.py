from odoo import fields, models


class LoyaltyCard(models.Model):
    """Cards that paid for an order, and points that it earned."""

    _inherit = "loyalty.card"

    def _get_unusable_reason(self):
        """Return in words why nobody can pay with the card any more; nothing where it is not so."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if not self.active or not self.program_id.active:
            return self.env._("is archived")
        if self.expiration_date and self.expiration_date < today:
            return self.env._("expired")
        if self.program_id.date_to and self.program_id.date_to < today:
            return self.env._("belongs to a program that ended")
        return ""

    def _get_label(self):
        """Name the card to staff, without the code by which it is spent."""
        self.ensure_one()
        return f"{self.program_id.name} ...{(self.code or '')[-4:]}"

    def _get_unusable_text(self, points):
        """Tell staff that what goes back to the card is not the customer's to spend, and what else
        can be done.

        :param float points: that it paid or gets back
        """
        return self.env._(
            "%(card)s paid %(points)s and %(reason)s: what goes back to it can not be spent. Give "
            "the card a new expiration date or restore it, issue another one, or pay the amount "
            "back by another way.",
            card=self._get_label(),
            points=self._format_points(points),
            reason=self._get_unusable_reason(),
        )

    def _get_left_text(self, issued):
        """Tell staff what is left on a card that was bought.

        :param float issued: what it was bought for
        """
        left = min(self.points, issued)
        return self.env._(
            "%(card)s: %(left)s of %(issued)s are left and are taken back with the refund; "
            "%(spent)s were spent. Lower the refund by an adjustment if they are not given back.",
            card=self._get_label(),
            left=self._format_points(left),
            issued=self._format_points(issued),
            spent=self._format_points(issued - left),
        )

    def _get_taken_text(self, points):
        return self.env._(
            "%(points)s taken back from %(card)s",
            points=self._format_points(points),
            card=self._get_label(),
        )

    def _get_points_taken(self, moves):
        """Return the points of these cards that credit notes of returns took back."""
        rows = self.env["loyalty.history"].search(
            [
                ("card_id", "in", self.ids),
                ("order_model", "=", "account.move"),
                ("order_id", "in", moves.ids),
            ]
        )
        return sum(rows.mapped("used")) - sum(rows.mapped("issued"))
