from odoo import models

from ...tools.quantity_field import format_quantity


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _is_bought(self):
        """Whether its cards hold money that was paid for them: gift cards and eWallets."""
        self.ensure_one()
        return self.program_type in ("gift_card", "ewallet")

    def _get_spent_text(self, points):
        """Tell staff that not all could be taken back."""
        self.ensure_one()
        return self.env._(
            "%(points)s more of %(program)s would be due back, but were spent",
            points=format_quantity(self.env, points),
            program=self.name,
        )
