from odoo import fields, models


class SaleRma(models.Model):
    _inherit = "sale.rma"

    pickup_floor = fields.Char(help="Where the carrier fetches it.")
