from odoo import models

from ...tools.quantity_field import round_units

# States of a withdrawal in which its units are neither sent nor billed.
HELD_STATES = ("accepted", "processing", "done")


class SaleOrderLine(models.Model):
    """Units that were withdrawn before they were sent: nobody sends or bills them (docs/law.md L17,
    N11)."""

    _inherit = "sale.order.line"

    # === QUANTITIES === #

    def _get_qty_unsent(self):
        """Return {sold line: units ordered that have not left, or were not performed}, in its
        unit. What came back undelivered and without a return has not left."""
        unsent = {}
        # sudo: quantities only
        for line, sold in zip(self, self.sudo(), strict=True):
            if not sold._is_returnable("withdrawal"):
                sent = sold.product_uom_qty
            elif sold.product_id.type == "service":
                sent = sold.qty_delivered
            else:
                sent = sold._get_qty_sent()
            unsent[line] = max(round_units(line.product_uom_id, sold.product_uom_qty - sent), 0.0)
        return unsent

    def _get_qty_sent(self):
        """Return the units that left for the customer, in the line's unit."""
        self.ensure_one()
        out = self.move_ids._filter_first_deliveries()
        back = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and not move.rma_line_id
                and move.location_id._is_with_customer()
                and not move.location_dest_id._is_with_customer()
            )
        )
        return self._get_rma_whole_units(
            {
                product: -moves._get_qty_back_from_customer(product.uom_id)
                for product, moves in (out | back).grouped("product_id").items()
            }
        )

    def _get_arrival_day(self, moves):
        """Return the day the last of the line's done deliveries arrived, None without any.

        :param moves: these `stock.move`s
        """
        self.ensure_one()
        days = [
            move.picking_id._get_rma_arrival(move.date).day
            if move.picking_id
            else self._to_return_day(move.date)
            for move in moves
        ]
        return max(days, default=None)

    def _get_qty_withdrawn_unsent(self):
        """Return the units that withdrawals took before they were sent, in the line's unit."""
        self.ensure_one()
        # sudo: quantities only
        items = self.sudo().rma_line_ids.filtered(
            lambda item: item.qty_unsent and item.rma_id.state in HELD_STATES
        )
        return sum(items.mapped("qty_unsent"))

    def _get_qty_withdrawn(self):
        """Return the units that withdrawals cover, in the line's unit."""
        self.ensure_one()
        items = self.rma_line_ids.filtered(
            lambda item: (
                item.rma_id.rma_type == "withdrawal"
                and item.state in (*self.env["sale.rma"]._get_live_states(), "done")
            )
        )
        return sum(items.mapped("quantity"))

    def _get_qty_still_ordered(self):
        """Override: what was withdrawn before it was sent is not sent any more."""
        return super()._get_qty_still_ordered() - self._get_qty_withdrawn_unsent()

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Override of `sale_stock`: what was withdrawn before it was sent is not sent after all,
        when the ordered quantity is written."""
        quantity = super()._get_qty_procurement(previous_product_uom_qty)
        if withdrawn := self._get_qty_withdrawn_unsent():
            # an order that was lowered for it lacks nothing
            quantity += min(withdrawn, self._get_qty_unsent()[self])
        return quantity

    # === DELIVERIES === #

    def _get_moves_to_send(self):
        """Return the moves that are to bring the units to the customer: of each chain the last
        one that is planned."""
        # sudo: deliveries follow the withdrawal, whoever takes it
        moves = self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.rma_line_id
                and not move.location_id._is_with_customer()
                and (move.location_final_id or move.location_dest_id)._is_with_customer()
            )
        )
        return moves.filtered(lambda move: not move.move_dest_ids & moves)

    def _hold_withdrawn(self):
        """Take what was withdrawn before it was sent off the planned deliveries.

        :return: (transfers that were lowered or cancelled, done ones that feed them)
        """
        # sudo: deliveries follow the withdrawal, whoever takes it
        held = self.env["stock.move"].sudo()
        fed_by = {}
        unsent = self._get_qty_unsent()
        for sold in self.sudo():
            left = max(unsent[sold] - sold._get_qty_withdrawn_unsent(), 0.0)
            moves = sold._get_moves_to_send()
            fed_by.update({move: move.move_orig_ids for move in moves})
            for product, needed in sold._get_rma_components().items():
                own = moves.filtered(lambda move, product=product: move.product_id == product)
                planned = sum(own.mapped("product_qty"))
                held |= own._lower_withdrawn(planned - left * needed)
        feeding = held.union(*(fed_by.get(move, held.browse()) for move in held))
        return held.picking_id, feeding.filtered(lambda move: move.state == "done").picking_id

    def _release_withdrawn(self):
        """Plan again the delivery of units that are not withdrawn any more."""
        # sudo: who may close the return has its goods sent; the deliveries are the warehouse's
        lines = self.sudo()
        locked = lines.order_id.filtered("locked")
        locked.locked = False  # a locked order plans nothing
        lines._action_launch_stock_rule()
        locked.locked = True
        lines._get_moves_to_send()._action_assign()

    def _restore_shipped(self):
        """Follow units that were sent although they were withdrawn: they are goods to come back as
        all others."""
        unsent = self._get_qty_unsent()
        # sudo: quantities, and the items of withdrawals that follow them, whoever sends
        for sold in self.sudo():
            excess = sold._get_qty_withdrawn_unsent() - unsent[sold.with_env(self.env)]
            if sold.product_uom_id.compare(excess, 0.0) > 0:
                sold.rma_line_ids._restore_unsent(excess)

    def _follow_withdrawn(self):
        """Have what is to be invoiced follow what was withdrawn."""
        self.modified(["qty_invoiced"])
