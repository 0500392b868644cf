from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.constants import PREFETCH_MAX


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "sale.rma.protected"]

    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Returned Item",
        index="btree_not_null",
        ondelete="set null",  # items of done moves are kept by sale.rma.line
        check_company=True,
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Override of `stock`: moves of different returned items stay apart."""
        return [*super()._prepare_merge_moves_distinct_fields(), "rma_line_id"]

    def _read_at_once(self):
        """Have all that quantities are told from read together: a part of the moves taken by
        `filtered` or `grouped` would read its own, one after the other."""
        move_lines = self.move_line_ids
        for records in (self, move_lines):
            if len(records) > PREFETCH_MAX:  # the ORM reads one field for all, the rest one by one
                names = [name for name, field in records._fields.items() if field.prefetch is True]
                records.fetch(names)
        (self.location_id | self.location_dest_id).fetch(["usage", "parent_path"])
        (move_lines.location_id | move_lines.location_dest_id).fetch(["usage", "parent_path"])
        self.product_id.mapped("uom_id")

    def _get_qty_back_from_customer(self, uom):
        """Return what these moves brought back from the customer less what they sent out.

        :param uom: `uom.uom` of the result
        """
        quantity = 0.0
        for move in self:
            from_customer = move.location_id._is_with_customer()
            to_customer = move.location_dest_id._is_with_customer()
            if from_customer != to_customer:
                sign = 1 if from_customer else -1
                quantity += sign * move.product_uom._compute_quantity(
                    move.quantity, uom, round=False
                )
        return uom.round(quantity) if uom else quantity

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

    def _get_rma_qty_restocked(self, sold, returns):
        """Return the units of a sold line that were put back for sale, in its unit.

        What moved from the customer or a Returns location to another internal location counts,
        what left again counts against it; by move lines, as one receipt may go to both.

        :param returns: the Returns locations of all warehouses
        """
        quantities = {}
        for move_line in self.move_line_ids:
            sources = move_line.location_id._is_rma_for_sale(returns)
            destinations = move_line.location_dest_id._is_rma_for_sale(returns)
            if sources != destinations:
                product = move_line.product_id
                sign = 1 if destinations else -1
                quantities.setdefault(product, 0.0)
                quantities[product] += sign * move_line.quantity_product_uom
        return sold._get_rma_whole_units(quantities)

    def _send_rma_to_stock(self, warehouse, quantity, to_stock):
        """Send a part of an arriving move straight to stock, the rest stays for Returns.

        :param float quantity: in the product's own unit
        :param dict to_stock: {location: move lines that go there}, added to: the caller writes it
            for all moves at once
        """
        self.ensure_one()
        uom = self.product_id.uom_id
        for move_line in self.move_line_ids:
            here = min(move_line.quantity_product_uom, quantity)
            if uom.compare(here, 0.0) <= 0:
                break
            quantity -= here
            stock = warehouse.lot_stock_id._get_putaway_strategy(self.product_id, here)
            if uom.compare(here, move_line.quantity_product_uom) == 0:
                to_stock[stock] |= move_line
                continue
            line_uom = move_line.product_uom_id
            kept = move_line.quantity_product_uom - here
            move_line.quantity = uom._compute_quantity(kept, line_uom, rounding_method="HALF-UP")
            move_line.copy(
                {
                    "quantity": uom._compute_quantity(here, line_uom, rounding_method="HALF-UP"),
                    "location_dest_id": stock.id,
                    "picked": True,
                }
            )
