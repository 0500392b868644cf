from collections import defaultdict

from odoo import models

from ...tools.quantity_field import round_units


class SaleRmaLine(models.Model):
    """What came back by other documents than the return's own receipt (R1): Odoo's own return, a
    receipt made by hand, a parcel that came before the return was opened."""

    _inherit = "sale.rma.line"

    # === WHAT IS STILL TO COME === #

    def _get_products_awaited(self, quantity=None):
        """Return {product: what is still to come of it, in its own unit}, by components of a kit.

        :param float quantity: in all, in the sold line's unit; default: what is asked for and was
            sent
        """
        self.ensure_one()
        total = self._get_qty_to_come_back() if quantity is None else quantity
        total = round_units(self.product_uom_id, total)
        back = self._get_products_back()
        # sudo: quantities only
        return {
            product: max(product.uom_id.round(needed * total - back.get(product, 0.0)), 0.0)
            for product, needed in self.sudo().sale_line_id._get_rma_components().items()
        }

    def _get_products_back(self):
        """Return {product: what came back of it on this item, in its own unit}."""
        # sudo: quantities only
        done = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        return {
            product: moves._get_qty_back_from_customer(product.uom_id)
            for product, moves in done.grouped("product_id").items()
        }

    def _get_products_planned(self):
        """Return {product: what planned receipts bring of it, in its own unit}."""
        quantities = defaultdict(float)
        for move in self._get_planned_moves():
            quantities[move.product_id] += move.product_qty
        return quantities

    # === TAKING OVER WHAT CAME BACK === #

    def _claim_arrived(self, moves=None):
        """Take over what came back and is no return's, as far as these items wait for it, the
        oldest return first: its moves become theirs, planned receipts bring as much less.

        :param moves: done `stock.move`s from the customer; default: all that are no return's
        :return: the items that took something over
        """
        lines = self.sudo().sorted(lambda line: line._get_claim_order())  # whoever books a parcel
        limits = {}
        if moves is None:
            limits = lines.sale_line_id._get_claim_limits()
            moves = lines.sale_line_id.move_ids._filter_nobodys_arrivals()
        if not moves:
            return self.browse()
        claims = lines._share_arrivals(moves, limits)
        for (move, line), parts in claims.items():
            move._give_to_rma_line(line, parts)
        moves.picking_id._follow_rma_lines()
        claiming = self.browse().union(*(line for _move, line in claims))
        claiming._lower_planned_moves()
        return claiming

    def _get_claim_order(self):
        """Who is waiting for goods comes before who only asks whether to send them."""
        rma = self.rma_id
        return rma.state == "requested", str(rma.date_requested or ""), rma.id, self.id

    def _share_arrivals(self, moves, limits):
        """Return {(move, line): {move line: quantity}}, quantities in the product's own unit: who
        gets what of the goods that came back, first those who named the very lot.

        :param dict limits: {(sold line, product): quantity that can be claimed at most}
        """
        limits = dict(limits)
        left = {
            move_line: move_line.quantity_product_uom
            for move in moves
            for move_line in move._get_move_lines_with_us()
        }
        claims = defaultdict(dict)
        awaited = {line: line._get_products_awaited() for line in self}
        for named in (True, False):
            for line in self.filtered("lot_ids") if named else self:
                for move_line in left:
                    if move_line.move_id._get_rma_sold_line() != line.sale_line_id:
                        continue
                    product = move_line.product_id
                    wanted = awaited[line].get(product, 0.0)
                    if named and move_line.lot_id not in line.lot_ids:
                        continue
                    if not named:
                        wanted -= line._get_qty_serials_to_come(claims)
                    key = line.sale_line_id, product
                    taken = min(wanted, left[move_line], limits.get(key, wanted))
                    if product.uom_id.compare(taken, 0.0) > 0:
                        claims[move_line.move_id, line][move_line] = taken
                        left[move_line] -= taken
                        awaited[line][product] -= taken
                        if key in limits:
                            limits[key] -= taken
        return claims

    def _get_qty_serials_to_come(self, claims):
        """Return how many of the serial numbers that were named have not come: no other one is
        the one that is waited for."""
        self.ensure_one()
        if self.product_id.tracking != "serial" or not self.lot_ids:
            return 0.0
        claimed = [
            move_line
            for (_move, line), parts in claims.items()
            if line == self
            for move_line in parts
        ]
        come = self.env["stock.move.line"].union(*claimed).lot_id
        done = self.move_ids.filtered(lambda move: move.state == "done")
        back = done._get_lots_back_from_customer()
        come |= self.env["stock.lot"].union(*(lot for lot, quantity in back.items() if quantity))
        return len(self.lot_ids - come)

    def _lower_planned_moves(self):
        """Have planned receipts bring no more than what is still to come."""
        # sudo: receipts follow the return, whoever books a parcel (R9)
        to_cancel, lowered = self.env["stock.move"].sudo(), self.env["stock.move"].sudo()
        for line in self:
            awaited = line._get_products_awaited()
            for product, moves in line._get_planned_moves().grouped("product_id").items():
                excess = sum(moves.mapped("product_qty")) - awaited.get(product, 0.0)
                for move in moves.sorted("id", reverse=True):
                    taken = min(excess, move.product_qty)
                    if product.uom_id.compare(taken, 0.0) <= 0:
                        break
                    excess -= taken
                    if product.uom_id.compare(taken, move.product_qty) == 0:
                        to_cancel |= move
                        continue
                    lowered |= move
                    move.product_uom_qty -= product.uom_id._compute_quantity(
                        taken, move.product_uom, rounding_method="HALF-UP"
                    )
        if to_cancel:
            to_cancel._action_cancel()
        if lowered:
            lowered._do_unreserve()
            lowered._action_assign()
            lowered.rma_line_id._limit_receipt_to_lots()

    def _release_arrived(self):
        """Give back what was taken over: a return that is not to be does not hold it."""
        # sudo: who closes the return lets go of what it held
        moves = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        if moves:
            pickings = moves.picking_id
            moves.rma_line_id = False
            pickings._follow_rma_lines()
            # sudo: as above; written by the program only
            self.rma_id.sudo().date_received = False

    def _is_waiting(self):
        """Whether the item's return is one that goods can still come for."""
        self.ensure_one()
        return self.rma_id.state in self.env["sale.rma"]._get_live_states()
