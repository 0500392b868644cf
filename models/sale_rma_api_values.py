from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

# What may be said of an item, and the kinds of values taken.
LINE_KEYS = {
    "sale_line_id": (int,),
    "quantity": (int, float),
    "reason": (str,),
    "resolution": (str,),
    "note": (str,),
}
NEEDED_KEYS = ("sale_line_id", "quantity")
# A reference is kept as it is given: what is longer than this is no reference.
MAX_REFERENCE = 128


class SaleRma(models.Model):
    """What other programs say of a return, read: a mistake is told in words, with the key."""

    _inherit = "sale.rma"

    @api.model
    def _read_reference(self, reference):
        """Return an external reference without the blanks around it, empty if there is none."""
        if reference is None or reference is False:
            return ""
        if not isinstance(reference, str) or not reference.strip():
            raise UserError(self._get_value_message("external_ref", reference, "text"))
        if len(reference) > MAX_REFERENCE or "\0" in reference:
            raise UserError(
                self.env._(
                    "external_ref: a text of at most %(most)s characters is expected.",
                    most=MAX_REFERENCE,
                )
            )
        return reference.strip()

    @api.model
    def _read_record(self, key, model, record_id):
        """Return the record of an id.

        :raise UserError: it is no id
        :raise AccessError: there is no such record, or the user may not read it
        """
        if not isinstance(record_id, int) or isinstance(record_id, bool):
            raise UserError(self._get_value_message(key, record_id, "id"))
        # within what the database takes for an id
        is_possible = 0 < record_id < 2**31
        record = self.env[model].browse(record_id if is_possible else ()).exists()
        if not record or not record.has_access("read"):
            raise AccessError(  # in the same words, which do not tell which of the two it is
                self.env._(
                    "%(key)s: there is no %(document)s with the id %(id)s that you may read.",
                    key=key,
                    document=self.env["ir.model"]._get(model).name,
                    id=record_id,
                )
            )
        return record

    @api.model
    def _read_choice(self, records, name, value):
        """Return a value of a selection field.

        :raise UserError: it is none of them
        """
        known = records._fields[name].get_values(self.env)
        if value not in known:
            raise UserError(
                self.env._(
                    "%(key)s: %(value)s is not known. Possible: %(known)s.",
                    key=name,
                    value=self._format_value(value),
                    known=", ".join(known),
                )
            )
        return value

    @api.model
    def _read_values(self, values):
        """Return further fields of the return as they may be written.

        :raise UserError: an unknown field, or a value that the field cannot hold
        """
        refused = [name for name in values if not self._is_given_from_outside(name)]
        if refused:
            raise UserError(
                self.env._(
                    "Cannot be given for a new return: %(keys)s.", keys=", ".join(sorted(refused))
                )
            )
        for name, value in values.items():
            self._check_value(name, value)
        return values

    @api.model
    def _is_given_from_outside(self, name):
        """Whether a caller may say it of a new return: nothing that is computed and would be
        dropped, nor what only the program writes."""
        field = self._fields.get(name)
        return bool(
            field
            and field.store
            and not field.type.endswith("2many")
            and (self.env.su or not field.readonly)
        )

    @api.model
    def _check_value(self, name, value):
        """:raise UserError: the field cannot hold the value"""
        field = self._fields[name]
        kind = {"many2one": int, "boolean": bool, "char": str, "text": str, "html": str}
        if field.type == "many2one" and value not in (None, False):
            self._read_record(name, field.comodel_name, value)
        elif field.type == "selection" and value not in (None, False):
            self._read_choice(self, name, value)
        elif value not in (None, False) and not isinstance(value, kind.get(field.type, object)):
            raise UserError(self._get_value_message(name, value, field.type))
        elif not field.relational:
            try:
                field.convert_to_cache(value, self.new())
            except (TypeError, ValueError) as error:
                message = self._get_value_message(name, value, field.type)
                raise UserError(message) from error

    @api.model
    def _read_lines(self, order, lines):
        """Return the commands that create the items.

        :raise UserError: none, one that is no item, a key that is missing or unknown, a value of
            another kind
        """
        if not isinstance(lines, list | tuple) or not lines:
            raise UserError(
                self.env._(
                    "lines: a list of items is expected, each with %(keys)s.",
                    keys=", ".join(NEEDED_KEYS),
                )
            )
        for number, line in enumerate(lines, start=1):
            self._check_line(number, line)
        self._check_on_order(order, lines)
        reasons = self._read_reasons(lines)
        return [
            Command.create(
                order.order_line.browse(line["sale_line_id"])._prepare_rma_line_vals(
                    line["quantity"],
                    reason_id=reasons[line["reason"]].id if line.get("reason") else False,
                    resolution=line.get("resolution") or "refund",
                    note=line.get("note") or False,
                )
            )
            for line in lines
        ]

    @api.model
    def _check_line(self, number, line):
        """:param int number: which of the items it is, to name it"""
        where = self.env._("item %(number)s", number=number)
        if not isinstance(line, dict):
            raise UserError(self._get_value_message(where, line, "item"))
        if unknown := line.keys() - LINE_KEYS.keys():
            raise UserError(
                self.env._(
                    "%(item)s: not known: %(keys)s. Possible: %(known)s.",
                    item=where,
                    keys=", ".join(sorted(map(str, unknown))),
                    known=", ".join(LINE_KEYS),
                )
            )
        if missing := [key for key in NEEDED_KEYS if line.get(key) is None]:
            raise UserError(
                self.env._("%(item)s: missing: %(keys)s.", item=where, keys=", ".join(missing))
            )
        for key, value in line.items():
            is_empty = key not in NEEDED_KEYS and value in (None, False, "")
            if not is_empty and (isinstance(value, bool) or not isinstance(value, LINE_KEYS[key])):
                kind = "id" if key == "sale_line_id" else "number" if key == "quantity" else "text"
                raise UserError(self._get_value_message(f"{where}, {key}", value, kind))
        if line.get("resolution"):
            self._read_choice(self.line_ids, "resolution", line["resolution"])

    @api.model
    def _check_on_order(self, order, lines):
        """:raise UserError: a sold line that is not the order's"""
        own = set(order.order_line.ids)
        strange = [str(line["sale_line_id"]) for line in lines if line["sale_line_id"] not in own]
        if strange:
            raise UserError(
                self.env._(
                    "sale_line_id: %(ids)s is not on %(order)s: a return takes back lines of its "
                    "own order only.",
                    ids=", ".join(strange),
                    order=order.name,
                )
            )

    @api.model
    def _read_reasons(self, lines):
        """Return {code: `sale.rma.reason`} of the items.

        :raise UserError: an unknown one
        """
        codes = {line["reason"] for line in lines if line.get("reason")}
        found = self.env["sale.rma.reason"].search([("code", "in", list(codes))])
        reasons = {reason.code: reason for reason in found}
        if unknown := codes - reasons.keys():
            raise UserError(
                self.env._("Unknown return reason: %(codes)s", codes=", ".join(sorted(unknown)))
            )
        return reasons

    @api.model
    def _get_value_message(self, key, value, kind):
        """Say in words what is expected of a value and what was given."""
        expected = {
            "id": self.env._("the id of a record, a whole number"),
            "many2one": self.env._("the id of a record, a whole number"),
            "number": self.env._("a number"),
            "integer": self.env._("a number"),
            "float": self.env._("a number"),
            "monetary": self.env._("a number"),
            "boolean": self.env._("true or false"),
            "date": self.env._("a date such as 2026-03-31"),
            "datetime": self.env._("a date and time such as 2026-03-31 14:00:00, in UTC"),
            "item": self.env._("an item with %(keys)s", keys=", ".join(NEEDED_KEYS)),
        }
        return self.env._(
            "%(key)s: %(value)s is not what is expected: %(expected)s.",
            key=key,
            value=self._format_value(value),
            expected=expected.get(kind, self.env._("text")),
        )

    @api.model
    def _format_value(self, value):
        """Return a value of a caller as a message can show it."""
        text = repr(value)
        return f"{text[:60]}..." if len(text) > 60 else text
