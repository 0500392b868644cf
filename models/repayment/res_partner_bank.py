from odoo import models

from .sale_rma_iban import SHOWN_FIRST, SHOWN_LAST


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _get_masked_number(self):
        """Return so much of the number as tells its owner which account it is; nothing of none."""
        number = self.sanitized_acc_number or ""
        if len(number) <= SHOWN_FIRST + SHOWN_LAST:
            return number
        return f"{number[:SHOWN_FIRST]} **** {number[-SHOWN_LAST:]}"
