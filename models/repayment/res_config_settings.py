from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_credit_bonus = fields.Float(related="company_id.rma_credit_bonus", readonly=False)
