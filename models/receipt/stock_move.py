from odoo import api, models


class StockMove(models.Model):
    """Where goods of returns go."""

    _inherit = "stock.move"

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Override of `stock`: moves of different returned items stay apart."""
        return [*super()._prepare_merge_moves_distinct_fields(), "rma_line_id"]

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

    def _send_rma_to_stock(self, location, quantity, to_stock):
        """Send a part of an arriving move straight to stock, the rest stays for Returns.

        :param location: where it goes, see `sale.rma.line._get_restock_location`
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
            stock = location._get_putaway_strategy(self.product_id, here)
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
