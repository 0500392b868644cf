from odoo import fields, models


class SaleRmaWithdrawalType(models.TransientModel):
    """A sales manager makes another kind of return of a withdrawal (docs/law.md L16)."""

    _name = "sale.rma.withdrawal.type"
    _description = "Change What a Withdrawal Is"
    _inherit = ["sale.rma.incoming"]

    rma_id = fields.Many2one(
        comodel_name="sale.rma", string="Return", required=True, ondelete="cascade"
    )
    rma_type = fields.Selection(
        selection=[("return", "Return"), ("claim", "Claim")], required=True, default="claim"
    )
    reason = fields.Text(required=True, help="Kept in the history.")

    def action_confirm(self):
        """Change the kind, see `sale.rma.action_change_type`.

        :return: act_window_close
        """
        self.ensure_one()
        self.rma_id.action_change_type(self.rma_type, self.reason)
        return {"type": "ir.actions.act_window_close"}
