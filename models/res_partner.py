from odoo import models


class ResPartner(models.Model):
    """Customers who are told of their returns."""

    _inherit = "res.partner"

    def signup_prepare(self, signup_type="signup"):
        """Override of `auth_signup`: write only what changes.

        `portal` prepares the signup of a customer for each mail about each document. Written anew
        every time, two returns of one customer could not be worked on at the same moment: one of
        the transactions would fail and be done again.
        """
        changed = self.filtered(lambda partner: partner.sudo().signup_type != signup_type)
        return not changed or super(ResPartner, changed).signup_prepare(signup_type=signup_type)
