from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_return_label = fields.Selection(related="company_id.rma_return_label", readonly=False)
    rma_return_carrier_id = fields.Many2one(
        related="company_id.rma_return_carrier_id", readonly=False
    )
