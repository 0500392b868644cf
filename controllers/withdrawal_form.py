import binascii
import math
import re
import secrets

from odoo.http import request
from odoo.tools import email_normalize
from odoo.tools.misc import verify_hash_signed

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.quantity_field import read_quantity

SCOPE = "sale_rma.withdrawal"
# Most signs taken of what is typed.
MAX_LENGTHS = {"contract": 500, "part": 2000, "customer_name": 150, "email": 254}
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WithdrawalForm(CustomerPortal):
    """What consumers typed: read, written out as a statement, and signed until they confirm."""

    def _withdrawal_get_defaults(self, order_sudo, params):
        """Return what the statement page shows at first: a known customer finds it filled in."""
        user = request.env.user
        customer = order_sudo.partner_id if order_sudo else user.partner_id
        if not user._is_public() and not user._is_internal():
            customer = user.partner_id
        is_known = order_sudo or not user._is_public()
        return {
            "customer_name": (customer.name or "") if is_known else "",
            "email": (customer.email_normalized or "") if is_known else "",
            "contract": self._withdrawal_clean(params.get("contract"))[: MAX_LENGTHS["contract"]],
            "part": "",
            "scope": "all",
            "quantities": {},
        }

    def _withdrawal_clean(self, text):
        """Return typed text without what no keyboard writes and no database takes."""
        text = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
        return CONTROL_SIGNS.sub("", text).strip()

    def _withdrawal_read_form(self, order_sudo, post):
        """Read the posted statement.

        :return: (values, {field: error in the visitor's language})
        """
        texts = self._withdrawal_get_texts()
        values = {name: self._withdrawal_clean(post.get(name)) for name in MAX_LENGTHS}
        values.update(scope="items" if post.get("scope") == "items" else "all", quantities={})
        errors = {}  # in the order of the fields
        if order_sudo:
            values.update(contract="", part="")
            if values["scope"] == "items":
                values["quantities"], errors = self._withdrawal_read_items(order_sudo, post)
        elif not values["contract"]:
            errors["contract"] = texts["error_contract"]
        for name, most in MAX_LENGTHS.items():
            if len(values[name]) > most:
                errors[name] = texts["error_long"] % {"most": most}
        if not values["customer_name"]:
            errors["customer_name"] = texts["error_name"]
        if not self._withdrawal_is_email(values["email"]):
            errors["email"] = texts["error_email"]
        return values, errors

    def _withdrawal_is_email(self, text):
        return bool(email_normalize(text, strict=True)) and "\n" not in text

    def _withdrawal_read_items(self, order_sudo, post):
        """Read which lines of the order are ticked, and how many. Nothing but the order's own
        lines is looked at.

        :return: ({sold line: quantity in its unit, as typed if it is none}, errors)
        """
        texts = self._withdrawal_get_texts()
        quantities, errors = {}, {}
        for line in order_sudo._get_withdrawal_lines():
            if not post.get(f"line_{line.id}"):
                continue
            most = line.product_uom_qty
            typed = post.get(f"quantity_{line.id}", most)
            quantity = self._withdrawal_read_quantity(typed, line)
            quantities[line] = typed if quantity is None else quantity
            if quantity is None or line.product_uom_id.compare(quantity, most) > 0:
                errors[f"quantity_{line.id}"] = texts["error_quantity"] % {
                    "product": self._withdrawal_get_line_name(line),
                    "most": self._withdrawal_format_quantity(most, line.product_uom_id),
                }
        if not quantities:
            errors["items"] = texts["error_items"]
        return quantities, errors

    def _withdrawal_read_quantity(self, typed, line):
        """Return a typed quantity, nothing if it is none: not a number, zero or less, or less
        than whole pieces of what is sold by the piece."""
        quantity = read_quantity(typed) if isinstance(typed, str) else typed
        uom = line.product_uom_id
        if quantity is None:
            return None
        if uom.compare(quantity, 0.0) <= 0 or not math.isclose(uom.round(quantity), quantity):
            return None
        item = request.env["sale.rma.line"].sudo()  # sudo: a rule, asked of the known order's line
        item = item.new({"sale_line_id": line.id, "quantity": quantity})
        return quantity if item._is_whole_enough() else None

    def _withdrawal_prepare_declared(self, order_sudo, access_token, values):
        """Return what is declared, as the confirmation page shows it and `_submit` takes it."""
        user = request.env.user
        channel = "form"
        if order_sudo:
            channel = "link" if user._is_public() else "login"
        if user._is_internal():
            # what a colleague types for a customer is not what the customer typed
            channel = "staff"
        items = [
            {
                "sale_line_id": line.id,
                "quantity": quantity,
                "description": self._withdrawal_describe(line, quantity),
            }
            for line, quantity in values["quantities"].items()
        ]
        company = order_sudo.company_id if order_sudo else request.env.company
        return {
            "channel": channel,
            "company_id": company.id,
            "contract": order_sudo.name if order_sudo else values["contract"],
            "customer_name": values["customer_name"],
            "email": email_normalize(values["email"]),
            "items": items,
            "lang": self._withdrawal_get_language(),
            "login": False if user._is_public() else user.login,
            "order_id": order_sudo.id if order_sudo else False,
            "part": values["part"],
            "statement": self._withdrawal_write_statement(order_sudo, values, items),
            "token": secrets.token_hex(32),
        }

    def _withdrawal_describe(self, line, quantity):
        name = self._withdrawal_get_line_name(line)
        return f"{self._withdrawal_format_quantity(quantity, line.product_uom_id)} × {name}"

    def _withdrawal_write_statement(self, order_sudo, values, items):
        """Return the statement in the visitor's language, word for word as it will be kept."""
        texts = self._withdrawal_get_texts()
        contract = values["contract"]
        what = [values["part"] or texts["scope_all"]]
        if order_sudo:
            contract = texts["order_of"] % {
                "order": order_sudo.name,
                "date": self._withdrawal_format_date(order_sudo),
            }
            if items:
                what = [f"{texts['scope_items']}:", *(f"- {i['description']}" for i in items)]
        elif not values["part"]:
            what = []
        return "\n".join(
            [
                texts["statement"],
                contract,
                *what,
                "",
                texts["statement_name"] % {"name": values["customer_name"]},
                texts["statement_email"] % {"email": email_normalize(values["email"])},
            ]
        )

    def _withdrawal_read_state(self, state):
        """Return the statement of a signed state, nothing if the server did not sign it."""
        try:
            # sudo: the key of the database, which never gets out
            return verify_hash_signed(request.env(su=True), SCOPE, state or "")
        except (binascii.Error, ValueError, OverflowError, AttributeError):
            return None
