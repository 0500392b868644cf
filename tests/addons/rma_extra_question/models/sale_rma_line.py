from odoo import fields, models


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    is_worn = fields.Boolean(string="Was It Worn?")
