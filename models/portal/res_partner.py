from collections import defaultdict

from odoo import models

from ...tools.context_marks import OURS


class ResPartner(models.Model):
    """Customers who are told of their returns."""

    _inherit = "res.partner"

    def signup_get_auth_param(self):
        """Override of `auth_signup`: the link to a return needs no signup.

        `portal` prepares the customer's signup for each mail about each document. Two returns of
        one customer could not be worked on at the same moment: both would write the customer, and
        one of the transactions would fail and be done again.
        """
        if self.env.context.get("rma_own_link") is OURS:
            return defaultdict(dict)
        return super().signup_get_auth_param()
