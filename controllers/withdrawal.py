import time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools.misc import hash_sign

from ..tools.quantity_field import format_quantity
from .page import is_post, page
from .withdrawal_documents import WithdrawalDocuments
from .withdrawal_form import MAX_LENGTHS, SCOPE, WithdrawalForm

MAX_ID = 2**31 - 1  # of a PostgreSQL integer
MAX_RETURN_FORM = 64 * 1024 * 1024  # with the photos that were chosen there
ORDERS_SHOWN = 20
STATEMENT_HOURS = 24
"""A signed statement opens a return: it is not to lie about for longer."""
CONFIRM_SIZE = 1024 * 1024  # the statement comes signed, each of an order's items described


class WithdrawalController(WithdrawalForm, WithdrawalDocuments):
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
        but their own acknowledgement. What is written on the way is the customer's doing, or
        nobody's."""
        withdrawals = request.env["sale.rma.withdrawal"]
        # sudo: see above
        if request.env.user._is_public():
            return withdrawals.with_user(SUPERUSER_ID)
        return withdrawals.sudo()

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
