from odoo import fields, models


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    is_for_outlet = fields.Boolean(string="To the Outlet")

    def _get_restock_location(self, warehouse):
        if self.is_for_outlet and warehouse.outlet_location_id:
            return warehouse.outlet_location_id
        return super()._get_restock_location(warehouse)
