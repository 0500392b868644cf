from odoo import fields, models

from ..tools.number_field import Count


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rma_return_address_id = fields.Many2one(
        related="company_id.rma_return_address_id", readonly=False
    )
    rma_instructions = fields.Html(related="company_id.rma_instructions", readonly=False)
    rma_user_id = fields.Many2one(related="company_id.rma_user_id", readonly=False)
    rma_refund_posting = fields.Selection(related="company_id.rma_refund_posting", readonly=False)
    rma_return_days = Count(related="company_id.rma_return_days", readonly=False)
    rma_expiry_days = Count(related="company_id.rma_expiry_days", readonly=False)
    rma_alias_name = fields.Char(related="company_id.rma_alias_name", readonly=False)
    rma_alias_domain = fields.Char(
        related="company_id.alias_domain_id.name", string="Domain of the Address for Returns"
    )
    rma_withdrawal_link = fields.Boolean(related="company_id.rma_withdrawal_link", readonly=False)
    rma_withdrawal_days = Count(related="company_id.rma_withdrawal_days", readonly=False)
    rma_transit_days = Count(related="company_id.rma_transit_days", readonly=False)
    rma_legal_interest_rate = fields.Float(
        related="company_id.rma_legal_interest_rate", readonly=False
    )
    rma_withdrawal_shipping = fields.Selection(
        related="company_id.rma_withdrawal_shipping", readonly=False
    )
    rma_withdrawal_log_ip = fields.Boolean(
        related="company_id.rma_withdrawal_log_ip", readonly=False
    )
    rma_return_cost_bearer_withdrawal = fields.Selection(
        related="company_id.rma_return_cost_bearer_withdrawal", readonly=False
    )
    rma_return_cost_bearer_return = fields.Selection(
        related="company_id.rma_return_cost_bearer_return", readonly=False
    )
    rma_return_cost_bearer_claim = fields.Selection(
        related="company_id.rma_return_cost_bearer_claim"
    )
    rma_instructions_withdrawal = fields.Html(
        related="company_id.rma_instructions_withdrawal", readonly=False
    )
    rma_instructions_claim = fields.Html(
        related="company_id.rma_instructions_claim", readonly=False
    )
    rma_privacy_url = fields.Char(related="company_id.rma_privacy_url", readonly=False)
    rma_inquiry_retention_months = Count(
        related="company_id.rma_inquiry_retention_months", readonly=False
    )
    rma_withdrawal_retention_years = Count(
        related="company_id.rma_withdrawal_retention_years", readonly=False
    )

    def get_field_translations(self, field_name, langs=None):
        """Override of `base`: the translate button beside the instructions shows the company's."""
        if field_name.startswith("rma_instructions"):
            return self.company_id.get_field_translations(field_name, langs=langs)
        return super().get_field_translations(field_name, langs=langs)

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Override of `base`: the translate button beside the instructions writes the
        company's."""
        if field_name.startswith("rma_instructions"):
            return self.company_id.update_field_translations(
                field_name, translations, source_lang=source_lang
            )
        return super().update_field_translations(field_name, translations, source_lang=source_lang)
