from odoo import api, models

from ...tools.quantity_field import Units


class SaleRmaLine(models.Model):
    """How much of an item was put back for sale."""

    _inherit = "sale.rma.line"
    qty_restocked = Units(
        string="Back to Stock", compute="_compute_qty_restocked", digits="Product Unit"
    )

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.move_line_ids.location_dest_id")
    def _compute_qty_restocked(self):
        returns = self.env["stock.warehouse"]._get_rma_locations()
        # sudo: stock's; quantities get out
        self.sudo().move_ids._read_at_once()
        # sudo: shown to whoever sees the return, also without stock rights
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            moves = line_sudo.move_ids.filtered(lambda move: move.state == "done")
            line.qty_restocked = moves._get_rma_qty_restocked(line_sudo.sale_line_id, returns)
