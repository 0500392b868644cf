from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.quantity_field import format_quantity


class SaleRmaInspection(models.Model):
    """Pieces that wait in Returns go where their dispositions say: each a move of Odoo's own.

    All of it runs as superuser: the desk checked who may, and a stock user has no right on
    returns and orders (R9). Nothing here gives money.
    """

    _inherit = "sale.rma.inspection"

    def _place(self):
        """Move pieces from where they are to where their dispositions say. Inside the warehouse
        it is done at once; what leaves it is a transfer that is ready to be sent.

        :return: the moves
        """
        returns = self.env["stock.warehouse"]._get_rma_locations()
        moving = self.filtered(
            lambda piece: (
                piece.location_id
                and piece.location_id._is_rma_returns(returns)
                and (
                    piece.disposition_id.action == "scrap"
                    or piece._get_destination() != piece.location_id
                )
            )
        )
        if not moving:
            return self.env["stock.move"]
        parts = moving._take_parts()
        scrapped = moving.filtered(lambda piece: piece.disposition_id.action == "scrap")
        moves = scrapped._scrap(parts)
        return moves | (moving - scrapped)._transfer(parts)

    def _take_parts(self):
        """Return {piece: {product: [(quantity in the product's unit, lot, package, owner)]}}: the
        very goods that came back, where the piece is.

        :raise UserError: less than that is there
        """
        keys = {(piece.rma_line_id, None): 0.0 for piece in self if piece.rma_line_id}
        quants = self.env["sale.rma"]._get_returns_quants(keys)
        waiting, parts = {}, defaultdict(dict)
        for piece in self:
            line = piece.rma_line_id
            if not line or piece.is_other:
                empty = self.env["stock.package"], self.env["res.partner"]
                parts[piece][piece.product_id] = [(piece.pieces, piece.lot_id, *empty)]
                continue
            for product, needed in line.sale_line_id._get_rma_components().items():
                if (line, product) not in waiting:
                    waiting[line, product] = dict(line._get_waiting(product, quants))
                parts[piece][product] = piece._take_waiting(
                    product, needed * piece.quantity, waiting[line, product]
                )
        return parts

    def _take_waiting(self, product, quantity, waiting):
        """Take a quantity of what waits where the piece is, lowering what waits.

        :param dict waiting: {(location, lot, package, owner): quantity}
        """
        self.ensure_one()
        taken = []
        for key in waiting:
            location, lot, package, owner = key
            if location != self.location_id or (self.lot_id and lot != self.lot_id):
                continue
            part = min(quantity, waiting[key])
            if product.uom_id.compare(part, 0.0) > 0:
                taken.append((part, lot, package, owner))
                waiting[key] -= part
                quantity -= part
        if product.uom_id.compare(quantity, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s of it should be in %(location)s for %(rma)s and is "
                    "not. If it was moved already, say so there.",
                    product=product.display_name,
                    quantity=format_quantity(self.env, quantity),
                    location=self.location_id.display_name,
                    rma=self.rma_id.name,
                )
            )
        return taken

    # === TRANSFERS === #

    def _transfer(self, parts):
        """Create the transfers, and do those inside the warehouse."""
        groups = defaultdict(self.browse)
        for piece in self:
            key = (
                piece.rma_id,
                piece._get_operation_type(),
                piece.location_id,
                piece._get_destination(),
                piece._get_transfer_partner(),
            )
            groups[key] |= piece
        if not groups:
            return self.env["stock.move"]
        pickings = self.env["sale.rma"]._create_documents(
            "stock.picking",
            [
                {
                    "picking_type_id": operation.id,
                    "partner_id": partner.id,
                    "origin": rma.name,
                    "rma_id": rma.id,
                    "company_id": rma.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "user_id": False,
                    "move_ids": [
                        Command.create(vals)
                        for piece in pieces
                        for vals in piece._prepare_moves(destination, parts[piece])
                    ],
                }
                for (rma, operation, source, destination, partner), pieces in groups.items()
            ],
        )
        pickings.action_confirm()
        inside = pickings.filtered(lambda picking: picking.picking_type_id.code == "internal")
        leaving = pickings - inside
        if leaving:
            leaving.action_assign()
        if inside:
            inside._action_done()
        for picking, pieces in zip(pickings, groups.values(), strict=True):
            for piece in pieces:
                line = piece.rma_line_id if not piece.is_other else piece.rma_line_id.browse()
                piece.move_ids |= picking.move_ids.filtered(
                    lambda move, line=line, piece=piece: (
                        move.rma_line_id == line and (line or move.product_id == piece.product_id)
                    )
                )
                if picking in inside:
                    piece.location_id = picking.location_dest_id
        return pickings.move_ids

    def _prepare_moves(self, destination, parts):
        """Return the values of the moves of a piece.

        :param dict parts: {product: [(quantity, lot, package, owner)]}
        """
        self.ensure_one()
        return [
            self._prepare_move(destination, product, items)
            for product, items in parts.items()
            if items
        ]

    def _prepare_move(self, destination, product, items):
        line = self.rma_line_id if not self.is_other else self.rma_line_id.browse()
        done = self._get_operation_type().code == "internal"
        common = {
            "product_id": product.id,
            "location_id": self.location_id.id,
            "company_id": self.company_id.id,
        }
        return {
            **common,
            "product_uom": product.uom_id.id,
            "product_uom_qty": sum(item[0] for item in items),
            "location_dest_id": destination.id,
            "origin": self.rma_id.name,
            "procure_method": "make_to_stock",
            "rma_line_id": line.id,
            "picked": done,
            **self._prepare_way_vals(product),
            "move_line_ids": [
                Command.create(
                    {
                        **common,
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "lot_id": lot.id,
                        "package_id": package.id,
                        "owner_id": owner.id,
                        "location_dest_id": destination._get_putaway_strategy(product, quantity).id
                        if done
                        else destination.id,
                        "picked": done,
                    }
                )
                for quantity, lot, package, owner in items
            ],
        }

    def _prepare_way_vals(self, product):
        """Return what ties a move to the order it goes back on."""
        self.ensure_one()
        if self.disposition_id.action == "customer" and self.rma_line_id and not self.is_other:
            arrived = self.rma_line_id.move_ids.filtered(
                lambda move: move._is_back_from_customer() and move.product_id == product
            )
            return {
                "sale_line_id": self.rma_line_id.sale_line_id.id,
                "origin_returned_move_id": arrived[-1:].id,
                "to_refund": True,
            }
        if self.disposition_id.action == "supplier" and (bought := self._get_purchase_move()):
            return {
                "purchase_line_id": bought.purchase_line_id.id,
                "origin_returned_move_id": bought.id,
                "to_refund": True,
            }
        return {}

    # === SCRAP === #

    def _scrap(self, parts):
        """Scrap pieces with their grounds, as `stock.scrap` does; return the moves."""
        vals_list = [
            {
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "scrap_qty": quantity,
                "lot_id": lot.id,
                "package_id": package.id,
                "owner_id": owner.id,
                "location_id": piece.location_id.id,
                "company_id": piece.company_id.id,
                "origin": piece.rma_id.name,
                "rma_inspection_id": piece.id,
                "rma_ground_id": piece.scrap_ground_id.id,
            }
            for piece in self
            for product, items in parts[piece].items()
            for quantity, lot, package, owner in items
        ]
        if not vals_list:
            return self.env["stock.move"]
        scraps = self.env["sale.rma"]._create_documents("stock.scrap", vals_list)
        scraps.do_scrap()
        for scrap in scraps:
            piece = scrap.rma_inspection_id
            piece.move_ids |= scrap.move_ids
            piece.location_id = scrap.scrap_location_id
        return scraps.move_ids
