from odoo import api, fields, models


class SaleRma(models.Model):
    _inherit = "sale.rma"

    withdrawal_id = fields.Many2one(
        comodel_name="sale.rma.withdrawal",
        compute="_compute_withdrawal_id",
        groups="sales_team.group_sale_salesman",
        help="Declaration the return was opened for.",
    )

    @api.depends("rma_type")
    def _compute_withdrawal_id(self):
        withdrawals = self.env["sale.rma.withdrawal"].search(
            ["|", ("rma_id", "in", self.ids), ("event_ids.rma_id", "in", self.ids)]
        )
        for rma in self:
            rma.withdrawal_id = withdrawals.filtered(
                lambda withdrawal, rma=rma: rma._origin in withdrawal.rma_ids
            )[:1]
