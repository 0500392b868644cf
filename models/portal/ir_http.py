from werkzeug.exceptions import RequestEntityTooLarge

from odoo import models
from odoo.http import request

FORM = "application/x-www-form-urlencoded"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `http_routing`: texts of our scripts on customers' pages are translated."""
        return [*super()._get_translation_frontend_modules_name(), "sale_rma"]

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Override of `base`: a form of a page of ours with absurdly many fields is refused before
        they are taken apart, which takes a hundred times as long as reading them."""
        most = rule.endpoint.routing.get("rma_max_fields")
        if most and request.httprequest.mimetype == FORM:
            request.dispatcher.pre_dispatch(rule, args)  # how much may be read at all
            if request.httprequest.get_data().count(b"&") >= most:
                raise RequestEntityTooLarge
        return super()._pre_dispatch(rule, args)
