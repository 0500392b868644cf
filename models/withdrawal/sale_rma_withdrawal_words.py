from odoo import api, models

from . import terms_texts, texts


class SaleRmaWithdrawalWords(models.AbstractModel):
    """The words of the withdrawal function, language by language, whatever languages Odoo has. Who
    adds a language extends these methods."""

    _name = "sale.rma.withdrawal.words"
    _description = "Words of the Withdrawal Function"

    @api.model
    def _get_languages(self):
        """Return the languages that there are words in, as codes such as `de`."""
        return texts.LANGUAGES

    @api.model
    def _find_language(self, code):
        """Return the language of a code such as `de_AT` or `de-AT` if there are words in it."""
        language = (code or "").replace("-", "_").split("_")[0].lower()
        return language if language in self._get_languages() else None

    @api.model
    def _get_texts(self, language):
        """Return {key: text} in one of `_get_languages`, with the labels of the law as `withdraw`
        and `confirm`. Texts may hold placeholders like `%(order)s`."""
        return texts.get_texts(language)

    @api.model
    def _get_information(self, language, company, url, days, bearer):
        """Return what the terms say of the right of withdrawal, as (heading, paragraphs) pairs in
        one of `_get_languages`.

        :param str company: name, address and e-mail
        :param str url: of the withdrawal function
        :param int days: of the period
        :param str bearer: `shop` or `customer`, who pays the way back
        """
        return terms_texts.get_information(language, company, url, days, bearer)

    @api.model
    def _format_day(self, day, language):
        """Return a date written out in one of `_get_languages`: `17 March 2026`."""
        return texts.format_day(day, language)
