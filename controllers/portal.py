from werkzeug.urls import url_encode

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .page import page

MAX_ID = 2**31 - 1  # of a PostgreSQL integer


class ReturnPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rma_count" in counters:
            returns = request.env["sale.rma"]
            values["rma_count"] = (
                returns.search_count(self._prepare_returns_domain(), limit=1)
                if returns.has_access("read")
                else 0
            )
        return values

    # === LIST === #

    # Not readonly: the links of the returns shown are made on the way.
    @page(["/my/returns", "/my/returns/page/<int:page>"], auth="user", website=True)
    def portal_my_returns(self, page=1, sortby=None, filterby=None, search=None, **kwargs):
        """List the customer's returns. Unknown sorting, filter or page fall back to the first."""
        values = self._prepare_returns_rendering_values(page, sortby, filterby, search)
        request.session["my_returns_history"] = values["returns"].ids[:100]
        return request.render("sale_rma.portal_my_returns", values)

    def _prepare_returns_rendering_values(self, page, sortby, filterby, search):
        returns = request.env["sale.rma"]
        sortings = self._get_returns_searchbar_sortings()
        filters = self._get_returns_searchbar_filters()
        sortby = sortby if sortby in sortings else next(iter(sortings))
        filterby = filterby if filterby in filters else next(iter(filters))
        search = (search or "").replace("\0", "").strip()
        domain = (
            self._prepare_returns_domain()
            & Domain(filters[filterby]["domain"])
            & self._prepare_returns_search_domain(search)
        )
        can_read = returns.has_access("read")
        pager = portal_pager(
            url="/my/returns",
            total=returns.search_count(domain) if can_read else 0,
            page=page if str(page).isdecimal() else 1,
            step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        found = returns
        if can_read:
            found = returns.search(
                domain,
                order=sortings[sortby]["order"],
                limit=self._items_per_page,
                offset=pager["offset"],
            )
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "return",
            # sudo: found with the customer's rights, shown with names of orders and currencies
            "returns": found.sudo(),
            "pager": pager,
            "default_url": "/my/returns",
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
            "search": search,
            "searchbar_inputs": {
                "all": {"input": "all", "label": request.env._("Reference, order or item")}
            },
            "search_in": "all",
        }

    def _prepare_returns_domain(self):
        """Return the domain of the customer's own returns, without what they may not know of."""
        customer = request.env.user.partner_id.commercial_partner_id
        own = Domain("partner_id", "child_of", customer.ids)
        return own & request.env["sale.rma"]._get_customer_domain()

    def _prepare_returns_search_domain(self, search):
        """Return the domain of what was typed: a reference, an order or an item."""
        if not search:
            return Domain.TRUE
        return Domain.OR(
            Domain(field, "ilike", search)
            for field in ("name", "order_id.name", "line_ids.sale_line_id.name")
        )

    def _get_returns_searchbar_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "create_date desc, id desc"},
            "name": {"label": request.env._("Reference"), "order": "name, id"},
            "state": {"label": request.env._("Status"), "order": "state, id desc"},
        }

    def _get_returns_searchbar_filters(self):
        returns = request.env["sale.rma"]
        closed = [state for state in returns._get_closed_states() if state != "done"]
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "requested": {
                "label": request.env._("Requested"),
                "domain": [("state", "=", "requested")],
            },
            "open": {
                "label": request.env._("On the way"),
                "domain": [("state", "in", returns._get_receiving_states())],
            },
            "done": {"label": request.env._("Finished"), "domain": [("state", "=", "done")]},
            "closed": {
                "label": request.env._("Refused or cancelled"),
                "domain": [("state", "in", closed)],
            },
        }

    # === PAGE === #

    @page("/my/returns/<int:rma_id>", auth="public", website=True, is_key=True)
    def portal_return_page(
        self, rma_id, report_type=None, access_token=None, download=False, **kwargs
    ):
        """Show a return to its customer, or to whoever holds its link; `report_type=pdf` gives
        the slip. Anybody else is told how to get there, and the same for what is not there."""
        try:
            rma_sudo = self._return_check_access(rma_id, access_token)
        except (AccessError, MissingError):
            return self._render_closed(f"/my/returns/{rma_id}", access_token)
        if report_type in ("html", "pdf"):
            return self._show_report(
                model=rma_sudo,
                report_type=report_type,
                report_ref="sale_rma.action_report_sale_rma",
                download=download,
            )
        values = self._prepare_return_page_values(rma_sudo)
        values = self._get_page_view_values(
            rma_sudo, access_token, values, "my_returns_history", False, **kwargs
        )
        return request.render("sale_rma.portal_return_page", values)

    def _get_ended_text(self):
        """Return in words that a session ended: what was typed is there, files are not."""
        return request.env._(
            "You were away for long. What you typed is still here: choose photos again if you had "
            "any, and send it."
        )

    def _render_closed(self, path, access_token):
        """Answer whoever may not see a page, in the same words whether there is such a document or
        not: without a link they log in, a link that does not work says so and offers another.

        :param str path: of the page
        :param access_token: of the link
        """
        if request.env.user._is_public() and not access_token:
            return request.redirect(f"/web/login?{url_encode({'redirect': path})}")
        response = request.render(
            "sale_rma.return_link_dead",
            {**self._prepare_portal_layout_values(), "page_name": "return_dead", "path": path},
        )
        response.status_code = 404
        return response

    def _return_check_access(self, rma_id, access_token):
        """Return the return as superuser if the user may read it or holds its token.

        :raise AccessError: neither, or it is one that customers may not know of (R8)
        :raise MissingError: there is no such return
        """
        if rma_id > MAX_ID:
            raise MissingError(request.env._("This document does not exist."))
        token = access_token if access_token and access_token.isascii() else None
        rma_sudo = self._document_check_access("sale.rma", rma_id, access_token=token)
        if not rma_sudo._filter_customer_visible():
            raise AccessError(request.env._("This return is not visible yet."))
        return rma_sudo

    def _prepare_return_page_values(self, rma_sudo):
        viewed = self._as_viewed(rma_sudo)
        return {
            "rma": rma_sudo,
            "viewed_rma": viewed,  # whose links fit who looks at the page
            "may_act": viewed._may_act_for_customer(),
            "page_name": "return",
            "report_type": "html",
            "backend_url": f"/odoo/sale.rma/{rma_sudo.id}",
            "res_company": rma_sudo.company_id,  # whose logo the page shows
        }

    def _as_viewed(self, rma_sudo):
        """Return a return whose access was checked with what whoever looks at its page may do:
        customers, with a login or the key, all there is; colleagues what their own rights say,
        whatever key they hold.

        In the environment of whoever acts, not OdooBot's.
        """
        # sudo: access was checked
        is_customer = not request.env.user._is_internal()
        return request.env["sale.rma"].sudo(is_customer).browse(rma_sudo.id)
