from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.quantity_field import format_quantity, round_units

WAITING = ("returns",)
"""Actions after which a piece is not where it stays."""


class SaleRmaParcel(models.Model):
    """The parcel is done: goods are received and go where they belong, by the engine that the
    processing screen uses, without money (R9)."""

    _inherit = "sale.rma.parcel"

    def desk_finish(self, token=None):
        """Receive what was counted, and move it as its dispositions say. The return stays open
        for who may give money.

        :return: state, with a message of what was done
        :raise UserError: something is still to be said of a piece, or the return is in no state
            that receives
        """
        parcel = self._start("open", token=token)
        if self._find_step(token):
            return parcel._get_state()
        parcel.rma_id._lock()
        pieces = parcel.inspection_ids.sorted("id")
        parcel._check_ready(pieces)
        proposed = pieces.filtered(lambda piece: not piece.disposition_id)
        for piece in proposed:
            piece.disposition_id = piece.proposed_disposition_id
        parcel._settle_made_here()
        before = parcel._get_moves()
        parcel._receive_pieces(pieces)
        pieces._place()
        moves = (parcel._get_moves() - before) | pieces.move_ids
        pieces.date_end = fields.Datetime.now()
        parcel._write_done(pieces, moves)
        parcel._log_step("finish", token, {"proposed": proposed.ids})
        parcel._tell_refused(pieces)
        parcel._log_graded(pieces)
        parcel.rma_id._on_graded()
        return parcel._get_state(parcel._get_done_message(pieces))

    def _check_ready(self, pieces):
        if not pieces:
            raise UserError(
                self.env._("%(parcel)s: nothing was counted. Scan what is in it.", parcel=self.name)
            )
        missing = pieces._get_missing_texts()
        if missing:
            raise UserError(
                "\n".join(
                    f"{piece.product_id.display_name}: {text}" for piece, text in missing.items()
                )
            )
        for piece in pieces:
            if piece._get_disposition().action == "customer":
                piece._check_may_be_refused()

    def _settle_made_here(self):
        """What is in the parcel is what comes back, on a return that was made for it."""
        rma = self.rma_id
        if not self.is_made_here or rma.state != "draft":
            return
        counted = defaultdict(float)
        for piece in self.inspection_ids.filtered(lambda piece: not piece.is_other):
            counted[piece.rma_line_id] += piece.quantity
        empty = rma.line_ids.filtered(lambda line: not counted.get(line))
        if empty == rma.line_ids:
            raise UserError(
                self.env._("None of the order's items was counted: put the parcel aside instead.")
            )
        empty.unlink()
        for line in rma.line_ids:
            if line.product_uom_id.compare(line.quantity, counted[line]):
                line.quantity = counted[line]
        rma.action_accept()

    def _get_moves(self):
        """Return the moves of the return that are done or leave the warehouse."""
        lines = self.rma_id.line_ids
        moves = lines.move_ids | lines.instead_move_ids
        return moves.filtered(
            lambda move: (
                move.state == "done"
                or (move.state != "cancel" and not move.location_id._is_with_customer())
            )
        )

    # === RECEIVING === #

    def _receive_pieces(self, pieces):
        """Receive what was counted and is not here yet."""
        others = pieces.filtered("is_other")
        extra = (pieces - others).filtered(lambda piece: not piece.rma_line_id)
        others._arrive_as_other()
        extra |= others.filtered(lambda piece: not piece.location_id)
        own = (pieces - others - extra).filtered("rma_line_id")
        if own:
            self._process_pieces(own)
        extra._arrive_extra()  # after what is waited for, which would take it

    def _process_pieces(self, pieces):
        """Have the engine receive pieces of items, and put back what all goes back."""
        rma, returns = self.rma_id, self.warehouse_id.rma_location_id
        by_line = pieces.grouped("rma_line_id")
        lots = {line: some.lot_id for line, some in by_line.items() if some.lot_id}
        if lots:
            lines = self.env["sale.rma.line"].union(*lots)
            lines.sudo()._limit_receipt_to_lots(lots)  # sudo: planned by the program
        plans, straight = [], self.env["sale.rma.inspection"]
        for line, some in by_line.items():
            unit, waiting = line.product_uom_id, self._get_qty_unseen(line)
            counted = sum(some.mapped("quantity"))
            received = line.qty_received + max(counted - waiting, 0.0)
            for_sale = some.filtered(lambda piece: piece.action == "restock")
            if (some.lot_id and for_sale != some) or waiting > 0:
                for_sale = for_sale.browse()  # the very piece is moved from Returns
            straight |= for_sale
            plans.append(
                {
                    "rma_line": line.id,
                    "received": round_units(unit, received),
                    "restock": round_units(unit, sum(for_sale.mapped("quantity"))),
                    "warehouse": self.warehouse_id.id,
                    "refund": 0.0,
                    "keep": False,
                    "exchange": False,
                    "exchange_qty": 0.0,
                }
            )
        pieces.location_id = returns
        rma.desk_process_count += 1
        rma._process(
            [
                {
                    "rma": rma.id,
                    "lines": plans,
                    "refund_shipping": False,
                    "fee": 0.0,
                    "adjustment": 0.0,
                    "close": False,
                }
            ]
        )
        for piece in straight:
            piece.location_id = piece._get_destination()
            piece.move_ids |= piece.rma_line_id.move_ids.filtered(
                lambda move: move._is_back_from_customer()
            )

    def _get_qty_unseen(self, line):
        """Return the units that came back and no desk has seen, in the sold unit: the dock had
        received them."""
        seen = sum(line._get_placed().mapped("quantity"))
        return max(round_units(line.product_uom_id, line.qty_received - seen), 0.0)

    # === DONE === #

    def _write_done(self, pieces, moves):
        now = fields.Datetime.now()
        count = sum(pieces.mapped("pieces"))
        seconds = max(int((now - self.date_start).total_seconds()), 0)
        scans = self.scans + 1  # this step
        self.write(
            {
                "state": "done",
                "date_end": now,
                "move_ids": [Command.set(moves.ids)],
                "pieces": count,
                "seconds": seconds,
                "seconds_per_piece": seconds / count if count else 0.0,
                "scans_per_piece": scans / count if count else 0.0,
                "is_first_touch": not any(piece.action in WAITING for piece in pieces),
            }
        )

    def _log_graded(self, pieces):
        """Write to the history what was found and where it went."""
        texts = [
            self.env._(
                "%(quantity)s %(product)s: %(grade)s, %(disposition)s",
                quantity=format_quantity(self.env, piece.quantity),
                product=piece.product_id.display_name,
                grade=piece.grade_id.name,
                disposition=piece.disposition_id.name,
            )
            + (f" ({piece.lot_name})" if piece.lot_name else "")
            for piece in pieces
        ]
        body = self.env._("Seen at the returns desk: %(found)s", found="; ".join(texts))
        self.rma_id._log_history("state", {self.rma_id.id: body})

    def _get_done_message(self, pieces):
        missing = [
            f"{format_quantity(self.env, quantity)} {line.product_id.display_name}"
            for line in self.rma_id.line_ids
            if line.product_id.type != "service"
            and (quantity := round_units(line.product_uom_id, self._get_short(line))) > 0
        ]
        if not missing:
            return self.env._("%(parcel)s is done.", parcel=self.name)
        return self.env._(
            "%(parcel)s is done. Still missing: %(missing)s.",
            parcel=self.name,
            missing=", ".join(missing),
        )

    def _get_short(self, line):
        own = self.inspection_ids.filtered(
            lambda piece: piece.rma_line_id == line and not piece.is_other
        )
        return self._get_expected(line) - sum(own.mapped("quantity"))

    def _tell_refused(self, pieces):
        """Mail the customer why pieces are sent back to him."""
        rma = self.rma_id
        refused = pieces.filtered(lambda piece: piece.action == "customer")
        for ground, some in refused.grouped("ground").items():
            rma = rma.with_context(lang=rma.partner_id.lang)
            rma._post_to_customer(
                rma.env._(
                    "We send this back to you: %(items)s. %(ground)s",
                    items=", ".join(
                        f"{format_quantity(rma.env, piece.quantity)} "
                        f"{piece.product_id.with_context(lang=rma.partner_id.lang).display_name}"
                        for piece in some
                    ),
                    ground=ground,
                )
            )

    # === UNDOING === #

    def desk_undo(self, token=None):
        """Take back the last step of the parcel; what was moved goes back by moves.

        :return: state
        :raise UserError: there is none, or money was given for it
        """
        parcel = self._start("open", "done", token=token)
        if self._find_step(token):
            return parcel._get_state()
        step = parcel._get_last_step()
        if not step:
            raise UserError(self.env._("There is nothing to undo."))
        data, pieces = step.data or {}, parcel.inspection_ids
        piece = pieces.filtered(lambda piece: piece.id == data.get("piece"))
        if step.kind == "finish":
            parcel._undo_finish(data)
        elif step.kind == "move":
            parcel._undo_move(piece, data)
        elif step.kind == "count" and data.get("before") is None:
            piece.unlink()
        elif step.kind == "count":
            share = data["before"] / piece.quantity
            piece.write({"quantity": data["before"], "pieces": piece.pieces * share})
        elif step.kind == "set":
            piece.write(data["before"])
        elif step.kind == "photo":
            piece.attachment_ids.filtered(lambda file: file.id == data["file"]).unlink()
        step.is_undone = True
        undone = parcel._log_step("undo", token)
        undone.is_undone = True
        return parcel._get_state(self.env._("Undone."))

    # === FURTHER ON === #

    def desk_move(self, inspection_id, disposition_id, values=None, token=None):
        """Move a piece on that waits in Returns, is refurbished or locked away.

        :param dict values: what its new disposition asks for, as in `desk_set`
        :return: state
        :raise UserError: it does not wait any more, or something is still to be said of it
        """
        parcel = self._start("done", token=token)
        if self._find_step(token):
            return parcel._get_state()
        piece = parcel._get_piece(inspection_id)
        disposition = self._read_one("sale.rma.disposition", disposition_id)
        returns = self.env["stock.warehouse"]._get_rma_locations()
        if not piece.location_id or not piece.location_id._is_rma_returns(returns):
            raise UserError(
                self.env._(
                    "%(product)s does not wait in Returns any more.",
                    product=piece.product_id.display_name,
                )
            )
        parcel.rma_id._lock()
        before = {"disposition_id": piece.disposition_id.id, "location_id": piece.location_id.id}
        moved = piece.move_ids
        piece.write({**parcel._read_values(piece, values or {}), "disposition_id": disposition.id})
        parcel._check_ready(piece)
        piece._place()
        moves = piece.move_ids - moved
        parcel.move_ids |= moves
        data = {"piece": piece.id, "before": before, "moves": moves.ids}
        parcel._log_step("move", token, data)
        parcel._tell_refused(piece)
        parcel._log_graded(piece)
        return parcel._get_state()

    def _undo_move(self, piece, data):
        moves = piece.move_ids.filtered(lambda move: move.id in data["moves"])
        self._check_here(moves)
        moves._undo_for_desk()
        piece.write(data["before"])
        piece.move_ids -= moves
        self.move_ids -= moves

    def _check_here(self, moves):
        """:raise UserError: some of it has left the warehouse"""
        if any(move.state == "done" and move.picking_type_id.code == "outgoing" for move in moves):
            raise UserError(
                self.env._("Some of it has left the warehouse and cannot be taken back here.")
            )

    def _undo_finish(self, data):
        """Move all back to where it came from; the return waits for it again."""
        rma = self.rma_id
        rma._lock()
        lines = self.inspection_ids.rma_line_id
        credited = any(line._get_qty_credited() for line in lines)
        if credited or rma.state != "processing":
            raise UserError(
                self.env._(
                    "%(rma)s was processed since: what is done with it is undone there.",
                    rma=rma.name,
                )
            )
        moves = self.move_ids.exists()
        self._check_here(moves)
        moves._undo_for_desk()
        pieces = self.inspection_ids
        pieces.write({"date_end": False, "location_id": False, "move_ids": [Command.clear()]})
        # what was not chosen is proposed anew
        pieces.filtered(lambda piece: piece.id in data["proposed"]).disposition_id = False
        self.write({"state": "open", "date_end": False, "move_ids": [Command.clear()]})
        rma._plan_what_did_not_come()


class SaleRmaInspection(models.Model):
    _inherit = "sale.rma.inspection"

    def _check_may_be_refused(self):
        """R11: goods of a withdrawal are sent back only on a ground of the law."""
        self.ensure_one()
        line = self.rma_line_id
        if self.rma_id.rma_type == "withdrawal" and line and not line.refusal_ground:
            raise UserError(
                self.env._(
                    "%(product)s: %(rma)s is a withdrawal. It is sent back only where sales wrote "
                    "one of the law's grounds on the item; let it wait in Returns.",
                    product=self.product_id.display_name,
                    rma=self.rma_id.name,
                )
            )

    def _arrive_as_other(self):
        """Receive pieces with another lot or serial than is waited for as the dock would: they are
        set aside, and the right ones are waited for (`stock.move._get_other_serials`)."""
        for piece in self.filtered("rma_line_id"):
            line = piece.rma_line_id
            move = line._get_planned_moves().filtered(
                lambda move, piece=piece: move.product_id == piece.product_id
            )[:1]
            if not move:
                continue
            picking = move.picking_id
            picking.move_ids.filtered("picked").picked = False
            move.move_line_ids.unlink()
            vals = move._prepare_move_line_vals(quantity=piece.pieces)
            move_lines = self.env["stock.move.line"].create([{**vals, "lot_name": piece.lot_name}])
            move.picked = True
            picking._action_done()
            piece.lot_id = move_lines.lot_id
            aside = line.instead_move_ids.filtered(
                lambda done, lines=move_lines: done.move_line_ids & lines
            )
            piece.move_ids |= aside
            piece.location_id = aside.move_line_ids.location_dest_id[:1]

    def _arrive_extra(self):
        """Receive what was not announced: into Returns, on no item. What the customer has more of
        counts as come back on its order, as with Odoo's own return; it is credited by nobody until
        somebody puts it on a return."""
        if not self:
            return
        parcel = self.parcel_id
        parcel.ensure_one()
        warehouse, rma = parcel.warehouse_id, parcel.rma_id
        order = rma.order_id
        customers = order.partner_shipping_id.with_company(order.company_id)
        source = customers.property_stock_customer
        picking = self.env["sale.rma"]._create_documents(
            "stock.picking",
            [
                {
                    "picking_type_id": warehouse.in_type_id.id,
                    "partner_id": (rma.partner_shipping_id or rma.partner_id).id,
                    "origin": rma.name,
                    "company_id": parcel.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": warehouse.rma_location_id.id,
                    "user_id": False,
                }
            ],
        )
        for piece in self:
            vals = piece._prepare_extra_move(source, warehouse)
            piece.move_ids |= picking.move_ids.create([{**vals, "picking_id": picking.id}])
        picking.action_confirm()
        picking._action_done()
        for piece in self:
            piece.lot_id = piece.move_ids.move_line_ids.lot_id[:1]
            piece.location_id = warehouse.rma_location_id

    def _prepare_extra_move(self, source, warehouse):
        product, place = self.product_id, warehouse.rma_location_id
        common = {
            "product_id": product.id,
            "location_id": source.id,
            "location_dest_id": place.id,
            "company_id": self.company_id.id,
        }
        lot = {"lot_id": self.lot_id.id} if self.lot_id else {"lot_name": self.lot_name}
        vals = {
            **common,
            "product_uom": product.uom_id.id,
            "product_uom_qty": self.pieces,
            "origin": self.rma_id.name,
            "procure_method": "make_to_stock",
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        **common,
                        "product_uom_id": product.uom_id.id,
                        "quantity": self.pieces,
                        "picked": True,
                        **(lot if product.tracking != "none" else {}),
                    }
                )
            ],
        }
        line = self.over_line_id
        if line and not self.is_other:
            at_customer = line.sale_line_id._get_products_at_customer()[line.sale_line_id]
            origin = next(iter(line._split_over_deliveries(product, self.pieces)), None)
            has_more = product.uom_id.compare(at_customer.get(product, 0.0), self.pieces) >= 0
            if has_more and origin is not None and origin._name == "stock.move":
                vals.update(
                    sale_line_id=line.sale_line_id.id,
                    origin_returned_move_id=origin.id,
                    to_refund=True,
                )
        return vals
