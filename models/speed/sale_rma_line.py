from odoo import api, models

from ...tools.read_ahead import get_names_ahead


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base`: the items of a return or a sold line are read with their list."""
        names = get_names_ahead(self, field_names, ("rma_id", "sale_line_id"))
        return super().search_fetch(domain, names, offset, limit, order)
