import binascii
import math
import re
import secrets
import time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request
from odoo.tools import email_normalize
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.quantity_field import format_quantity, read_quantity
from .page import is_post, page

MAX_ID = 2**31 - 1  # of a PostgreSQL integer
SCOPE = "sale_rma.withdrawal"
MAX_RETURN_FORM = 64 * 1024 * 1024  # with the photos that were chosen there
ORDERS_SHOWN = 20
RECEIPTS_KEPT = 20  # in a browser's session
STATEMENT_HOURS = 24
"""A signed statement opens a return: it is not to lie about for longer."""
CONFIRM_SIZE = 1024 * 1024  # the statement comes signed, each of an order's items described
# Most signs taken of what is typed.
MAX_LENGTHS = {"contract": 500, "part": 2000, "customer_name": 150, "email": 254}
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WithdrawalController(CustomerPortal):
    """The statutory withdrawal function (CRD art. 11a, docs/law.md L1 to L9).

    Two steps: the statement, then a page whose only control confirms it. Between them the server
    keeps nothing and trusts nothing: the second page carries the statement signed. Both forms
    check their CSRF token themselves, so that a session that ended costs a press of the button
    and not the declaration.
    """

    # === STEP 1: STATEMENT === #

    @page(
        "/withdraw",
        auth="public",
        methods=("GET", "POST"),
        website=True,
        csrf=False,  # checked below; nothing is written
        sitemap=True,
    )
    def withdraw(self, order_id=None, access_token=None, **post):
        """Show the statement page; posted, check it and show the confirmation page.

        :param order_id: of a customer who is known by login, or by the order's token
        :param access_token: the order's
        """
        order_sudo = self._withdrawal_get_order(order_id, access_token)
        if not is_post():
            values = self._withdrawal_get_defaults(order_sudo, post)
            return self._withdrawal_render_statement(order_sudo, access_token, values, {})
        values, errors = self._withdrawal_read_form(order_sudo, post)
        if not errors and not request.validate_csrf(post.get("csrf_token")):
            texts = self._withdrawal_get_texts()
            return self._withdrawal_render_statement(
                order_sudo, access_token, values, {}, notice=texts["error_session"]
            )
        if errors:
            return self._withdrawal_render_statement(order_sudo, access_token, values, errors)
        declared = self._withdrawal_prepare_declared(order_sudo, access_token, values)
        declared["signed_at"] = int(time.time())
        return self._withdrawal_render_confirmation(
            # sudo: the key of the database, which signs and never gets out
            hash_sign(request.env(su=True), SCOPE, declared),
            declared,
            access_token,
        )

    @page(
        "/withdraw/from-return",
        auth="public",
        methods=("GET", "POST"),
        website=True,
        csrf=False,  # nothing is written: it shows the statement page
        sitemap=False,
        is_key=True,
        max_content_length=MAX_RETURN_FORM,
    )
    def withdraw_from_return(self, order_id=None, access_token=None, **post):
        """Show the statement page with what was picked on the form for returns.

        :param order_id: of a customer who is known by login, or by the order's token
        :param access_token: the order's
        """
        order_sudo = self._withdrawal_get_order(order_id, access_token)
        values = self._withdrawal_get_defaults(order_sudo, post)
        if order_sudo:
            values["quantities"] = self._withdrawal_read_picked(order_sudo, post)
            values["scope"] = "items" if values["quantities"] else "all"
        return self._withdrawal_render_statement(order_sudo, access_token, values, {})

    def _withdrawal_read_picked(self, order_sudo, post):
        """Return {sold line: quantity} of what was picked on the form for returns; what is no
        quantity there is all of it."""
        quantities = {}
        for line in order_sudo._get_withdrawal_lines():
            if post.get(f"line-{line.id}-pick"):
                typed = post.get(f"line-{line.id}-quantity", "")
                quantity = self._withdrawal_read_quantity(typed, line) or line.product_uom_qty
                quantities[line] = min(quantity, line.product_uom_qty)
        return quantities

    # === STEP 2: CONFIRMATION === #

    @page(
        "/withdraw/confirm",
        auth="public",
        methods=("GET", "POST"),
        is_key=True,
        max_content_length=CONFIRM_SIZE,
        website=True,
        csrf=False,  # checked below, before anything is written
        sitemap=False,
    )
    def withdraw_confirm(self, state=None, csrf_token=None, access_token=None, **kwargs):
        """Submit the statement that the confirmation page showed.

        :param str state: the statement, signed by `withdraw`
        :param access_token: of the order it is about, needed only where it took the visitor long
        """
        if not is_post():
            return request.redirect("/withdraw")
        declared = self._withdrawal_read_state(state)
        if not declared:
            texts = self._withdrawal_get_texts()
            values = self._withdrawal_get_defaults(None, {})
            return self._withdrawal_render_statement(
                None, None, values, {}, notice=texts["error_start_again"]
            )
        recorder = self._withdrawal_get_recorder()
        if self._withdrawal_is_old(declared) and not recorder._find_by_token(declared["token"]):
            return self._withdrawal_fill_in_again(declared, access_token)
        if not request.validate_csrf(csrf_token):
            notice = self._withdrawal_get_texts()["error_session"]
            return self._withdrawal_render_confirmation(state, declared, access_token, notice)
        withdrawal = recorder._submit(declared, ip=request.httprequest.remote_addr)
        return self._withdrawal_go_to_receipt(withdrawal)

    def _withdrawal_is_old(self, declared):
        """Whether a statement was signed too long ago to be submitted as it is."""
        age = time.time() - declared.get("signed_at", 0)
        return age > STATEMENT_HOURS * 3600

    def _withdrawal_fill_in_again(self, declared, access_token):
        """Show the statement page with all that was typed, after a statement has become old. The
        order is known only to who may still see it; for anybody else it is named in words."""
        order_sudo = self._withdrawal_get_order(declared["order_id"], access_token)
        items = declared["items"] or []
        values = {
            **{name: declared[name] or "" for name in MAX_LENGTHS},
            "scope": "items" if items else "all",
            "quantities": {},
        }
        if order_sudo:
            asked = {item["sale_line_id"]: item["quantity"] for item in items}
            lines = order_sudo._get_withdrawal_lines().filtered(lambda line: line.id in asked)
            values["quantities"] = {line: asked[line.id] for line in lines}
        elif items:
            described = "\n".join(item["description"] for item in items)
            values["part"] = described[: MAX_LENGTHS["part"]]
        notice = self._withdrawal_get_texts()["error_old"]
        return self._withdrawal_render_statement(order_sudo, access_token, values, {}, notice)

    # === RECEIPT === #

    def _withdrawal_go_to_receipt(self, withdrawal, report_type=None):
        """Open the receipt's page in this browser, which is given the right to see it. The address
        is the number only: the key of a receipt is in no address, hence in no server's log."""
        kept = [number for number in self._withdrawal_get_receipts() if number != withdrawal.id]
        request.session["rma_receipts"] = [*kept, withdrawal.id][-RECEIPTS_KEPT:]
        query = {"report_type": report_type} if report_type == "pdf" else None
        return request.redirect_query(f"/withdraw/receipt/{withdrawal.name}", query)

    def _withdrawal_get_receipts(self):
        """Return the ids of the withdrawals that were submitted in this browser."""
        return request.session.get("rma_receipts") or []

    @page(
        "/withdraw/receipt/<string:number>",
        auth="public",
        website=True,
        sitemap=False,
        is_key=True,
    )
    def withdraw_receipt(self, number, report_type=None, **kwargs):
        """Show the receipt to whoever submitted the statement; `report_type=pdf` gives it as
        PDF. The page is the same whether an order was found or not.

        :param str number: of the receipt, in the browser that submitted it; or its key
        """
        withdrawals = self._withdrawal_get_recorder()
        if re.fullmatch(r"[0-9a-f]{64}", number) and (found := withdrawals._find_by_token(number)):
            return self._withdrawal_go_to_receipt(found, report_type)
        submitted = withdrawals.browse(self._withdrawal_get_receipts()).exists()
        withdrawal = submitted.filtered(lambda submitted: submitted.name == number)
        if not withdrawal:
            return request.redirect("/withdraw")
        texts = withdrawal._get_texts()
        if report_type == "pdf" and (pdf := withdrawal._get_receipt_pdf()):
            headers = [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(pdf.name)),
            ]
            return request.make_response(pdf.raw, headers=headers)
        # who proved to be the customer may be told about the return, nobody else
        is_known = withdrawal.channel != "form"
        return request.render(
            "sale_rma.withdrawal_receipt_page",
            {
                **self._withdrawal_prepare_page_values(withdrawal.lang),
                "doc": withdrawal,
                "texts": texts,
                "notice": texts["receipt_altered"] if withdrawal._is_receipt_altered() else None,
                "rma": withdrawal.rma_ids[:1] if is_known else withdrawal.rma_id.browse(),
                "res_company": withdrawal.company_id,
            },
        )

    # === MODEL FORM === #

    @page(
        "/withdraw/form",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def withdraw_form(self, **kwargs):
        """Show the model withdrawal form of the directive, to print (L9)."""
        return request.render(
            "sale_rma.withdrawal_model_form",
            {
                **self._withdrawal_prepare_page_values(),
                # sudo: the company's name and address, which visitors are told
                "company": request.env.company.sudo(),
            },
        )

    @page("/withdraw/information", auth="public", website=True, sitemap=False, readonly=True)
    def withdraw_information(self, **kwargs):
        """Show what the terms say of the right of withdrawal, in all languages, to copy (L10)."""
        # sudo: what any shop's terms say
        company = request.env.company.sudo()
        return request.render(
            "sale_rma.withdrawal_information",
            {
                **self._withdrawal_prepare_page_values(),
                "information": company._get_withdrawal_information(),
            },
        )

    # === KNOWN CUSTOMERS === #

    def _withdrawal_get_order(self, order_id, access_token):
        """Return the order as superuser if the visitor may read it as its customer, or holds its
        token; else nothing, without a word."""
        if not order_id or not str(order_id).isdecimal() or int(order_id) > MAX_ID:
            return None
        token = access_token if access_token and access_token.isascii() else None
        try:
            order_sudo = self._document_check_access("sale.order", int(order_id), token)
        except (AccessError, MissingError):
            return None
        # asked as whoever it is: the check returns the order as superuser's
        if not request.env["sale.order"].browse(order_sudo.id)._may_act_for_rma_customer():
            return None
        return order_sudo if order_sudo.state == "sale" else None

    def _withdrawal_get_own_orders(self):
        """Return the orders a logged-in customer may mean, newest first, however old; those that
        were wholly withdrawn left out."""
        user = request.env.user
        if user._is_public() or not request.env["sale.order"].has_access("read"):
            return request.env["sale.order"]
        orders = request.env["sale.order"].search(
            [
                ("partner_id", "child_of", user.partner_id.commercial_partner_id.ids),
                ("state", "=", "sale"),
            ],
            order="date_order desc, id desc",
            limit=ORDERS_SHOWN,
        )
        return orders._filter_withdrawable()

    def _withdrawal_get_recorder(self):
        """Return the model as superuser: visitors write down what they declare, and read nothing
        but their own receipt. What is written on the way is the customer's doing, or nobody's."""
        withdrawals = request.env["sale.rma.withdrawal"]
        # sudo: see above
        if request.env.user._is_public():
            return withdrawals.with_user(SUPERUSER_ID)
        return withdrawals.sudo()

    # === FORM === #

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

    # === STATE === #

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

    # === RENDERING === #

    def _withdrawal_get_language(self):
        return request.env["sale.rma.withdrawal"]._get_visitor_language()

    def _withdrawal_get_texts(self, language=None):
        return request.env["sale.rma.withdrawal"]._get_visitor_texts(language)

    def _withdrawal_get_line_name(self, line):
        return line.product_id.with_context(display_default_code=False).display_name

    def _withdrawal_format_quantity(self, quantity, uom):
        """Return a quantity with its unit; pieces are just counted."""
        if uom == request.env.ref("uom.product_uom_unit", raise_if_not_found=False):
            return format_quantity(request.env, quantity)
        return request.env["sale.rma"]._format_quantity(quantity, uom)

    def _withdrawal_format_date(self, order_sudo):
        return order_sudo._format_withdrawal_date(self._withdrawal_get_language())

    def _withdrawal_prepare_page_values(self, language=None):
        language = language or self._withdrawal_get_language()
        return {
            "page_name": "withdrawal",
            "no_breadcrumbs": True,
            "texts": self._withdrawal_get_texts(language),
            "text_lang": language,
        }

    def _withdrawal_render_statement(self, order_sudo, access_token, values, errors, notice=None):
        orders = request.env["sale.order"] if order_sudo else self._withdrawal_get_own_orders()
        page_values = {
            **self._withdrawal_prepare_page_values(),
            "order": order_sudo,
            "access_token": access_token,
            # sudo: the visitor's own orders, searched with their own rights
            "own_orders": orders.sudo(),
            "form": values,
            "errors": errors,
            "notice": notice,
            "max_lengths": MAX_LENGTHS,
            "get_line_name": self._withdrawal_get_line_name,
            "format_quantity": self._withdrawal_format_quantity,
            "format_date": self._withdrawal_format_date,
        }
        if order_sudo:
            page_values["res_company"] = order_sudo.company_id
            page_values["arrival_text"] = order_sudo._describe_arrival(
                self._withdrawal_get_language()
            )
        return request.render("sale_rma.withdrawal_statement_page", page_values)

    def _withdrawal_render_confirmation(self, state, declared, access_token=None, notice=None):
        return request.render(
            "sale_rma.withdrawal_confirmation_page",
            {
                **self._withdrawal_prepare_page_values(declared["lang"]),
                "state": state,
                "access_token": access_token if declared["order_id"] else None,
                "statement": declared["statement"],
                "notice": notice,
            },
        )
