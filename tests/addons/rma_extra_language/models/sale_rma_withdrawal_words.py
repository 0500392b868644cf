from odoo import api, models


class SaleRmaWithdrawalWords(models.AbstractModel):
    """Portuguese; where it has no words of its own, it shows the English ones."""

    _inherit = "sale.rma.withdrawal.words"

    @api.model
    def _get_languages(self):
        return *super()._get_languages(), "pt"

    @api.model
    def _get_texts(self, language):
        if language != "pt":
            return super()._get_texts(language)
        return {
            **super()._get_texts("en"),
            "withdraw": "retratar-se do contrato aqui",
            "confirm": "confirmar a retratação",
        }

    @api.model
    def _get_information(self, language, *args):
        if language != "pt":
            return super()._get_information(language, *args)
        return [("Direito de livre resolução", ["Tem o direito de livre resolução."])]
