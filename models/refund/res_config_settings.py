from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_take_back_points = fields.Boolean(related="company_id.rma_take_back_points", readonly=False)
