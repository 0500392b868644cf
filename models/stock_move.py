from collections import defaultdict

from odoo import fields, models
from odoo.tools.constants import PREFETCH_MAX

from ..tools.quantity_field import round_units


class StockMove(models.Model):
    """What quantities of returns are told from: done moves between the shop and its customer."""

    _name = "stock.move"
    _inherit = ["stock.move", "sale.rma.protected"]
    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Returned Item",
        index="btree_not_null",
        ondelete="set null",  # items of done moves are kept by sale.rma.line
        check_company=True,
    )

    def _read_to_count(self):
        """Have all that quantities are told from read together: which piece it was matters for
        what is tracked only."""
        self._read_at_once(self.filtered(lambda move: move.has_tracking != "none"))

    def _read_at_once(self, detailed=None):
        """Have moves read together: a part of them taken by `filtered` or `grouped` would read its
        own, one after the other.

        :param detailed: those of which the pieces are read too; default: all
        """
        move_lines = (self if detailed is None else detailed).move_line_ids
        for records in (self, move_lines):
            if len(records) > PREFETCH_MAX:  # the ORM reads one field for all, the rest one by one
                names = [name for name, field in records._fields.items() if field.prefetch is True]
                records.fetch(names)
        (self.location_id | self.location_dest_id).fetch(["usage", "parent_path"])
        (move_lines.location_id | move_lines.location_dest_id).fetch(["usage", "parent_path"])
        self.product_id.mapped("uom_id")

    def _get_qty_back_from_customer(self, uom):
        """Return what these moves brought back from the customer less what they sent out: of packs
        and dozens in whole pieces, though Odoo books 0.42 dozen for five.

        :param uom: `uom.uom` of the result
        """
        quantity = 0.0
        for move in self:
            from_customer = move.location_id._is_with_customer()
            to_customer = move.location_dest_id._is_with_customer()
            if from_customer != to_customer:
                sign = 1 if from_customer else -1
                unit = move.product_uom
                moved = round_units(unit, move.quantity)
                quantity += sign * unit._compute_quantity(moved, uom, round=False)
        return round_units(uom, quantity) if uom else quantity

    def _filter_first_deliveries(self):
        """Return the done moves that brought goods to the customer for the first time: what came
        back on a return and was sent to the customer again (a refused one) is no delivery that
        terms run from."""
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id._is_with_customer()
                and not move.location_id._is_with_customer()
                and not (move.rma_line_id or move.origin_returned_move_id.rma_line_id)
            )
        )

    def _get_rma_returns(self):
        """Return the moves that bring, or are planned to bring, delivered goods back."""
        return self.returned_move_ids.filtered(
            lambda move: move.state != "cancel" and move.location_id._is_with_customer()
        )

    def _get_lots_back_from_customer(self):
        """Return {lot: what these moves brought back less what they sent out}, in the product's
        own unit."""
        quantities = defaultdict(float)
        for move_line in self.move_line_ids.filtered("lot_id"):
            from_customer = move_line.location_id._is_with_customer()
            if from_customer != move_line.location_dest_id._is_with_customer():
                sign = 1 if from_customer else -1
                quantities[move_line.lot_id] += sign * move_line.quantity_product_uom
        return quantities

    def _get_rma_qty_received(self, sold):
        """Return the units of a sold line that came back, in its unit: whole kits for a kit."""
        quantities = {
            product: moves._get_qty_back_from_customer(product.uom_id)
            for product, moves in self.grouped("product_id").items()
        }
        return sold._get_rma_whole_units(quantities)

    def _is_back_from_customer(self):
        """Whether the move brought goods back from the customer."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.location_id._is_with_customer()
            and not self.location_dest_id._is_with_customer()
        )

    def _filter_nobodys_arrivals(self):
        """Return the moves that brought something back and are no return's."""
        return self.filtered(lambda move: not move.rma_line_id and move._is_back_from_customer())

    def _get_sent_again(self):
        """Return the moves that brought what came back to the customer once more."""
        return self.returned_move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id._is_with_customer()
        )

    def _get_qty_with_us(self):
        """Return what came back and was not sent to the customer again, in the product's unit."""
        self.ensure_one()
        return (self | self._get_sent_again())._get_qty_back_from_customer(self.product_id.uom_id)
