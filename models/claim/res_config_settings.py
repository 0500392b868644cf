from odoo import models

from ...tools.number_field import Count


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_guarantee_months = Count(related="company_id.rma_guarantee_months", readonly=False)
