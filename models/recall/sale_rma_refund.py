from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    """A recall gives back what was paid, and no less (docs/law.md N8)."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_no_fee_message(self, rma):
        return self._get_recall_message(rma) or super()._get_no_fee_message(rma)

    @api.model
    def _get_no_lowering_message(self, rma):
        return self._get_recall_message(rma) or super()._get_no_lowering_message(rma)

    @api.model
    def _get_recall_message(self, rma):
        return rma.rma_type == "recall" and self.env._(
            "%(rma)s is a recall: the customer gets back all that was paid, with no fee and "
            "nothing taken off. Set the fee to 0 and do not lower the refund.",
            rma=rma.name,
        )
