from collections import defaultdict

from odoo import models
from odoo.fields import Command


class StockMove(models.Model):
    """What the desk did, undone by moves."""

    _inherit = "stock.move"

    def _undo_for_desk(self):
        """Bring goods back by moves to where these moves took them from, the last first; planned
        ones are cancelled.

        :return: the moves that do so
        """
        planned = self.filtered(lambda move: move.state not in ("done", "cancel"))
        planned._action_cancel()
        undone = self.browse()
        done = self.filtered(lambda move: move.state == "done")
        for move in done.sorted(lambda move: (move._is_back_from_customer(), -move.id)):
            undone |= move._undo_one()
        return undone

    def _undo_one(self):
        """Do a done move the other way round, lot by lot."""
        self.ensure_one()
        ways = defaultdict(self.move_line_ids.browse)
        for line in self.move_line_ids:
            ways[line.location_dest_id, line.location_id] |= line
        warehouse = self.picking_type_id.warehouse_id or self.location_id.warehouse_id
        is_arrival = self._is_back_from_customer()
        operation = warehouse.out_type_id if is_arrival else warehouse.int_type_id
        pickings = self.env["sale.rma"]._create_documents(
            "stock.picking",
            [
                {
                    "picking_type_id": operation.id,
                    "partner_id": self.picking_id.partner_id.id,
                    "origin": self.origin,
                    "rma_id": self.rma_line_id.rma_id.id,
                    "company_id": self.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "user_id": False,
                    "move_ids": [Command.create(self._prepare_undo(source, destination, lines))],
                }
                for (source, destination), lines in ways.items()
            ],
        )
        pickings.action_confirm()
        pickings._action_done()
        return pickings.move_ids

    def _prepare_undo(self, source, destination, lines):
        quantity = sum(lines.mapped("quantity_product_uom"))
        common = {
            "product_id": self.product_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
        }
        return {
            **common,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": quantity,
            "origin": self.origin,
            "procure_method": "make_to_stock",
            "rma_line_id": self.rma_line_id.id,
            "sale_line_id": self.sale_line_id.id,
            "origin_returned_move_id": self.id,
            "to_refund": self.to_refund,
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        **common,
                        "product_uom_id": self.product_id.uom_id.id,
                        "quantity": line.quantity_product_uom,
                        "lot_id": line.lot_id.id,
                        "package_id": line.result_package_id.id,
                        "owner_id": line.owner_id.id,
                        "picked": True,
                    }
                )
                for line in lines
            ],
        }
