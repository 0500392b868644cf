from odoo import models
from odoo.exceptions import UserError

from ...tools.context_marks import OURS
from ...tools.quantity_field import format_quantity


class StockMove(models.Model):
    """Goods that come back from customers, whichever document brings them (R1)."""

    _inherit = "stock.move"

    # === WHERE GOODS ARRIVE === #

    def _is_rma_arrival(self):
        """Whether the move is to bring goods of a return."""
        self.ensure_one()
        return bool(
            self.rma_line_id
            and self.state not in ("done", "cancel")
            and self.location_id._is_with_customer()
        )

    def _compute_location_dest_id(self):
        """Override of `stock`: what comes on a return goes where it was to, whatever is edited on
        its receipt."""
        held = self.filtered(lambda move: move.location_dest_id and move._is_rma_arrival())
        return super(StockMove, self - held)._compute_location_dest_id()

    def write(self, vals):
        """Override of `stock`: the type of operation of a receipt does not say where goods of a
        return come from and go to (`stock.picking.write`)."""
        if self.env.context.get("rma_holds_place") is OURS:
            vals = {
                name: value
                for name, value in vals.items()
                if name not in ("location_id", "location_dest_id")
            }
        return super().write(vals)

    # === ARRIVAL === #

    def _action_done(self, cancel_backorder=False):
        """Override of `stock`: what comes back is the live return's that waits for it.

        :raise UserError: what came back on a return is to come back once more
        """
        self.sudo()._check_not_back_already()  # names of receipts and quantities only
        done = super()._action_done(cancel_backorder=cancel_backorder)
        arrived = done.filtered(lambda move: move._is_back_from_customer())
        if arrived:
            # a stock user receives without any right on returns (R9)
            arrived.sudo()._notice_arrival()
        return done

    def _check_not_back_already(self):
        """Odoo's own return of what a return received meanwhile is refused: the customer does not
        have it any more."""
        arriving = self.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.picked
                and not move.rma_line_id
                and move.location_id._is_with_customer()
                and not move.location_dest_id._is_with_customer()
                and move.sale_line_id.rma_line_ids.move_ids
            )
        )
        if not arriving:
            return
        at_customer = arriving.sale_line_id._get_products_at_customer()
        for move in arriving:
            left, product = at_customer[move.sale_line_id], move.product_id
            picked = move.move_line_ids.filtered("picked")
            quantity = sum(picked.mapped("quantity_product_uom"))
            if product.uom_id.compare(quantity, left.get(product, 0.0)) > 0:
                raise UserError(move._get_back_already_message(quantity, left.get(product, 0.0)))
            left[product] -= quantity

    def _get_back_already_message(self, quantity, left):
        before = self.sale_line_id.move_ids.filtered(lambda move: move._is_back_from_customer())
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s should come back with %(transfer)s, but the "
            "customer has only %(left)s of %(order)s. The rest came back with %(receipts)s: lower "
            "the quantity here, or cancel this transfer.",
            product=self.product_id.display_name,
            quantity=format_quantity(self.env, quantity),
            unit=self.product_id.uom_id.name,
            transfer=self.picking_id.name or self.reference,
            left=format_quantity(self.env, max(left, 0.0)),
            order=self.sale_line_id.order_id.name,
            receipts=", ".join(before.picking_id.mapped("name")) or "-",
        )

    def _notice_arrival(self):
        """Have live returns take over what is theirs, and follow."""
        aside = self.filtered("rma_instead_of_id")
        never_sold = aside.filtered(lambda move: not move.sale_line_id)
        unnoticed = (self - never_sold).filtered(
            lambda move: not (move.rma_line_id and move.rma_line_id._is_waiting())
        )
        for move in unnoticed.filtered(lambda move: not move.sale_line_id):
            move._find_sold_line_of_return()
        items = self.rma_line_id
        if sold := unnoticed.mapped(lambda move: move._get_rma_sold_line()):
            items |= sold._get_waiting_rma_lines()._claim_arrived(unnoticed)
        here = items.rma_id | self.rma_line_id.rma_id | (self - aside).picking_id.rma_id
        here._on_goods_received()
        if aside:
            aside.rma_instead_of_id.rma_id._plan_what_did_not_come()

    def _find_sold_line_of_return(self):
        """What the dock added to a return's receipt belongs to its item of that product."""
        items = self.picking_id.rma_id.line_ids.filtered(
            lambda line: self.product_id in line.sale_line_id._get_rma_components()
        )
        if items:
            self.sale_line_id = items[0].sale_line_id

    def _get_rma_sold_line(self):
        """Return the sold line whose goods the move brings back."""
        return self.sale_line_id or self.origin_returned_move_id.sale_line_id

    def _get_move_lines_with_us(self):
        """Return the move lines of what came back; none if all was sent out again."""
        self.ensure_one()
        if self.product_id.uom_id.compare(self._get_qty_with_us(), 0.0) <= 0:
            return self.env["stock.move.line"]
        sent = self._get_sent_again().move_line_ids
        # serial numbers that were sent out again are not here
        return self.move_line_ids.filtered(
            lambda line: not (line.lot_id and line.lot_id in sent.lot_id)
        )

    def _give_to_rma_line(self, line, parts):
        """Tie the move to a returned item; where only a part of it is the item's, divide it.

        :param dict parts: {move line: quantity in the product's own unit}
        """
        self.ensure_one()
        uom = self.product_id.uom_id
        if uom.compare(sum(parts.values()), self._get_qty_with_us()) >= 0:
            mine = self | self._get_sent_again()
        else:
            mine = self._divide_done(parts)
        mine.rma_line_id = line
        if not self.sale_line_id:
            mine.sale_line_id = line.sale_line_id

    def _divide_done(self, parts):
        """Divide a done move in two that together are what it was: nothing moves by it.

        :param dict parts: {move line: quantity in the product's own unit} of the new move
        :return: the new move
        """
        self.ensure_one()
        product_uom = self.product_id.uom_id
        quantity, before, value = sum(parts.values()), self._get_done_qty(), self.value
        in_own = product_uom._compute_quantity(
            quantity, self.product_uom, rounding_method="HALF-UP"
        )
        back = self.product_uom._compute_quantity(in_own, product_uom, rounding_method="HALF-UP")
        is_exact = product_uom.compare(back, quantity) == 0
        part = self.copy(
            {
                "picking_id": self.picking_id.id,
                "state": "done",
                "picked": True,
                "date": self.date,
                "product_uom": self.product_uom.id if is_exact else product_uom.id,
                "product_uom_qty": in_own if is_exact else quantity,
                "origin_returned_move_id": self.origin_returned_move_id.id,
                "move_orig_ids": [(4, move.id) for move in self.move_orig_ids],
                "price_unit": self.price_unit,
                "sale_line_id": self.sale_line_id.id,
            }
        )
        for move_line, taken in parts.items():
            if product_uom.compare(taken, move_line.quantity_product_uom) >= 0:
                move_line.move_id = part
                continue
            unit = move_line.product_uom_id
            kept = move_line.quantity_product_uom - taken
            move_line.quantity = product_uom._compute_quantity(
                kept, unit, rounding_method="HALF-UP"
            )
            taken = product_uom._compute_quantity(taken, unit, rounding_method="HALF-UP")
            move_line.copy({"move_id": part.id, "quantity": taken, "picked": True})
        self.with_context(do_not_unreserve=True).product_uom_qty = self.quantity
        part.value = value * quantity / before
        self.value = value - part.value
        return part

    def _set_rma_arrived(self, quantity):
        """Fill in how much of a planned receipt's move arrived, in the product's own unit."""
        self.ensure_one()
        in_own = self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom, rounding_method="HALF-UP"
        )
        if self.product_uom.compare(self.quantity, in_own):
            self.quantity = in_own

    def _get_done_qty(self):
        """Return what the move brought, in the product's own unit."""
        return sum(self.move_line_ids.mapped("quantity_product_uom"))
