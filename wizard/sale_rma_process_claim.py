from odoo import api, models


class SaleRmaProcess(models.TransientModel):
    """A claim that gives everything back gives the delivery back too (docs/law.md L30)."""

    _inherit = "sale.rma.process"

    @api.depends("can_refund_shipping", "rma_id")
    def _compute_refund_shipping(self):
        """Override: claims of all that the customer has, for money back."""
        super()._compute_refund_shipping()
        for wizard in self.filtered(lambda wizard: wizard.rma_id.rma_type == "claim"):
            rma = wizard.rma_id
            wizard.refund_shipping = (
                wizard.can_refund_shipping
                and set(rma.line_ids.mapped("resolution")) == {"refund"}
                and rma._is_whole_order()
            )
