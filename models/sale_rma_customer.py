from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class SaleRma(models.Model):
    """The customer of a return: what customers may know of, whose address is theirs, who acts."""

    _inherit = "sale.rma"

    @api.model
    def _get_customer_domain(self):
        """Return the domain of what customers may know of: no drafts, nor drafts that were
        cancelled before they were told of (R8)."""
        never_told = Domain("state", "=", "cancel") & Domain("date_requested", "=", False)
        return Domain("state", "!=", "draft") & ~never_told

    def _filter_customer_visible(self):
        """Return those customers may know of (R8)."""
        return self.filtered_domain(self._get_customer_domain())

    def _get_acting_partner(self):
        """Return who is acting: the user; without a login the customer, for nobody but who holds
        the customer's link can act so."""
        self.ensure_one()
        # sudo: who does something may always be named
        user = self.env.user.sudo()
        return self.sudo().partner_id if user._is_public() else user.partner_id

    def _is_customer_address(self, email):
        """Whether a normalized e-mail address is that of the return's customer."""
        self.ensure_one()
        if not email:
            return False
        return email == email_normalize(self.email) or self.order_id._is_rma_guest_address(email)
