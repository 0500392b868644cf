import base64
import binascii
import math

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.quantity_field import is_countable, round_units
from ..portal.sale_rma_upload import PROOF_EXTENSIONS

MOST_PIECES = 100_000
MOST_ORDERS = 10
MOST_PHOTOS = 10
SET_NAMES = {
    "grade_id": "sale.rma.grade",
    "disposition_id": "sale.rma.disposition",
    "scrap_ground_id": "sale.rma.scrap.ground",
}
"""What the screen may set of a piece, with the model it is of."""
TEXT_NAMES = ("note", "ground")


class SaleRmaParcel(models.Model):
    """Steps of the screen. Each is done once, however often it is sent, and answers the state."""

    _inherit = "sale.rma.parcel"

    # === DONE ONCE === #

    @api.model
    def _find_step(self, token):
        """Return the step that was sent with this token before."""
        # sudo: the user's own step
        steps = self.env["sale.rma.parcel.step"].sudo()
        if not token:
            return steps
        domain = [("token", "=", str(token)[:100]), ("create_uid", "=", self.env.uid)]
        return steps.search(domain, limit=1)

    def _log_step(self, kind, token=None, data=None, answer=None):
        """Note a step that is done; two at the same moment do not both go through, as both write
        the parcel."""
        self.ensure_one()
        self.scans += 1
        steps = self.env["sale.rma.parcel.step"].sudo()  # the program's own book
        return steps.create(
            {
                "parcel_id": self.id,
                "token": str(token)[:100] if token else False,
                "kind": kind,
                "data": data or {},
                "answer": answer or {},
            }
        )

    # === OPENING === #

    @api.model
    def desk_choose(self, rma_id, token=None):
        """Open the parcel of a return that was chosen among several.

        :return: state
        """
        self._check_desk()
        if step := self._find_step(token):
            return step.parcel_id._get_state()
        parcel = self._open(self._read_one("sale.rma", rma_id))
        parcel._log_step("open", token)
        return parcel._get_state()

    @api.model
    def desk_find(self, query):
        """Return orders that a parcel without a slip may be of, by order, customer or product.

        :return: list of `order_id`, `name`, `customer`, `products`
        """
        self._check_desk()
        term = str(query or "").strip()[:100]
        if len(term) < 2:
            return []
        product = Domain("default_code", "ilike", term) | Domain("barcode", "=", term)
        product |= Domain("product_tmpl_id.name", "ilike", term)
        domain = Domain("state", "=", "sale") & Domain("company_id", "in", self.env.companies.ids)
        domain &= Domain.OR(
            [
                Domain("name", "ilike", term),
                Domain("client_order_ref", "ilike", term),
                Domain("partner_id.name", "ilike", term),
                Domain("order_line", "any", Domain("product_id", "any", product)),
            ]
        )
        # sudo: names that are on the parcel, of the companies at hand; no prices
        orders = self.env["sale.order"].sudo().search(domain, limit=MOST_ORDERS)
        return [
            {
                "order_id": order.id,
                "name": order.name,
                "customer": order.partner_id.name or "",
                "products": ", ".join(order.order_line.product_id.mapped("display_name")),
            }
            for order in orders
        ]

    @api.model
    def desk_open_for_order(self, order_id, token=None):
        """Open a return for an order whose goods lie here without one: a draft, until it is seen
        what came back.

        :return: state
        :raise UserError: nothing of it can come back
        """
        self._check_desk()
        if step := self._find_step(token):
            return step.parcel_id._get_state()
        # sudo: named above to whoever works at the desk; a return gives nothing by itself (R9)
        orders = self.env["sale.order"].sudo()
        number = order_id if isinstance(order_id, int) and 0 < order_id < 2**31 else 0
        domain = [("id", "=", number), ("state", "=", "sale")]
        order = orders.search([*domain, ("company_id", "in", self.env.companies.ids)])
        items = [
            {"sale_line_id": line.id, "quantity": line.qty_returnable}
            for line in order.order_line
            if line.product_id.type == "consu" and line.qty_returnable > 0
        ]
        if not items:
            raise UserError(
                self.env._(
                    "Nothing of %(order)s can come back: look for its returns, or put the parcel "
                    "aside.",
                    order=order.name or "-",
                )
            )
        rma_id = order.env["sale.rma"].create_for_order(order.id, items)
        parcel = self._open(self.env["sale.rma"].browse(rma_id).sudo())  # the one just made
        parcel.is_made_here = True
        parcel._log_step("open", token)
        return parcel._get_state()

    @api.model
    def desk_unknown(self, note, images=None, token=None):
        """Put a parcel aside that nobody knows.

        :param str note: what is on it and in it
        :param list images: photos, base64
        :return: state
        """
        self._check_desk()
        if step := self._find_step(token):
            return step.parcel_id._get_state()
        # sudo: written by the program, for whoever works at the desk
        parcel = self.sudo().create(
            {"state": "unknown", "note": str(note or "")[:2000], "user_id": self.env.uid}
        )
        for image in list(images or [])[:MOST_PHOTOS]:
            parcel.attachment_ids |= parcel._keep_photo(image)
        parcel._log_step("open", token)
        return parcel._get_state()

    def desk_match(self, rma_id, token=None):
        """Say of which return a parcel is that was put aside.

        :return: state of the parcel of that return
        """
        parcel = self._start("unknown", token=token)
        if self._find_step(token):
            return parcel._get_state()
        rma = self._read_one("sale.rma", rma_id)
        if rma.sudo().company_id != parcel.company_id:  # compared only
            raise UserError(self.env._("The parcel was put aside in another company."))
        rma._lock()
        if parcel.search_count([("rma_id", "=", rma.id), ("state", "=", "open")]):
            raise UserError(
                self.env._("A parcel of %(rma)s is open: finish it first.", rma=rma.name)
            )
        warehouse = rma.sudo().warehouse_id  # where it comes back
        parcel.write({"rma_id": rma.id, "state": "open", "warehouse_id": warehouse.id})
        parcel._log_step("open", token)
        return parcel._get_state()

    # === COUNTING === #

    def desk_count(self, rma_line_id, quantity=1.0, product_id=None, lot_name=None, token=None):
        """Count what was seen of an item; without one, a wrong or further item by its product.

        :param float quantity: seen now, in the sold unit; of a wrong item, in the product's own
        :return: state
        """
        parcel = self._start("open", token=token)
        if self._find_step(token):
            return parcel._get_state()
        line = self.env["sale.rma.line"]
        if rma_line_id:
            line = self._read_one("sale.rma.line", rma_line_id).sudo()  # as the rest of the parcel
            if line.rma_id != parcel.rma_id:
                raise UserError(
                    self.env._("%(item)s is on another return.", item=line.product_id.display_name)
                )
        product = line.product_id if line else self._read_one("product.product", product_id)
        if not product or product.type != "consu":
            raise UserError(self.env._("Choose the product that is in the parcel."))
        lot_name = str(lot_name or "").strip()[:100] or None
        piece, message = parcel._do_count(
            line, self._read_quantity(quantity), product, lot_name, token
        )
        return parcel._get_state(message or piece._get_other_serial_text())

    @api.model
    def _read_quantity(self, quantity):
        try:
            number = float(quantity)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not is_countable(number) or not 0 < number <= MOST_PIECES:
            raise UserError(
                self.env._("A quantity above zero and up to %(most)s is needed.", most=MOST_PIECES)
            )
        return number

    def _do_count(self, line, quantity, product, lot_name, token):
        """Count, on the piece seen last where it is alike, else as a further one; what is more
        than announced is apart.

        :return: piece, message
        """
        over, message = line.browse(), ""
        if line and not lot_name and product.tracking == "serial":
            quantity = 1.0 / (line.sale_line_id._get_product_units() or 1.0)
        if line:
            room = round_units(line.product_uom_id, self._get_short(line))
            if line.product_uom_id.compare(quantity, room) > 0 and not line._is_other_lot(lot_name):
                message = self.env._(
                    "%(product)s: more than announced. It is kept apart and not refunded.",
                    product=product.display_name,
                )
                if room > 0:
                    self._add_piece(line, room, product, lot_name, token)
                    quantity = round_units(line.product_uom_id, quantity - room)
                over, line = line, line.browse()
        else:
            message = self.env._(
                "%(product)s was not announced. It is kept apart and not refunded.",
                product=product.display_name,
            )
        piece = self._add_piece(line, quantity, product, lot_name, token, over)
        return piece, message or piece._get_other_serial_text()

    def _add_piece(self, line, quantity, product, lot_name, token, over=None):
        own = line or over or self.env["sale.rma.line"]
        units = own.sale_line_id._get_product_units() if own else 1.0
        alike = self.inspection_ids.filtered(
            lambda piece: (
                piece.rma_line_id == line
                and piece.over_line_id == (over or line.browse())
                and piece.product_id == product
                and not piece.grade_id
                and product.tracking == "none"
            )
        )[:1]
        if alike:
            before = alike.quantity
            alike.write({"quantity": before + quantity, "pieces": alike.pieces + quantity * units})
        else:
            before = None
            pieces = self.env["sale.rma.inspection"].sudo()  # the desk's own book
            alike = pieces.create(
                {
                    "parcel_id": self.id,
                    "rma_line_id": line.id,
                    "over_line_id": over.id if over else False,
                    "product_id": product.id,
                    "quantity": quantity,
                    "pieces": quantity * units,
                    "user_id": self.env.uid,
                }
            )
            if lot_name and product.tracking != "none":
                alike._take_lot(lot_name)
        self._log_step("count", token, {"piece": alike.id, "before": before})
        return alike

    # === SETTING === #

    def desk_set(self, inspection_id, values, token=None):
        """Set what was seen of a piece.

        :param dict values: `grade_id`, `disposition_id`, `scrap_ground_id`, `ground`, `note`,
            `quantity`, `lot_name`, `checks` (list of `check_id`, `ok`, `note`); others are refused
        :return: state
        """
        parcel = self._start("open", token=token)
        if self._find_step(token):
            return parcel._get_state()
        piece = parcel._get_piece(inspection_id)
        parcel._do_set(piece, parcel._read_values(piece, values), token)
        return parcel._get_state()

    def _get_piece(self, inspection_id):
        piece = self.inspection_ids.filtered(lambda piece: piece.id == inspection_id)
        if not piece:
            raise UserError(self.env._("This piece is not in the parcel that is open: scan again."))
        return piece

    def _read_values(self, piece, values):
        """Return the values to write of what the screen sent.

        :raise UserError: naming what is wrong
        """
        if not isinstance(values, dict):
            raise UserError(self.env._("values: a dict of what was seen is needed."))
        read = {}
        for name, value in values.items():
            if name in SET_NAMES:
                read[name] = self._read_one(SET_NAMES[name], value).id if value else False
            elif name in TEXT_NAMES:
                read[name] = str(value or "")[:2000]
            elif name == "quantity":
                read[name] = self._read_quantity(value)
            elif name == "lot_name":
                read[name] = str(value or "").strip()[:100]
            elif name == "checks":
                read[name] = self._read_checks(piece, value)
            else:
                raise UserError(self.env._("%(name)s cannot be set at the desk.", name=name))
        return read

    @api.model
    def _read_checks(self, piece, answers):
        possible = {check.id for check in piece._get_checks()[piece]}
        read = dict(piece.checks or {})
        for answer in answers if isinstance(answers, list) else []:
            check_id = answer.get("check_id") if isinstance(answer, dict) else None
            if check_id not in possible:
                raise UserError(self.env._("This step is not one of the product's: scan again."))
            ok = answer.get("ok")
            read[str(check_id)] = {
                "ok": None if ok is None else bool(ok),
                "note": str(answer.get("note") or "")[:500],
            }
        return read

    def _do_set(self, piece, values, token, answer=None):
        names = ["lot_id", "lot_name", "is_other", "pieces", *values]
        before = {
            name: piece[name].id if piece._fields[name].type == "many2one" else piece[name]
            for name in names
        }
        lot_name = values.pop("lot_name", None)
        if "quantity" in values:
            self._check_quantity(piece, values["quantity"])
            values["pieces"] = piece.pieces * values["quantity"] / piece.quantity
        if lot_name:
            piece._take_lot(lot_name)
        piece.write(values)
        self._log_step("set", token, {"piece": piece.id, "before": before}, answer)

    def _check_quantity(self, piece, quantity):
        """:raise UserError: more than announced, which is counted apart"""
        line = piece.rma_line_id
        if not line or piece.is_other:
            return
        room = self._get_short(line) + piece.quantity
        if line.product_uom_id.compare(quantity, room) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: at most %(room)s were announced. Scan what is more, so that it "
                    "is kept apart.",
                    product=line.product_id.display_name,
                    room=round_units(line.product_uom_id, room),
                )
            )

    # === PHOTOS === #

    def desk_photo(self, inspection_id, image_base64, token=None):
        """Keep a photo, or a PDF as proof, of a piece.

        :return: state
        :raise UserError: it is no photo, too large, or there are many already
        """
        parcel = self._start("open", token=token)
        if self._find_step(token):
            return parcel._get_state()
        piece = parcel._get_piece(inspection_id)
        if len(piece.attachment_ids) >= MOST_PHOTOS:
            raise UserError(
                self.env._("At most %(most)s photos of one piece are kept.", most=MOST_PHOTOS)
            )
        photo = piece._keep_photo(image_base64)
        piece.attachment_ids |= photo
        parcel._log_step("photo", token, {"piece": piece.id, "file": photo.id})
        return parcel._get_state()

    def _keep_photo(self, image_base64):
        return self.env["sale.rma.inspection"]._make_photo(image_base64, self)


class SaleRmaInspection(models.Model):
    _inherit = "sale.rma.inspection"

    def _keep_photo(self, image_base64):
        return self._make_photo(image_base64, self)

    @api.model
    def _make_photo(self, image_base64, record):
        """Return the attachment of a photo, made anew as those of customers are."""
        text = str(image_base64 or "").rpartition(",")[2]  # a page sends it with its type before
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        uploads = self.env["sale.rma.upload"]
        content = uploads._clean_file(content, PROOF_EXTENSIONS, uploads._new_budget())
        name = self.env._("Returns desk")
        return uploads._create_attachment(name, content, record._name, record.id).sudo()

    def _take_lot(self, lot_name):
        """Write down the lot or serial number that was read, and whether it is the right one."""
        self.ensure_one()
        line = self.rma_line_id or self.over_line_id
        lots = self.env["stock.lot"].sudo()  # a number read from the piece itself
        lot = lots.search(
            [
                ("name", "=", lot_name),
                ("product_id", "=", self.product_id.id),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=1,
        )
        is_other = bool(line) and line._is_other_lot(lot_name)
        self.write({"lot_name": lot_name, "lot_id": lot.id, "is_other": is_other})
