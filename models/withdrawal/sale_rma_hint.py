from odoo import api, fields, models


class SaleRma(models.Model):
    """What colleagues should know before they pay a withdrawal back."""

    _inherit = "sale.rma"

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
