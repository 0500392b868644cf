from odoo import api, fields, models

from odoo.addons.sale_rma.models.repayment.sale_rma_repay_by import REPAY_BY


class SaleRmaProcess(models.TransientModel):
    """The way the money goes back stands under the total (issue 17.6)."""

    _inherit = "sale.rma.process"

    repay_by = fields.Selection(
        selection=REPAY_BY,
        string="Paid Back",
        default="paid",
        required=True,
        help="As it was paid: to the card or account it came from, as far as these can give back.",
    )
    repayment_message = fields.Char(compute="_compute_repayment_message")

    @api.depends("amount_total", "amount_exchange", "repay_by", "rma_id")
    def _compute_repayment_message(self):
        for wizard in self:
            amount = wizard.amount_total - wizard.amount_exchange
            wizard.repayment_message = bool(wizard.rma_id and amount > 0) and (
                wizard.rma_id._get_repayment_proposal(amount, wizard.repay_by)
            )

    def _prepare_plan(self):
        """Extend: with the way that was chosen."""
        return {**super()._prepare_plan(), "repay_by": self.repay_by}
