from odoo import fields, models


class SaleRmaLine(models.Model):
    """Serial numbers that came, and those that an item waits for."""

    _inherit = "sale.rma.line"

    instead_move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="rma_instead_of_id",
        string="Came Instead",
        readonly=True,
    )

    def _get_qty_serials_unnamed(self):
        """Return how many serial numbers may still come that the item does not name; nothing
        where it names none and any of the order will do."""
        self.ensure_one()
        if self.product_id.tracking != "serial" or not self.lot_ids:
            return None
        done = self.move_ids.filtered(lambda move: move.state == "done")
        back = done._get_lots_back_from_customer()
        come = self.env["stock.lot"].union(*(lot for lot, quantity in back.items() if quantity > 0))
        pieces = self._get_qty_to_come_back() * self.sale_line_id._get_product_units()
        return round(pieces) - len(self.lot_ids | come)

    def _takes_serial(self, name, free):
        """Whether one of the items waits for a serial number of its order.

        :param dict free: {item: how many serial numbers it does not name may come; None: any},
            lowered by the one that takes it
        """
        if any(name in item.lot_ids.mapped("name") or free[item] is None for item in self):
            return True
        for item in self:
            if free[item] > 0:
                free[item] -= 1
                return True
        return False

    def _has_other_serials(self):
        """Whether something else came for the item, of which nobody decided yet."""
        self.ensure_one()
        # sudo: whether there is something only
        return bool(self.sudo().instead_move_ids._filter_set_aside())

    def _take_other_serials(self):
        """Take serial numbers of the order that came for those that the items name.

        :return: {return id: what was taken for what, in words}
        """
        taken = {}
        for line in self:
            moves = line.instead_move_ids._filter_set_aside().filtered("sale_line_id")
            missing = line._get_lots_to_come()
            for move in moves:
                parts = {
                    move_line: move_line.quantity_product_uom
                    for move_line in move._get_move_lines_with_us()[: len(missing)]
                }
                if not parts:
                    break
                given_up = missing[: len(parts)]
                missing -= given_up
                came = self.env["stock.move.line"].union(*parts).lot_id
                move._give_to_rma_line(line, parts)
                line.lot_ids = line.lot_ids - given_up | came
                taken.setdefault(line.rma_id.id, []).append(
                    self.env._(
                        "%(product)s: %(came)s was taken for %(named)s.",
                        product=line.product_id.display_name,
                        came=", ".join(came.mapped("name")),
                        named=", ".join(given_up.mapped("name")),
                    )
                )
        return {key: " ".join(texts) for key, texts in taken.items()}

    def _get_lots_to_come(self):
        """Return the serial numbers named that have not come."""
        self.ensure_one()
        done = self.move_ids.filtered(lambda move: move.state == "done")
        back = done._get_lots_back_from_customer()
        return self.lot_ids.filtered(lambda lot: back.get(lot, 0.0) <= 0)
