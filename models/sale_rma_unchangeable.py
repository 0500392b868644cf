from odoo import models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """What of a return cannot be changed from outside any more (beside what
    `sale.rma.protected` keeps)."""

    _inherit = "sale.rma"

    def write(self, vals):
        """Extend the ORM.

        :raise UserError: the return is past the point where this may change
        """
        if "order_id" in vals and any(
            rma.order_id.id != vals["order_id"] and rma.state != "draft" for rma in self
        ):
            raise UserError(
                self.env._("The order of a return cannot change once it was requested.")
            )
        if not self.env.su:
            self._check_still_open(vals)
        return super().write(vals)

    def _check_still_open(self, vals):
        if "rma_type" in vals and any(
            rma.rma_type != vals["rma_type"] and rma.state not in ("draft", "requested")
            for rma in self
        ):
            raise UserError(
                self.env._(
                    "The type of a return cannot change once it was accepted: the customer was "
                    "told what it is, and its dates follow from it."
                )
            )
        if "user_id" in vals and not vals["user_id"] and any(rma.user_id for rma in self):
            raise UserError(
                self.env._("Somebody stays in charge of a return: choose another manager.")
            )

    def _get_protected_message(self, field):
        if field.name == "state":
            return self.env._(
                "A return starts as a draft, and its state is changed by its buttons, not written."
            )
        return super()._get_protected_message(field)
