from odoo import models
from odoo.exceptions import UserError


class SaleRmaEvidence(models.AbstractModel):
    """What is written once: no right, not even the superuser's, changes it (docs/law.md L13)."""

    _name = "sale.rma.evidence"
    _description = "Evidence"

    def write(self, vals):
        """Refuse.

        :raise UserError: always, unless there is nothing to write
        """
        if vals and self:
            raise UserError(
                self.env._("A withdrawal is evidence: it is written once and never changed.")
            )
        return super().write(vals)
