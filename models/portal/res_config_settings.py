from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_guest_pages = fields.Boolean(related="company_id.rma_guest_pages", readonly=False)
