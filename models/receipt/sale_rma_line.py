from collections import defaultdict

from odoo import api, models

from ...tools.quantity_field import format_quantity


def _share_by_bill_line(quantities, quantity):
    """Share a quantity of a component among the lines of the bill of materials that brought it: a
    kit may hold it twice, and is whole only with both.

    :param dict quantities: {move: what it brought, or is to bring}
    :return: list of (moves, their share)
    """
    groups = defaultdict(list)
    for move in quantities:
        # `mrp` is no dependency
        groups[move.bom_line_id if "bom_line_id" in move._fields else None].append(move)
    total = sum(quantities.values())
    return [
        (moves, quantity * sum(quantities[move] for move in moves) / total if total else quantity)
        for moves in groups.values()
    ]


class SaleRmaLine(models.Model):
    """Moves of one returned item."""

    _inherit = "sale.rma.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_with_planned_moves(self):
        """What is not asked for any more is not awaited."""
        self._cancel_planned_moves()

    def _get_planned_moves(self):
        """Return the moves of planned receipts: from the customer and not done yet."""
        # quantities of the item itself, whoever looks at it
        return self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_id._is_with_customer()
                and not move.location_dest_id._is_with_customer()
            )
        )

    def _get_qty_planned(self):
        """Return what planned receipts bring, in the sold line's unit."""
        self.ensure_one()
        quantities = defaultdict(float)
        for move in self._get_planned_moves():
            quantities[move.product_id] += move.product_qty
        # sudo: quantities only
        return self.sudo().sale_line_id._get_rma_whole_units(quantities)

    def _cancel_planned_moves(self):
        moves = self._get_planned_moves()
        if moves:
            moves._action_cancel()

    def _prepare_receipt_moves(self, warehouse, products):
        """Return values of the moves that bring products back, each tied to the delivered move it
        reverses.

        :param dict products: {product: quantity in its own unit}
        """
        self.ensure_one()
        return [
            self._prepare_receipt_move_vals(warehouse, origin, part)
            for product, quantity in products.items()
            for origin, part in self._split_over_deliveries(product, quantity).items()
            if product.uom_id.compare(part, 0.0) > 0
        ]

    def _split_over_deliveries(self, product, quantity):
        """Return {delivered move: what comes back of it}, in the product's unit: of the lots the
        customer named first, then of what the customer has of the newest delivery. What no
        delivery explains is under the product itself."""
        possible = self._get_returnable_moves(product)
        by_bill = _share_by_bill_line({move: move.product_qty for move in possible}, quantity)
        parts = defaultdict(float)
        for moves, share in by_bill:
            some = {move: possible[move] for move in moves}
            parts.update(self._split_over_moves(some, share))
        parts[product] = quantity - sum(parts.values())
        return parts

    def _split_over_moves(self, possible, quantity):
        """Return {delivered move: what comes back of it} of a quantity, as far as it goes."""
        parts = defaultdict(float)
        lots = self.sudo().lot_ids  # lots are stock's
        for move, most in possible.items() if lots else ():
            left = self._get_lots_left(move)
            named = sum(left[lot] for lot in lots if lot in left)
            parts[move] = min(named, most, quantity - sum(parts.values()))
        for move, most in possible.items():
            parts[move] += min(most - parts[move], quantity - sum(parts.values()))
        return parts

    def _get_returnable_moves(self, product):
        """Return {delivered move: what can still come back of it}, in the product's unit, newest
        first."""
        # sudo: the deliveries that are brought back, whoever plans it
        moves = self.sudo().sale_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == product
                and move.location_dest_id._is_with_customer()
                and not move.location_id._is_with_customer()
            )
        )
        possible = {}
        for move in moves.sorted(lambda move: (move.date, move.id), reverse=True):
            back = move._get_rma_returns()
            quantity = move.quantity - sum(
                back_move.quantity if back_move.state == "done" else back_move.product_uom_qty
                for back_move in back
            )
            in_unit = move.product_uom._compute_quantity(quantity, product.uom_id, round=False)
            possible[move] = max(product.uom_id.round(in_unit), 0.0)
        return possible

    def _get_lots_left(self, move, besides=None):
        """Return {lot: what the customer still has of a delivered move}, in the product's unit.

        :param besides: a planned receipt's move that does not count
        """
        moves = move | move._get_rma_returns()
        back = (moves - besides if besides else moves)._get_lots_back_from_customer()
        return {lot: -quantity for lot, quantity in back.items() if quantity < 0}

    def _prepare_receipt_move_vals(self, warehouse, origin, quantity):
        """Return the values of one receipt move.

        :param origin: the delivered move reversed, or the product where none is left
        :param float quantity: in the product's own unit
        """
        is_move = origin._name == "stock.move"
        product = origin.product_id if is_move else origin
        # sudo: the order's names for the receipt, whoever plans it
        order = self.sudo().rma_id.order_id
        customers = order.partner_shipping_id.with_company(order.company_id).property_stock_customer
        uom = self._get_receipt_uom(product, quantity)
        vals = {
            "product_id": product.id,
            "product_uom": uom.id,
            "product_uom_qty": product.uom_id._compute_quantity(
                quantity, uom, rounding_method="HALF-UP"
            ),
            "location_id": (origin.location_dest_id if is_move else customers).id,
            "location_dest_id": warehouse.rma_location_id.id,
            "warehouse_id": warehouse.id,
            "company_id": self.company_id.id,
            "origin": self.rma_id.name,
            "procure_method": "make_to_stock",
            "to_refund": True,
            "sale_line_id": self.sale_line_id.id,
            "rma_line_id": self.id,
        }
        if is_move:
            vals.update(
                origin_returned_move_id=origin.id,
                move_orig_ids=[(4, origin.id)],
                restrict_partner_id=origin.restrict_partner_id.id,
                price_unit=origin.price_unit,
            )
            if "bom_line_id" in origin._fields:  # kit components keep their kit (mrp)
                vals["bom_line_id"] = origin.bom_line_id.id
        return vals

    def _get_receipt_uom(self, product, quantity):
        """Return the sold line's unit, where it can say the quantity exactly; else the
        product's own."""
        uom = self.product_uom_id
        if product != self.product_id:
            return product.uom_id
        there = product.uom_id._compute_quantity(quantity, uom, rounding_method="HALF-UP")
        back = uom._compute_quantity(there, product.uom_id, rounding_method="HALF-UP")
        return uom if product.uom_id.compare(back, quantity) == 0 else product.uom_id

    def _limit_receipt_to_lots(self, seen=None):
        """Have planned receipts hold the lots the customer named before others (S15).

        :param dict seen: {item: lots that are here}, which come before those; default: only what
            was named
        """
        seen = seen or {}
        for line in self.sudo():  # lots are stock's
            first = seen.get(line) or line.lot_ids
            if not first:
                continue
            for move in line._get_planned_moves().filtered("origin_returned_move_id"):
                move.move_line_ids.unlink()
                vals_list = line._prepare_lot_move_lines(move, first)
                self.env["stock.move.line"].sudo().create(vals_list)

    def _prepare_lot_move_lines(self, move, first):
        """Return the values of the lines of a planned receipt's move, lot by lot.

        :param first: the lots that come before others
        """
        self.ensure_one()
        delivered = move.origin_returned_move_id
        left = self._get_lots_left(delivered, besides=move)
        remaining = move.product_qty
        vals_list = []
        for lot in sorted(left, key=lambda lot: (lot not in first, lot not in self.lot_ids)):
            quantity = min(left[lot], remaining)
            if move.product_id.uom_id.compare(quantity, 0.0) <= 0:
                break
            remaining -= quantity
            source = delivered.move_line_ids.filtered(lambda line, lot=lot: line.lot_id == lot)[:1]
            vals_list.append(
                {
                    **move._prepare_move_line_vals(quantity=quantity),
                    "lot_id": lot.id,
                    "owner_id": source.owner_id.id,
                    "package_id": source.result_package_id.id,
                }
            )
        return vals_list

    # === ARRIVAL === #

    def _get_moves_expected_in(self, warehouse):
        return self._get_planned_moves().filtered(
            lambda move: move.picking_type_id == warehouse.in_type_id
        )

    def _reserve_planned(self, warehouse, products):
        """Return what planned receipts of a warehouse do not cover of what arrives; where another
        warehouse expected that, it does not any more.

        :param dict products: {product: quantity in its own unit}
        """
        self.ensure_one()
        expected = self._get_moves_expected_in(warehouse)
        covered = defaultdict(float)
        for move in expected:
            covered[move.product_id] += move.product_qty
        short = {
            product: quantity - covered[product]
            for product, quantity in products.items()
            if product.uom_id.compare(quantity, covered[product]) > 0
        }
        if short:
            (self._get_planned_moves() - expected)._action_cancel()
        return short

    def _set_arrived(self, warehouse, products, restocked, to_stock):
        """Fill in what arrived on the planned moves.

        :param dict products: {product: quantity in its own unit} that arrives
        :param float restocked: units that are put back, in the sold line's unit
        :param dict to_stock: {location: move lines} that go straight to stock, added to
        :return: the moves with what arrived
        """
        self.ensure_one()
        # sudo: quantities only
        components = self.sudo().sale_line_id._get_rma_components()
        stock = self._get_restock_location(warehouse)
        moves = self._get_moves_expected_in(warehouse)
        moves.filtered("picked").picked = False
        arrived = moves.browse()
        for product, needed in components.items():
            quantity, for_stock = products.get(product, 0.0), needed * restocked
            planned = {move: move.product_qty for move in moves if move.product_id == product}
            for some, share in _share_by_bill_line(planned, quantity):
                for move in some:
                    taken = min(share, move.product_qty)
                    if product.uom_id.compare(taken, 0.0) <= 0:
                        break
                    move._set_rma_arrived(taken)
                    move._send_rma_to_stock(stock, min(for_stock, taken), to_stock)
                    arrived |= move
                    share -= taken
                    for_stock = max(for_stock - taken, 0.0)
        return arrived

    def _get_not_at_customer_message(self, product, quantity, left):
        """Return in words why what the screen says did not come (R1): it came before."""
        # sudo: a number only
        others = self.sudo().sale_line_id.move_ids.filtered(
            lambda move: move._is_back_from_customer() and move.rma_line_id != self
        )
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s should be received on %(rma)s, but the customer "
            "has only %(left)s. What came back before: %(receipts)s. Open the screen again and "
            "leave out what is here already.",
            product=product.display_name,
            quantity=format_quantity(self.env, quantity),
            unit=product.uom_id.name,
            rma=self.rma_id.name,
            left=format_quantity(self.env, max(left.get(product, 0.0), 0.0)),
            receipts=", ".join(others.picking_id.mapped("name")) or "-",
        )
