from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `http_routing`: texts of our scripts on customers' pages are translated."""
        return [*super()._get_translation_frontend_modules_name(), "sale_rma"]
