from odoo import models


class StockMove(models.Model):
    """Deliveries of what was withdrawn meanwhile."""

    _inherit = "stock.move"

    def _lower_withdrawn(self, quantity):
        """Take a quantity off these moves, last planned first, and off those that feed them.

        :param float quantity: in the product's own unit
        :return: the moves that were lowered or cancelled
        """
        lowered = self.browse()
        for move in self.sorted(lambda move: (move.date, move.id), reverse=True):
            uom = move.product_id.uom_id
            part = min(quantity, move.product_qty)
            if uom.compare(part, 0.0) <= 0:
                continue
            quantity -= part
            feeding = move.move_orig_ids.filtered(lambda orig: orig.state not in ("done", "cancel"))
            lowered |= move
            if uom.compare(part, move.product_qty) >= 0:
                move._action_cancel()
            else:
                move._keep_only(move.product_qty - part)
            lowered |= feeding.filtered(lambda orig: orig.state != "cancel")._lower_withdrawn(part)
        return lowered

    def _keep_only(self, quantity):
        """Lower the demand of a move, and reserve what is left of it anew.

        :param float quantity: in the product's own unit
        """
        self.ensure_one()
        was_reserved = self.state in ("assigned", "partially_available")
        uom = self.product_id.uom_id
        self._do_unreserve()
        self.picked = False
        self.product_uom_qty = uom._compute_quantity(
            quantity, self.product_uom, rounding_method="HALF-UP"
        )
        if was_reserved:
            self._action_assign()

    def _action_done(self, cancel_backorder=False):
        """Override of `stock`: what is shipped although it was withdrawn has to come back."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: a stock user ships without any right on returns (R9)
        sent = moves.sudo()._filter_first_deliveries()
        sent.sale_line_id.filtered("rma_line_ids")._restore_shipped()
        return moves
