from odoo import api, models
from odoo.exceptions import UserError

from .sale_rma_repay_by import REPAY_BY


class SaleRmaPlan(models.AbstractModel):
    """The way the money goes back is decided with everything else."""

    _inherit = "sale.rma.plan"

    @api.model
    def _check(self, plans):
        """Extend: the way is one there is, and store credit the customer's own choice.

        :raise UserError: it is not
        """
        super()._check(plans)
        ways = dict(REPAY_BY)
        for plan in plans:
            if plan.repay_by not in ways:
                raise UserError(
                    self.env._(
                        "repay_by: %(value)s is no way to pay back; there are %(ways)s.",
                        value=plan.repay_by,
                        ways=", ".join(ways),
                    )
                )
            if plan.repay_by == "wallet":
                plan.rma._check_credit_possible()
