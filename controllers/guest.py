from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import email_normalize

from .page import is_form_own, is_post, page, rpc
from .portal_request import MAX_REQUEST_SIZE, ReturnRequestPortal


class ReturnGuestPortal(ReturnRequestPortal):
    """Returns without an account: order number and e-mail get a link, the link gets the form."""

    # === ASKING FOR THE LINK === #

    @page(
        "/returns",
        auth="public",
        website=True,
        methods=("GET", "POST"),
        csrf=False,  # checked below, so that what was typed is not lost
    )
    def guest_returns(self, order_ref="", email="", **kwargs):
        """Ask for the order, and always say the same: whether there is one is nobody's business
        but its customer's, who gets a mail."""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "guest_return",
            "order_ref": order_ref if isinstance(order_ref, str) else "",
            "email": email if isinstance(email, str) else "",
            "errors": {},
        }
        if not self._has_guest_pages():
            return self._render_closed("/my/returns/new", access_token="none")
        if not is_post():
            return request.render("sale_rma.guest_return", values)
        values["errors"] = self._get_guest_errors(values["order_ref"], values["email"])
        if not is_form_own():
            values["errors"]["ended"] = self._get_ended_text()
            response = request.render("sale_rma.guest_return", values)
            response.status_code = 400
            return response
        if values["errors"]:
            return request.render("sale_rma.guest_return", values)
        # sudo: it writes down what was typed, and reads nothing of any order
        is_taken = (
            request.env["sale.rma.guest.request"]
            .sudo()
            ._ask(values["order_ref"], values["email"], request.httprequest.remote_addr)
        )
        response = request.render(
            "sale_rma.guest_return_asked" if is_taken else "sale_rma.guest_return_throttled", values
        )
        response.status_code = 200 if is_taken else 429
        return response

    def _has_guest_pages(self):
        # sudo: a setting that every page shows
        return request.env.company.sudo().rma_guest_pages

    def _get_guest_errors(self, order_ref, email):
        """Return {field: what is wrong with its form}; nothing about orders."""
        requests = request.env["sale.rma.guest.request"]
        errors = {}
        if not requests._normalize_order_ref(order_ref):
            errors["order_ref"] = request.env._("Type the number of your order.")
        if len(email) > 254 or "\0" in email or not email_normalize(email):
            errors["email"] = request.env._("Type your e-mail address, such as anna@example.com.")
        return errors

    # === THE LINK === #

    @page(
        "/returns/<string:token>",
        auth="public",
        website=True,
        methods=("GET", "POST"),
        csrf=False,  # `_handle_return_request` checks it, and keeps what was typed
        is_key=True,
        max_content_length=MAX_REQUEST_SIZE,
    )
    def guest_return_request(self, token, **kwargs):
        """Show or take the form for the order of a mailed link."""
        order = self._get_guest_order(token)
        if not order:
            values = {**self._prepare_portal_layout_values(), "page_name": "guest_return"}
            response = request.render("sale_rma.guest_return_expired", values)
            response.status_code = 404
        else:
            response = self._handle_return_request(order, f"/returns/{token}", is_guest=True)
        return response

    @rpc("/returns/<string:token>/estimate", auth="public", website=True)
    def guest_return_estimate(self, token, values=None, **kwargs):
        """Tell what the form as it is now would give back; see `_render_estimate`."""
        return self._render_estimate(self._guest_check_access(token), values)

    @rpc("/returns/<string:token>/products", auth="public", website=True)
    def guest_return_products(self, token, line_id=None, search=None, **kwargs):
        """Propose products to choose instead; see `_render_products`."""
        return self._render_products(self._guest_check_access(token), line_id, search)

    def _get_guest_order(self, token):
        """Return the order of a link, as superuser in the environment of whoever asks; empty when
        the link is forged, expired or outdated."""
        # sudo: nothing but the order whose signed link was mailed to its customer
        order = request.env["sale.rma.guest.request"].sudo()._get_link_order(token)
        return order.filtered("company_id.rma_guest_pages")

    def _guest_check_access(self, token):
        order = self._get_guest_order(token)
        if not order:
            raise AccessError(request.env._("This link has expired."))
        return order
