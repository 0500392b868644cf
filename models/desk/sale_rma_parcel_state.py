from odoo import api, fields, models

from ...tools.quantity_field import round_units


class SaleRmaParcel(models.Model):
    """What the screen draws: it knows nothing that it is not told here."""

    _inherit = "sale.rma.parcel"

    def _get_state(self, message=""):
        """Return the state of a parcel as plain data; prices only for who may see them."""
        self.ensure_one()
        parcel = self.sudo()  # the parcel's own facts, for whoever may work at the desk
        rma, pieces = parcel.rma_id, parcel.inspection_ids.sorted("id")
        checks, missing = pieces._get_checks(), pieces._get_missing_texts()
        own = pieces.filtered("rma_line_id")
        lines = [
            parcel._describe_line(line, own.filtered(lambda p, line=line: p.rma_line_id == line))
            for line in rma.line_ids
            if line.product_id.type != "service"
        ]
        described = {piece.id: piece._describe(checks[piece], missing) for piece in pieces}
        for values in lines:
            values["inspections"] = [described[key] for key in values["inspections"]]
        return {
            "id": parcel.id,
            "state": parcel.state,
            "rma_id": rma.id or False,
            "name": rma.name or parcel.code or self.env._("Unknown parcel"),
            "customer": rma.partner_id.name or "",
            "order": rma.order_id.name or "",
            "notice": parcel._get_notice(),
            "lines": lines,
            "extra": [parcel._describe_extra(piece, described[piece.id]) for piece in pieces - own],
            "photos": [f"/web/image/{file.id}" for file in parcel.attachment_ids],
            "note": parcel.note or "",
            "can_undo": bool(parcel._get_last_step()),
            "ready": parcel.state == "open" and bool(pieces) and not missing,
            "missing": [
                f"{piece.product_id.display_name}: {text}" for piece, text in missing.items()
            ],
            "message": message,
            "scans": parcel.scans,
            "date_start": fields.Datetime.to_string(parcel.date_start),
        }

    def _describe_line(self, line, pieces):
        unit, counted = line.product_uom_id, sum(pieces.mapped("quantity"))
        values = {
            "rma_line_id": line.id,
            **self._describe_product(line.product_id),
            "quantity": line.quantity,
            "counted": round_units(unit, counted),
            "missing": max(round_units(unit, self._get_expected(line) - counted), 0.0),
            "unit": unit.name,
            "reason": line.reason_id.name or "",
            "note": line.note or "",
            "photos": [f"/web/image/{file.id}" for file in line.attachment_ids],
            "lot_names": line._get_sold_lots().mapped("name"),
            "inspections": pieces.ids,
        }
        if self._may_see_prices():
            values["price"] = line.price_paid
        return values

    def _describe_extra(self, piece, described):
        over = piece.over_line_id
        return {
            "rma_line_id": False,
            **self._describe_product(piece.product_id),
            "quantity": 0.0,
            "counted": piece.quantity,
            "missing": 0.0,
            "unit": (over.product_uom_id or piece.product_id.uom_id).name,
            "reason": self.env._("more than announced") if over else self.env._("not announced"),
            "note": "",
            "photos": [],
            "lot_names": [],
            "inspections": [described],
        }

    @api.model
    def _describe_product(self, product):
        return {
            "product_id": product.id,
            "product": product.display_name,
            "sku": product.default_code or "",
            **self._describe_picture(product),
        }

    def _get_expected(self, line):
        """Return how many units of an item are still to be seen, in the sold unit."""
        # sudo: numbers only
        seen = sum(
            piece.quantity
            for piece in line.sudo().inspection_ids
            if piece.parcel_id != self and piece.date_end and not piece.is_other
        )
        return max(round_units(line.product_uom_id, line.quantity - line.qty_unsent - seen), 0.0)

    def _get_notice(self):
        """Return in words what the clerk should know before he goes on."""
        rma, texts = self.rma_id, []
        if self.state == "open" and self.user_id.id not in (False, self.env.uid):
            texts.append(
                self.env._("%(user)s opened this parcel at another desk.", user=self.user_id.name)
            )
        if rma and rma.state not in (*rma._get_states_allowing("process"), "draft"):
            states = dict(rma._fields["state"]._description_selection(self.env))
            if self.state == "open":
                texts.append(
                    self.env._(
                        "The return is %(state)s: it has to be accepted before its goods are "
                        "received. Put the parcel aside or ask sales.",
                        state=states[rma.state].lower(),
                    )
                )
        if rma.rma_type == "claim":
            texts.append(self.env._("A claim: look for what the customer says is wrong."))
        if rma.rma_type == "recall":
            texts.append(self.env._("A recalled product: it is not for sale."))
        if rma.other_serial_message:
            texts.append(rma.other_serial_message)
        return " ".join(texts)

    def _get_last_step(self):
        """Return the last step that can be undone."""
        steps = self.step_ids.filtered(lambda step: not step.is_undone and step.kind != "open")
        return steps.sorted("id")[-1:]


class SaleRmaInspection(models.Model):
    _inherit = "sale.rma.inspection"

    def _describe(self, checks, missing):
        """Return a piece as the screen shows it.

        :param dict missing: of `_get_missing_texts`
        """
        answers = self.checks or {}
        return {
            "id": self.id,
            "quantity": self.quantity,
            "grade_id": self.grade_id.id or False,
            "disposition_id": self.disposition_id.id or False,
            "proposed_disposition_id": self.proposed_disposition_id.id or False,
            "scrap_ground_id": self.scrap_ground_id.id or False,
            "ground": self.ground or "",
            "note": self.note or "",
            "photos": [f"/web/image/{file.id}" for file in self.attachment_ids],
            "lot": self.lot_id.name or self.lot_name or "",
            "checks": [
                {
                    "check_id": check.id,
                    "text": check.text,
                    "image_url": f"/web/image/sale.rma.check/{check.id}/image_512"
                    if check.image_512
                    else False,
                    "answer": check.answer,
                    "ok": answers.get(str(check.id), {}).get("ok"),
                    "note": answers.get(str(check.id), {}).get("note", ""),
                }
                for check in checks
            ],
            "warning": self._get_other_serial_text(),
            "missing": missing.get(self, ""),
        }
