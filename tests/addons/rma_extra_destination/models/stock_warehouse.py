from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    outlet_location_id = fields.Many2one("stock.location", help="Where opened boxes are sold.")
