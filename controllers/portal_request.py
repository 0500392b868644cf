import secrets

from werkzeug.urls import url_encode

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.portal.sale_rma_request import LINE_FIELD
from ..models.portal.sale_rma_upload import MAX_FILE_SIZE, MAX_FILES, MAX_PHOTOS
from .page import is_form_own, is_post, page, rpc
from .portal import MAX_ID, ReturnPortal
from .typed import keep_typed, take_typed

MAX_REQUEST_SIZE = 64 * 1024 * 1024
LINES_PER_PAGE = 60
ORDERS_PER_PAGE = 20


def _read_page(page):
    """Return the page asked for; the first one where the query string says nonsense."""
    return min(int(page), MAX_ID) if str(page).isdecimal() else 1


class ReturnRequestPortal(ReturnPortal):
    """Asking for a return."""

    # === CHOOSING THE ORDER === #

    @page(["/my/returns/new", "/my/returns/new/page/<int:page>"], auth="user", website=True)
    def portal_return_choose_order(self, page=1, **kwargs):
        """List the customer's orders of which something can be sent back."""
        can_read = request.env["sale.order"].has_access("read")
        # sudo: only the customer's own orders are searched, but by their products, on which
        # customers have no rights
        orders = request.env["sale.order"].sudo()
        domain = self._prepare_returnable_orders_domain()
        total = orders.search_count(domain) if can_read else 0
        pager = portal_pager(
            url="/my/returns/new", total=total, page=_read_page(page), step=ORDERS_PER_PAGE
        )
        if can_read:
            orders = orders.search(
                domain,
                order="date_order desc, id desc",
                limit=ORDERS_PER_PAGE,
                offset=pager["offset"],
            )
        orders.order_line.product_id._read_for_pages()
        kinds = orders._get_return_kinds() if can_read else {}
        orders = orders.filtered(lambda order: kinds[order]) if can_read else orders
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "return_new",
            "orders": orders,
            "kinds": kinds,
            "pager": pager,
        }
        return request.render("sale_rma.portal_return_choose_order", values)

    def _prepare_returnable_orders_domain(self):
        """Return the domain of the customer's own orders that have something to send back."""
        orders = self._prepare_orders_domain(request.env.user.partner_id)
        return Domain(orders) & Domain("is_returnable", "in", [True])

    # === ASKING FOR A RETURN === #

    @page(
        "/my/orders/<int:order_id>/return",
        auth="public",
        website=True,
        methods=("GET", "POST"),
        csrf=False,  # `_handle_return_request` checks it, and keeps what was typed
        is_key=True,
        max_content_length=MAX_REQUEST_SIZE,
    )
    def portal_return_request(self, order_id, access_token=None, **kwargs):
        """Show the form that asks for a return of an order, or take it when it is sent. Without a
        login it takes the order's token; anybody else is sent to log in, and finds there again what
        they typed."""
        try:
            order = self._order_check_access(order_id, access_token)
        except (AccessError, MissingError):
            if is_post() and request.env.user._is_public():
                keep_typed(request.httprequest.path, self._read_posted())
            return self._render_closed(request.httprequest.path, access_token)
        return self._handle_return_request(
            order, f"/my/orders/{order.id}/return", access_token=access_token
        )

    @rpc("/my/orders/<int:order_id>/return/estimate", auth="public", website=True)
    def portal_return_estimate(self, order_id, access_token=None, values=None, **kwargs):
        """Tell what the form as it is now would give back; see `_render_estimate`."""
        order = self._order_check_access(order_id, access_token)
        return self._render_estimate(order, values)

    @rpc("/my/orders/<int:order_id>/return/products", auth="public", website=True)
    def portal_return_products(
        self, order_id, access_token=None, line_id=None, search=None, **kwargs
    ):
        """Propose products to choose instead; see `_render_products`."""
        order = self._order_check_access(order_id, access_token)
        return self._render_products(order, line_id, search)

    def _order_check_access(self, order_id, access_token):
        """Return the order, as superuser in the environment of whoever asks, if the user may read
        it or holds its token.

        :raise AccessError: neither
        :raise MissingError: there is no such order
        """
        if not isinstance(order_id, int) or order_id > MAX_ID:
            raise MissingError(request.env._("This document does not exist."))
        token = access_token if isinstance(access_token, str) and access_token.isascii() else None
        order = self._document_check_access("sale.order", order_id, access_token=token)
        if order.state not in ("sale", "cancel"):
            raise AccessError(request.env._("This order is not confirmed."))
        # sudo: access was just checked. Not OdooBot's, as the check returns it: what is made from
        # here on is made by whoever asks.
        order = request.env["sale.order"].sudo().browse(order.id)
        if not order._may_act_for_rma_customer():
            raise AccessError(
                request.env._("Only the customer, or who may change the order, can do this.")
            )
        return order

    def _handle_return_request(self, order, url, access_token=None, **values):
        """Show the form, or take what was posted. Everything of an order is decided by
        `sale.rma.request`; the order's access was checked.

        :param order: the `sale.order`, as superuser
        :param str url: where the form is posted to
        :param str access_token: to go on with without a login
        :param values: more for the page
        """
        order = order.with_company(order.company_id)
        form = order.env["sale.rma.request"]
        query = f"?{url_encode({'access_token': access_token})}" if access_token else ""
        values.update(form_url=f"{url}{query}", rpc_url=url, access_token=access_token)
        if not is_post():
            if typed := take_typed(url):
                asked = form._read(order, typed)
                asked.errors.append(self._get_ended_text())
            else:
                asked = form._prepare(order, request.params.get("kind"))
            return self._render_return_request(asked, **values)
        posted = self._read_posted()
        if not is_form_own():
            asked = form._read(order, posted)
            asked.errors.append(self._get_ended_text())
            response = self._render_return_request(asked, is_reviewed=True, **values)
            response.status_code = 400
            return response
        form._lock(order)
        sent = form._find_sent(order, posted.get("request_key"))
        if not sent:
            asked = form._read(order, posted)
            form._keep_photos(asked, self._read_photos())
            if not posted.get("step") and posted.get("page"):  # only leafed through
                return self._render_return_request(asked, **values)
            form._check(asked)
            if asked.has_errors or posted.get("step") != "send":
                return self._render_return_request(asked, is_reviewed=True, **values)
            sent = form._send(asked)
        if not sent:
            return self._render_return_request(asked, is_reviewed=True, **values)
        # the form proved who asks: they may follow what they asked for
        return request.redirect(
            sent[0].get_portal_url(query_string="&notice=asked", anchor="return_notice")
        )

    def _read_posted(self):
        """Return the form's fields: the first value of each, all of the photos kept from before."""
        return {
            name: " ".join(values) if name.endswith("-kept") else values[0]
            for name, values in request.httprequest.form.lists()
        }

    def _read_photos(self):
        """Return {sold line's id: list of (file name, content)} of what was uploaded. Of a file
        that is too large only as much is read as shows it."""
        photos, taken = {}, 0
        for name, files in request.httprequest.files.lists():
            match = LINE_FIELD.fullmatch(name)
            if not match or match[2] != "photos":
                continue
            for file in [file for file in files if file.filename][: MAX_PHOTOS + 1]:
                if taken > MAX_FILES:  # one more than is taken, which says so
                    return photos
                taken += 1
                file.seek(0)  # the request may be a second try after a conflict
                content = file.read(MAX_FILE_SIZE + 1)
                if content:
                    photos.setdefault(int(match[1]), []).append((file.filename, content))
        return photos

    def _render_return_request(self, asked, is_reviewed=False, **values):
        """Render the form with what was typed; after a first look (`is_reviewed`) with what it
        would give back, which is where it can be sent without JavaScript."""
        form = asked.order.env["sale.rma.request"]
        asked.key = asked.key or secrets.token_urlsafe(24)
        is_sendable = is_reviewed and asked.picked and not asked.has_errors
        pager = portal_pager(
            url=values["rpc_url"],
            total=len(asked.offered),
            page=self._read_page(),
            step=LINES_PER_PAGE,
            url_args={"access_token": values["access_token"]} if values["access_token"] else {},
        )
        offered = asked.offered
        page_lines = offered[pager["offset"] : pager["offset"] + LINES_PER_PAGE]
        # what is picked stays in the form, also on the pages that follow
        lines = [line for line in offered if line in page_lines or line.is_picked]
        sold = asked.order.order_line.browse([line.sold.id for line in lines])
        sold.product_id._read_for_pages()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "return_request",
            "asked": asked,
            "lines": lines,
            "order": asked.order,
            "company": asked.order.company_id,
            "res_company": asked.order.company_id,  # whose logo the page shows
            "form": form,
            "reasons": form._get_reasons(asked.kind),
            "is_reviewed": is_reviewed,
            "is_sendable": is_sendable,
            "withdrawal": self._prepare_withdrawal_offer(asked.order, values["access_token"]),
            "estimate": form._estimate(asked) if is_reviewed else None,
            "pace": form._new_return(asked, [])._get_pace_text("refund"),
            "pager": pager,
            "max_photos": MAX_PHOTOS,
            "photo_types": request.env["sale.rma.upload"]._get_photo_types(),
            "max_photo_size": MAX_FILE_SIZE,
            **values,
        }
        return request.render("sale_rma.return_request", values)

    def _prepare_withdrawal_offer(self, order, access_token):
        """Return what the form says of the right of withdrawal while it runs (docs/law.md L1, L16):
        sentence, label and address of the button, which takes along what was typed."""
        language = request.env["sale.rma.withdrawal"]._get_visitor_language()
        offer = order._get_withdrawal_offer(language)
        if not offer:
            return None
        values = {"text": offer[0], "label": offer[1], "lang": language}
        if not access_token and request.env.user._is_public():  # a guest, known by address only
            query = url_encode({"contract": order.name})
            return {**values, "url": f"/withdraw?{query}", "is_form": False}
        query = {"order_id": order.id}
        if access_token:
            query["access_token"] = access_token
        return {**values, "url": f"/withdraw/from-return?{url_encode(query)}", "is_form": True}

    def _read_page(self):
        page = request.params.get("page", "")
        return int(page) if str(page).isdecimal() and len(str(page)) < 6 else 1

    def _render_estimate(self, order, values):
        """Return the HTML of what a form would give back, the same as the page shows without
        JavaScript.

        :param order: the `sale.order`, as superuser; its access was checked
        :param dict values: the form's fields, without files
        """
        order = order.with_company(order.company_id)
        form = order.env["sale.rma.request"]
        asked = form._read(order, values if isinstance(values, dict) else {})
        return request.env["ir.qweb"]._render(
            "sale_rma.return_request_estimate",
            {
                "asked": asked,
                "estimate": form._estimate(asked),
                "pace": form._new_return(asked, [])._get_pace_text("refund"),
            },
        )

    def _render_products(self, order, line_id, search):
        """Return the HTML of products that a text may mean, to choose one instead of a line.

        :param order: the `sale.order`, as superuser; its access was checked
        :param int line_id: of the order's line
        :param str search: what was typed
        """
        form = order.env["sale.rma.request"]
        sold = order.order_line.filtered(lambda line: line.id == line_id)
        if not sold or not isinstance(search, str):
            return ""
        found = form._search_products(sold, search.replace("\0", ""))
        return request.env["ir.qweb"]._render(
            "sale_rma.return_request_found",
            {"sold": sold, "order": order, "found": found, "chosen": None},
        )
