from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _send_to_returns(self, warehouse):
        """Have what arrives go to Returns, unless it goes there or does not come to us.

        :param warehouse: the return's, for operations that belong to none
        """
        for line in self:
            target = line.location_dest_id
            returns = (line.move_id.picking_type_id.warehouse_id or warehouse).rma_location_id
            if returns and target.usage == "internal" and not target._child_of(returns):
                line.location_dest_id = returns
