from odoo import fields, models


class SaleRmaClose(models.TransientModel):
    _name = "sale.rma.close"
    _description = "Refuse or Cancel Returns"
    _inherit = ["sale.rma.incoming"]
    # the screen works as superuser on what it is told: on what its user may change
    _incoming_rights = {"sale.rma": "write", "sale.rma.line": "write"}

    rma_ids = fields.Many2many(comodel_name="sale.rma", string="Returns", required=True)
    operation = fields.Selection(
        selection=[("refuse", "Refuse"), ("cancel", "Cancel")],
        required=True,
        default="refuse",
    )
    reason = fields.Text(help="Sent to the customer with the notice.")

    # === ACTIONS === #

    def action_confirm(self):
        """Refuse or cancel the returns with the reason given.

        :return: act_window_close
        :raise UserError: a return is in the wrong state, or something was done for it already
        """
        self.ensure_one()
        if self.operation == "refuse":
            self.rma_ids.action_refuse(reason=self.reason)
        else:
            self.rma_ids.action_cancel(reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
