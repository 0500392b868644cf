from odoo import api, models
from odoo.fields import Command, Domain


class StockQuant(models.Model):
    """Stock of what is recalled: held in the Returns location of its warehouse, where goods are
    not for sale."""

    _inherit = "stock.quant"

    @api.model
    def _get_recalled_domain(self, product, lots, companies):
        """Return the domain of the stock that a recall has to hold: what is not held yet."""
        # sudo: of all companies, to leave out what is held anywhere
        held = self.env["stock.warehouse"].sudo()._get_rma_locations()
        domain = Domain("product_id", "=", product.id)
        domain &= Domain("company_id", "in", companies.ids) & Domain("quantity", ">", 0)
        domain &= Domain("location_id.usage", "=", "internal")
        domain &= Domain("location_id", "not in", held.ids)
        return domain & Domain("lot_id", "in", lots.ids) if lots else domain

    @api.model
    def _hold_recalled(self, product, lots, companies):
        """Move the stock of what is recalled to Returns, also what deliveries have reserved; these
        look for other stock. That the user may recall it is the caller's to check.

        :param lots: only these `stock.lot`; empty for all of the product
        :return: the done `stock.picking`
        """
        # sudo: who recalls a product has its stock held, with no rights on stock
        quants = self.sudo().search(self._get_recalled_domain(product, lots, companies))
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "in", companies.ids), ("rma_location_id", "!=", False)])
        )
        by_company = warehouses.grouped("company_id")
        by_warehouse = {}
        for quant in quants:
            own = quant.location_id.warehouse_id & warehouses
            warehouse = own or by_company.get(quant.company_id, warehouses.browse())[:1]
            by_warehouse[warehouse] = by_warehouse.get(warehouse, quants.browse()) | quant
        by_warehouse.pop(warehouses.browse(), None)
        if not by_warehouse:
            return self.env["stock.picking"]
        freed = quants._free_recalled()
        pickings = self.env["sale.rma"]._create_documents(
            "stock.picking",
            [found._prepare_hold_vals(warehouse) for warehouse, found in by_warehouse.items()],
        )
        pickings.action_confirm()
        pickings.move_ids.picked = True
        pickings._action_done()
        freed.exists()._action_assign()
        return pickings

    def _free_recalled(self):
        """Take these quants off the transfers that reserve them.

        :return: their `stock.move`
        """
        domain = Domain.OR(
            Domain("location_id", "in", quants.location_id.ids)
            & Domain("lot_id", "in", lot.ids or [False])
            for lot, quants in self.grouped("lot_id").items()
        )
        domain &= Domain("product_id", "in", self.product_id.ids)
        domain &= Domain("state", "not in", ("done", "cancel"))
        # sudo: what is held is held in all transfers; the dialog checks who may
        move_lines = self.env["stock.move.line"].sudo().search(domain)
        move_lines.picked = False  # what is in somebody's basket is not sent either
        moves = move_lines.move_id
        moves._do_unreserve()
        return moves

    def _prepare_hold_vals(self, warehouse):
        """Return the values of the transfer that holds these quants of a warehouse."""
        product = self.product_id[:1]
        moves = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": sum(quants.mapped("quantity")),
                    "product_uom": product.uom_id.id,
                    "location_id": location.id,
                    "location_dest_id": warehouse.rma_location_id.id,
                    "company_id": warehouse.company_id.id,
                    "move_line_ids": [
                        Command.create(quant._prepare_hold_line_vals(warehouse)) for quant in quants
                    ],
                }
            )
            for location, quants in self.grouped("location_id").items()
        ]
        return {
            "picking_type_id": warehouse.int_type_id.id,
            "origin": self.env._("Recall of %(product)s", product=product.display_name),
            "company_id": warehouse.company_id.id,
            "location_id": self.location_id[:1].id,
            "location_dest_id": warehouse.rma_location_id.id,
            "user_id": False,
            "move_ids": moves,
        }

    def _prepare_hold_line_vals(self, warehouse):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": self.quantity,
            "lot_id": self.lot_id.id,
            "package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": warehouse.rma_location_id.id,
            "company_id": warehouse.company_id.id,
        }
