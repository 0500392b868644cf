from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    _inherit = "sale.rma.refund"

    @api.model
    def _get_no_fee_message(self, rma):
        """Extend: the remedies of the guarantee are free of charge (docs/law.md L29)."""
        if rma.rma_type != "claim":
            return super()._get_no_fee_message(rma)
        return self.env._(
            "%(rma)s is a claim: what the guarantee gives is free of charge. Set the fee to 0.",
            rma=rma.name,
        )
