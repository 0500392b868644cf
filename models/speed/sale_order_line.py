from odoo import api, models

from ...tools.read_ahead import get_names_ahead


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base`: the lines of an order are read with their list."""
        names = get_names_ahead(self, field_names, ("order_id",))
        return super().search_fetch(domain, names, offset, limit, order)
