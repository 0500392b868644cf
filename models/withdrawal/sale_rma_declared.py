from odoo import api, fields, models


class SaleRma(models.Model):
    """The statement a return was opened for, and what colleagues should know before they pay it
    back."""

    _inherit = "sale.rma"

    withdrawal_id = fields.Many2one(
        comodel_name="sale.rma.withdrawal",
        compute="_compute_withdrawal_id",
        groups="sales_team.group_sale_salesman",
        help="Declaration the return was opened for.",
    )
    withdrawal_hint = fields.Text(
        # of what the order says, which not every reader of the return may read
        compute="_compute_withdrawal_hint",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("rma_type", "line_ids.sale_line_id")
    def _compute_withdrawal_hint(self):
        for rma in self:
            hints = []
            if rma.rma_type == "withdrawal":
                hints = rma.order_id._get_withdrawal_hints(rma.line_ids.sale_line_id)
            rma.withdrawal_hint = "\n".join(hint for hint, _is_to_decide in hints)

    @api.depends("rma_type")
    def _compute_withdrawal_id(self):
        withdrawals = self.env["sale.rma.withdrawal"].search(
            ["|", ("rma_id", "in", self.ids), ("event_ids.rma_id", "in", self.ids)]
        )
        for rma in self:
            rma.withdrawal_id = withdrawals.filtered(
                lambda withdrawal, rma=rma: rma._origin in withdrawal.rma_ids
            )[:1]
