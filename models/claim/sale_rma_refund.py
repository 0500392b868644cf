from odoo import api, models
from odoo.exceptions import UserError


class SaleRmaRefund(models.AbstractModel):
    _inherit = "sale.rma.refund"

    @api.model
    def _prepare_credits(self, rma, quantities, refund_shipping=False, fee=0.0, adjustment=0.0):
        """Override: the remedies of the guarantee are free of charge (docs/law.md L29).

        :raise UserError: a fee on a claim
        """
        if rma.rma_type == "claim" and rma.currency_id.compare_amounts(fee, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(rma)s is a claim: what the guarantee gives is free of charge. Set the fee "
                    "to 0.",
                    rma=rma.name,
                )
            )
        return super()._prepare_credits(
            rma, quantities, refund_shipping=refund_shipping, fee=fee, adjustment=adjustment
        )
