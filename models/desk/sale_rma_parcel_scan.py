from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.gs1 import read_gs1

MOST_CHOICES = 12
WAITING = ("accepted", "processing")


class SaleRmaParcel(models.Model):
    """What a scan means."""

    _inherit = "sale.rma.parcel"

    @api.model
    def desk_open(self):
        """Return what the screen needs before the first scan; see the state of parcels.

        :raise AccessError: not for the warehouse
        """
        self._check_desk()
        in_use = [("active", "=", True)]
        grades = self.env["sale.rma.grade"].search(in_use)
        dispositions = self.env["sale.rma.disposition"].search(in_use)
        grounds = self.env["sale.rma.scrap.ground"].search(in_use)
        user = self.env.user
        warehouse = user.with_company(self.env.company).property_warehouse_id
        if not warehouse:
            company = [("company_id", "=", self.env.company.id)]
            warehouse = self.env["stock.warehouse"].search(company, limit=1)
        # sudo: the user's own parcels
        mine = self.sudo().search([("state", "=", "open"), ("user_id", "=", user.id)], limit=20)
        return {
            "grades": [
                {"id": row.id, "code": row.code, "name": row.name, "key": row.key or ""}
                for row in grades
            ],
            "dispositions": [
                {
                    "id": row.id,
                    "code": row.code,
                    "name": row.name,
                    "action": row.action,
                    "key": row.key or "",
                }
                for row in dispositions
            ],
            "scrap_grounds": [
                {"id": row.id, "code": row.code, "name": row.name, "proof": row.proof_required}
                for row in grounds
            ],
            "warehouse": {"id": warehouse.id, "name": warehouse.name},
            "mine": [
                parcel._get_state() for parcel in mine if parcel.company_id in self.env.companies
            ],
            "sounds": True,
            "can_see_prices": self._may_see_prices(),
        }

    @api.model
    def desk_scan(self, code, parcel_id=None, token=None):
        """Do what a scan means: open a return's parcel, or count, grade and place a piece of the
        one that is open.

        :param str code: as the scanner read it
        :param int parcel_id: the parcel that is open on the screen
        :param str token: of this step; sent again, it is done once
        :return: dict of `kind`, `parcel` (state), `choices`, `message`, `sound`
        """
        self._check_desk()
        code = str(code or "").strip()[:200]
        if parcel_id:
            parcel = self._read_one("sale.rma.parcel", parcel_id)._start()
            if parcel.state == "open":
                return parcel._scan_in(code, token)
        if step := self._find_step(token):
            return self._answer("parcel", step.parcel_id)
        return self._scan_out(code, token)

    @api.model
    def _answer(self, kind, parcel=None, message="", sound="good", choices=()):
        return {
            "kind": kind,
            "parcel": parcel._get_state(message) if parcel else False,
            "choices": list(choices),
            "message": message,
            "sound": sound,
        }

    # === NO PARCEL OPEN === #

    @api.model
    def _scan_out(self, code, token):
        try:
            rmas = self._find_returns(code)
        except UserError as error:  # a reference that is mistyped
            return self._answer("unknown", message=str(error), sound="bad")
        if len(rmas) == 1:
            parcel = self._open(rmas, code)
            parcel._log_step("open", token)
            return self._answer("parcel", parcel)
        if not rmas:
            message = self.env._(
                "Nothing here has %(code)s. Look for the order, or put the parcel aside.",
                code=code or "-",
            )
            return self._answer("unknown", message=message, sound="bad")
        message = self.env._("Several returns have %(code)s: choose one.", code=code)
        choices = self._describe_choices(rmas[:MOST_CHOICES])
        return self._answer("choice", message=message, sound="wrong", choices=choices)

    @api.model
    def _find_returns(self, code):
        """Return the returns that a code is of, those that wait for goods first and alone."""
        rmas = self.env["sale.rma"]
        if not code:
            return rmas
        read = read_gs1(self.env, code)
        if read.get("serial") or read.get("lot"):
            term = read.get("serial") or read.get("lot")
        elif read.get("gtin"):
            product = self._find_product(read["gtin"])
            found = Domain("line_ids", "any!", Domain("product_id", "in", product.ids))
            return self._prefer_waiting(rmas.search(found, limit=80)) if product else rmas
        else:
            term = code
        found = rmas.search(rmas._get_anything_domain(term), limit=80)
        if len(found) > 1:
            found = found.filtered(lambda rma: rma._is_exactly(term)) or found
        return self._prefer_waiting(found)

    @api.model
    def _prefer_waiting(self, rmas):
        waiting = rmas.filtered(lambda rma: rma.state in WAITING)
        return waiting or rmas.filtered(lambda rma: rma.state == "requested") or rmas

    @api.model
    def _describe_choices(self, rmas):
        # sudo: names of returns that the user may see
        return [
            {
                "rma_id": rma.id,
                "name": rma.name,
                "customer": rma.partner_id.name or "",
                "state": rma.state,
                **self._describe_picture(rma.line_ids[:1].product_id),
                "products": ", ".join(rma.line_ids.product_id.mapped("display_name")),
            }
            for rma in rmas.sudo()
        ]

    @api.model
    def _describe_picture(self, product):
        return {"image_url": f"/web/image/product.product/{product.id}/image_128"}

    @api.model
    def _find_product(self, code):
        """Return the product of a GTIN, an EAN or the barcode of a packaging."""
        codes = [code, code.lstrip("0"), code.zfill(13), code.zfill(14)]
        products = self.env["product.product"]
        found = products.search([("barcode", "in", codes)], limit=1)
        if not found:
            packs = self.env["product.uom"].search([("barcode", "in", codes)], limit=1)
            found = packs.product_id
        return found or products.search([("default_code", "=", code)], limit=1)

    # === A PARCEL IS OPEN === #

    def _scan_in(self, code, token):
        """Do what a scan means for the parcel that is open."""
        if step := self._find_step(token):
            return {**(step.answer or {}), "parcel": self._get_state(), "choices": []}
        prefix, _colon, value = code.partition(":")
        if prefix.upper() in ("GRADE", "TO") and value:
            return self._scan_word(prefix.upper(), value.strip(), token)
        read = read_gs1(self.env, code)
        lot_name = read.get("serial") or read.get("lot")
        product = self._find_product(read.get("gtin") or code)
        if not product and not lot_name:
            lots = self.env["stock.lot"].sudo()  # a number read from the piece itself
            lots = lots.search([("name", "=", code)], limit=20)
            mine = lots.filtered(lambda lot: lot.product_id in self.rma_id.line_ids.product_id)
            lot = (mine or lots)[:1]
            product, lot_name = lot.product_id, lot.name
        if not product:
            awaiting = self.inspection_ids.filtered(
                lambda piece: piece.product_id.tracking != "none" and not piece.lot_name
            ).sorted("id")[-1:]
            if awaiting and not self._is_a_return(code):
                return self._scan_lot(awaiting, code, token)
            return self._scan_other(code)
        if lot_name:
            unnamed = self.inspection_ids.filtered(
                lambda piece: piece.product_id == product and not piece.lot_name
            ).sorted("id")[-1:]
            if unnamed and product.tracking != "none":
                return self._scan_lot(unnamed, lot_name, token)
        return self._scan_piece(product, lot_name, token)

    def _is_a_return(self, code):
        try:
            return bool(self._find_returns(code))
        except UserError:
            return True

    def _scan_other(self, code):
        """Another return's slip while a parcel is open: told, nothing changes."""
        message = self.env._("%(code)s is nothing of this parcel.", code=code)
        try:
            found = self._find_returns(code)
        except UserError as error:
            return self._answer("unknown", self, str(error), "bad")
        if found and found != self.rma_id.with_env(found.env):
            message = self.env._(
                "%(parcel)s is open: finish it before you open another one.", parcel=self.name
            )
        elif found:
            return self._answer("parcel", self)
        return self._answer("unknown", self, message, "bad")

    def _scan_word(self, prefix, value, token):
        """A printed code of a grade or a disposition."""
        name = "grade" if prefix == "GRADE" else "disposition"
        record = self.env[f"sale.rma.{name}"].search([("code", "=ilike", value)], limit=1)
        piece = self.inspection_ids.sorted("id")[-1:]
        if not record or not piece:
            message = (
                self.env._("Count a piece first.")
                if record
                else self.env._("There is no %(code)s.", code=value)
            )
            return self._answer("unknown", self, message, "bad")
        self._do_set(piece, {f"{name}_id": record.id}, token, {"kind": name, "sound": "good"})
        return self._answer(name, self)

    def _scan_lot(self, piece, lot_name, token):
        before = {"lot_name": piece.lot_name, "lot_id": piece.lot_id.id, "is_other": piece.is_other}
        piece._take_lot(lot_name)
        sound = "wrong" if piece.is_other else "good"
        message = piece._get_other_serial_text()
        answer = {"kind": "lot", "sound": sound, "message": message}
        self._log_step("set", token, {"piece": piece.id, "before": before}, answer)
        return self._answer("lot", self, message, sound)

    def _scan_piece(self, product, lot_name, token):
        line = self._find_line(product, lot_name)
        quantity = 1.0
        if line:
            quantity = 1.0 / (line.sale_line_id._get_product_units() or 1.0)
        piece, message = self._do_count(line, quantity, product, lot_name, token)
        is_wrong = not piece.rma_line_id or piece.is_other
        kind = "lot" if lot_name else "product"
        return self._answer(kind, self, message, "wrong" if is_wrong else "good")

    def _find_line(self, product, lot_name=None):
        """Return the item that a piece is of: the one that names its lot, else one that more is
        waited for of, else any of the product."""
        lines = self.rma_id.line_ids.filtered(lambda line: line.product_id == product)
        if lot_name and (
            named := lines.filtered(lambda line: lot_name in line.lot_ids.mapped("name"))
        ):
            return named[:1]
        counted = {
            line: sum(piece.quantity for piece in self.inspection_ids if piece.rma_line_id == line)
            for line in lines
        }
        short = lines.filtered(lambda line: counted[line] < self._get_expected(line))
        return (short or lines)[:1]


class SaleRma(models.Model):
    _inherit = "sale.rma"

    def _is_exactly(self, term):
        """Whether a code is wholly one of what the return is found by, not a part of it."""
        self.ensure_one()
        rma, term = self.sudo(), term.lower()  # compared only
        texts = (
            rma.name,
            rma.external_ref,
            rma.tracking_ref,
            rma.order_id.name,
            rma.order_id.client_order_ref,
            *rma.picking_ids.mapped("carrier_tracking_ref"),
        )
        return term in {(text or "").lower() for text in texts}
