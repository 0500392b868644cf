"""What every page of ours keeps to, in one place: who may change something, how much is taken, and
what a page says about itself."""

import functools

from odoo import http
from odoo.http import Response, request

FORM_SIZE = 256 * 1024
"""Bytes of a form without files: a hundred times what an honest one has."""
FORM_FIELDS = 20_000
"""Fields of a form: more than an order of thousands of lines has."""


def is_post():
    """Whether the request may change something. Odoo asks a POST for the form's token, and calls
    what answers GET for HEAD and OPTIONS too, without one."""
    return request.httprequest.method == "POST"


def is_form_own():
    """Whether what was posted carries the token of this session. Asked by the pages that let
    nothing be lost: routes with `csrf=False`, which then show again what was typed."""
    return request.validate_csrf(request.httprequest.form.get("csrf_token"))


def page(paths, *, methods=("GET",), is_key=False, max_content_length=FORM_SIZE, **routing):
    """Route of a page of ours, as `http.route`, with our rules:

    - only GET, HEAD and POST reach it, and what it changes it changes for `is_post()`;
    - no more is read than a form can have;
    - a page whose address is a key is neither kept, found nor passed on.

    :param methods: GET, POST or both
    :param bool is_key: whether the address, or what the page shows, is for its reader only; with
        an `access_token` it always is
    :param int max_content_length: bytes of the body, files included
    """

    def decorate(endpoint):
        @functools.wraps(endpoint)
        def answer(self, *args, **kwargs):
            if request.httprequest.method not in ("GET", "HEAD", "POST"):
                allowed = ", ".join((*methods, *(["HEAD"] if "GET" in methods else ()), "OPTIONS"))
                return Response(status=204, headers={"Allow": allowed})
            response = endpoint(self, *args, **kwargs)
            if is_key or request.params.get("access_token"):
                set_key_headers(response)
            return response

        return http.route(
            paths,
            type="http",
            methods=list(methods),
            max_content_length=max_content_length,
            rma_max_fields=FORM_FIELDS,
            **routing,
        )(answer)

    return decorate


def rpc(paths, **routing):
    """Route that a script of our pages asks; it changes nothing. No more is read than a form can
    have."""
    return http.route(paths, type="jsonrpc", readonly=True, max_content_length=FORM_SIZE, **routing)


def set_key_headers(response):
    """Mark what is for its reader only: no browser or proxy keeps it, no search engine lists it,
    and the next page is not told its address."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
