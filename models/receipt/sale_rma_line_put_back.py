from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.quantity_field import format_quantity


class SaleRmaLine(models.Model):
    """What waits in Returns and goes back for sale."""

    _inherit = "sale.rma.line"

    def _prepare_put_back_moves(self, warehouse, quantity, quants):
        """Return {Returns location: values of moves} that bring goods which wait there to a
        warehouse's stock: the very lots, packages and owners' goods that came back.

        :param float quantity: in the sold line's unit
        :param quants: `stock.quant`, with what is in the Returns locations at hand
        :raise UserError: less than that waits in the Returns locations
        """
        self.ensure_one()
        vals_by_source = defaultdict(list)
        # sudo: quantities only
        for product, needed in self.sudo().sale_line_id._get_rma_components().items():
            remaining = needed * quantity
            parts = defaultdict(list)
            for (source, *details), waiting in self._get_waiting(product, quants).items():
                taken = min(remaining, waiting)
                if product.uom_id.compare(taken, 0.0) > 0:
                    remaining -= taken
                    parts[source].append((taken, *details))
            if product.uom_id.compare(remaining, 0.0) > 0:
                raise UserError(self._get_not_waiting_message(product, quantity))
            for source, source_parts in parts.items():
                vals_by_source[source].append(
                    self._prepare_put_back_vals(warehouse, product, source, source_parts)
                )
        return vals_by_source

    def _prepare_put_back_vals(self, warehouse, product, source, parts):
        """Return the values of a move from Returns to a warehouse's stock.

        :param list parts: (quantity in the product's unit, lot, package, owner)
        """
        stock = self._get_restock_location(warehouse)
        total = sum(part[0] for part in parts)
        vals = {
            "product_id": product.id,
            "location_id": source.id,
            "company_id": self.company_id.id,
        }
        return {
            **vals,
            "product_uom": product.uom_id.id,
            "product_uom_qty": total,
            "location_dest_id": stock.id,
            "origin": self.rma_id.name,
            "procure_method": "make_to_stock",
            "rma_line_id": self.id,
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        **vals,
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "lot_id": lot.id,
                        "package_id": package.id,
                        "owner_id": owner.id,
                        "location_dest_id": stock._get_putaway_strategy(product, quantity).id,
                        "picked": True,
                    }
                )
                for quantity, lot, package, owner in parts
            ],
        }

    def _get_restock_location(self, warehouse):
        """Return where goods of the item go that leave Returns; a hook for who has further
        places."""
        self.ensure_one()
        return warehouse.lot_stock_id

    def _get_not_waiting_message(self, product, quantity):
        return self.env._(
            "%(product)s: %(quantity)s should go back to stock, but less than that waits in the "
            "Returns locations for %(rma)s. If it was moved already, leave it out here.",
            product=product.display_name,
            quantity=format_quantity(self.env, quantity),
            rma=self.rma_id.name,
        )

    def _get_waiting(self, product, quants):
        """Return {(Returns location, lot, package, owner): what waits there for this item}, in
        the product's unit; at most what is really there."""
        returns = self.env["stock.warehouse"]._get_rma_locations()
        waiting = defaultdict(float)
        # sudo: where goods of this item wait, whoever puts them back
        done = self.sudo().move_ids.move_line_ids.filtered(
            lambda move_line: move_line.state == "done" and move_line.product_id == product
        )
        for line in done:
            quantity = line.quantity_product_uom
            if line.location_dest_id._is_rma_returns(returns):
                key = line.location_dest_id, line.lot_id, line.result_package_id, line.owner_id
                waiting[key] += quantity
            if line.location_id._is_rma_returns(returns):
                waiting[line.location_id, line.lot_id, line.package_id, line.owner_id] -= quantity
        if not product.is_storable:  # nobody keeps book of where it is
            return waiting
        return {
            key: min(quantity, quants._get_available_quantity(product, *key, strict=True))
            for key, quantity in waiting.items()
            if quantity > 0
        }
