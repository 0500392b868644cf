from odoo import models

from ...tools.quantity_field import get_pieces, round_units


class SaleOrderLine(models.Model):
    """How many the customer has of what came back by the piece (R5)."""

    _inherit = "sale.order.line"

    def _prepare_qty_delivered(self):
        """Override of `sale_stock`, which rounds each transfer to the line's unit: six pieces that
        came back one by one are their pack, and no more."""
        delivered = super()._prepare_qty_delivered()
        for line in self:
            if line.qty_delivered_method != "stock_move" or get_pieces(line.product_uom_id) <= 1:
                continue
            if not line.move_ids.rma_line_id or line._is_kit():
                continue
            sent, back = line._get_outgoing_incoming_moves()
            delivered[line] = round_units(
                line.product_uom_id, line._sum_done(sent) - line._sum_done(back)
            )
        return delivered

    def _sum_done(self, moves):
        """Return what moves brought, in the line's unit, not rounded."""
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False)
            for move in moves
            if move.state == "done"
        )
