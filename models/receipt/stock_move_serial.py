from collections import defaultdict

from odoo import fields, models


class StockMove(models.Model):
    """Another serial number or lot comes than was sold, or than the return names: it is not what
    the return waits for until somebody decides."""

    _inherit = "stock.move"

    rma_instead_of_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Came Instead Of",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The returned item that another serial number or lot came for.",
    )

    def _get_protected_names(self):
        """Override: set aside by the program only."""
        return super()._get_protected_names() | {"rma_instead_of_id"}

    def _action_done(self, cancel_backorder=False):
        """Override of `stock`: another serial goes to Returns, never to stock, and is not what
        is waited for."""
        # sudo: a stock user receives without any right on returns and orders (R9)
        others = self.sudo()._get_other_serials()
        for move_line, (item, _is_foreign) in others.items():
            move_line._send_to_returns(item.rma_id.warehouse_id)
        done = super()._action_done(cancel_backorder=cancel_backorder)
        if others:
            # sudo: as above
            done |= self.sudo()._set_rma_aside(others).sudo(self.env.su)
        return done

    # === WHAT IS NOT WAITED FOR === #

    def _get_other_serials(self):
        """Return {move line: (item it comes instead of, whether it was never sold)} of what these
        moves are to bring from the customer. Compared by name: the dock may type a new one."""
        arriving = self.filtered(
            lambda move: (
                move.product_id.tracking != "none"
                and move.state not in ("done", "cancel")
                and move.location_id._is_with_customer()
                and not move.location_dest_id._is_with_customer()
            )
        )
        if not arriving:
            return {}
        waiting = arriving._get_items_waiting()
        names = defaultdict(dict)  # {sold line: {product: names of what the customer has}}
        for sold in waiting.sale_line_id:
            done = sold.move_ids.filtered(lambda move: move.state == "done")
            for lot, quantity in done._get_lots_back_from_customer().items():
                known = names[sold].setdefault(lot.product_id, set())
                known |= {lot.name} if quantity < 0 else set()
        others, free = {}, {item: item._get_qty_serials_unnamed() for item in waiting}
        for move in arriving:
            items = move._filter_items_waiting(waiting)
            sold_names = names[items[:1].sale_line_id].get(move.product_id)
            if not items or sold_names is None:  # nobody wrote down what was sent
                continue
            for line in move.move_line_ids.filtered("picked"):
                name = line.lot_id.name or line.lot_name
                if name and name not in sold_names:
                    others[line] = items[0], True
                elif name and not items._takes_serial(name, free):
                    others[line] = items[0], False
        return others

    def _get_items_waiting(self):
        """Return the items of live returns that these moves may bring something for."""
        sold = self.mapped(lambda move: move._get_rma_sold_line())
        unplanned = self.filtered(lambda move: not move.rma_line_id)
        items = self.rma_line_id | unplanned.picking_id.rma_id.line_ids
        if unplanned and sold:
            items |= sold._get_waiting_rma_lines()
        return items.filtered(lambda item: item._is_waiting() and item._get_qty_open() > 0)

    def _filter_items_waiting(self, items):
        """Return those of the items that the move can be for, of one sold line."""
        self.ensure_one()
        if self.rma_line_id:
            return items & self.rma_line_id
        if sold := self._get_rma_sold_line():
            return items.filtered(lambda item: item.sale_line_id == sold)
        own = items.filtered(
            lambda item: (
                item.rma_id == self.picking_id.rma_id
                and self.product_id in item.sale_line_id._get_rma_components()
            )
        )
        return own.filtered(lambda item: item.sale_line_id == own[0].sale_line_id)

    # === SETTING ASIDE === #

    def _set_rma_aside(self, others):
        """Take what is not waited for off the items, once it is here; what was never sold is none
        of the order's goods.

        :param dict others: {move line: (item, whether it was never sold)}
        :return: the moves of what is set aside
        """
        parts = defaultdict(dict)
        for line, reason in others.items():
            if line.exists() and line.state == "done":
                parts[(line.move_id, *reason)][line] = line.quantity_product_uom
        aside = self.browse()
        for (move, item, is_foreign), quantities in parts.items():
            is_whole = len(quantities) == len(move.move_line_ids)
            part = move if is_whole else move._divide_done(quantities)
            vals = {"rma_line_id": False, "rma_instead_of_id": item.id}
            if is_foreign:
                vals.update(sale_line_id=False, origin_returned_move_id=False, to_refund=False)
            part.write(vals)
            aside |= part
        return aside

    def _filter_set_aside(self):
        """Return the moves of what came instead of something else, is still with us and no
        return's."""
        return self.filtered(
            lambda move: (
                move.rma_instead_of_id
                and not move.rma_line_id
                and move.state == "done"
                and move.product_id.uom_id.compare(move._get_qty_with_us(), 0.0) > 0
            )
        )

    def _get_other_serials_message(self):
        """Tell which serials came instead of what, and what to do; empty for none."""
        texts = []
        for move in self._filter_set_aside():
            item = move.rma_instead_of_id
            values = {
                "product": move.product_id.display_name,
                "lots": ", ".join(move._get_move_lines_with_us().lot_id.mapped("name")),
                "receipt": move.picking_id.name or move.reference,
                "rma": item.rma_id.name,
                "order": item.order_id.name,
                "named": ", ".join(item.lot_ids.mapped("name")),
            }
            if move.sale_line_id:
                text = self.env._(
                    "%(product)s: %(lots)s came with %(receipt)s, but %(rma)s names %(named)s. It "
                    "was sold on %(order)s too: take it for the one named, or open a return for "
                    "it.",
                    **values,
                )
            else:
                text = self.env._(
                    "%(product)s: %(lots)s came with %(receipt)s, but was not sold on %(order)s. "
                    "It does not count as come back on %(rma)s: ask the customer, and send it "
                    "back from the receipt if it is not yours.",
                    **values,
                )
            texts.append(text)
        return "\n".join(texts)
