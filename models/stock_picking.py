from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Customer Return",
        index="btree_not_null",
        ondelete="set null",  # returns with done receipts are kept by sale.rma
        check_company=True,
    )

    def button_validate(self):
        """Override of `stock`: who validates and who processes the return take the same locks
        first, so that they never wait for each other.

        :raise LockError: somebody is working on the return at this moment
        """
        self.sudo().rma_id._lock()  # a stock user receives without any right on returns (R9)
        return super().button_validate()

    def _action_done(self):
        """Override of `stock`: the return follows the goods that arrived."""
        result = super()._action_done()
        arrived = self.filtered(
            lambda picking: (
                picking.rma_id
                and any(
                    move.state == "done" and move.location_id._is_with_customer()
                    for move in picking.move_ids
                )
            )
        )
        # a stock user receives without any right on returns (R9)
        arrived.sudo().rma_id._on_goods_received()
        return result

    def action_view_rma(self):
        """Open the return this transfer belongs to.

        :raise AccessError: it is a colleague's
        """
        self.ensure_one()
        self.rma_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.rma",
            "res_id": self.rma_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
