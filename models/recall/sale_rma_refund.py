from odoo import api, models
from odoo.exceptions import UserError


class SaleRmaRefund(models.AbstractModel):
    _inherit = "sale.rma.refund"

    @api.model
    def _prepare_credits(self, rma, quantities, refund_shipping=False, fee=0.0, adjustment=0.0):
        """Override: a recall gives back what was paid, and no less (docs/law.md N8).

        :raise UserError: a fee or a deduction on a recall
        """
        currency = rma.currency_id
        if rma.rma_type == "recall" and (
            currency.compare_amounts(fee, 0.0) > 0 or currency.compare_amounts(adjustment, 0.0) < 0
        ):
            raise UserError(
                self.env._(
                    "%(rma)s is a recall: the customer gets back all that was paid, with no fee "
                    "and nothing taken off. Set the fee to 0 and do not lower the refund.",
                    rma=rma.name,
                )
            )
        return super()._prepare_credits(
            rma, quantities, refund_shipping=refund_shipping, fee=fee, adjustment=adjustment
        )
