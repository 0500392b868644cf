from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_exchange_hold = fields.Selection(related="company_id.rma_exchange_hold", readonly=False)
