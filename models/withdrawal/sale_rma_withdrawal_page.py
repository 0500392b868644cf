from odoo import api, models
from odoo.http import request


class SaleRmaWithdrawal(models.Model):
    """What pages need to know about the withdrawal function."""

    _inherit = "sale.rma.withdrawal"

    def get_base_url(self):
        """Override of `base`: links lead to the web shop of the order, where one is known."""
        # sudo: an address that the customer is told
        order = self.sudo().matched_order_id if len(self) == 1 else None
        return order.get_base_url() if order else super().get_base_url()

    @api.model
    def _get_visitor_language(self):
        """Return the visitor's language, one of those with words.

        It is the page's language if the visitor reads it or chose it. A shop that lacks the
        visitor's language shows its own pages in another; the legal labels follow the visitor.
        """
        words = self.env["sale.rma.withdrawal.words"]
        page_language = words._find_language(self.env.lang)
        if not request or not self.env.user._is_public() or not self._is_default_lang():
            return page_language or "en"
        wanted = [
            code.split("-")[0].lower() for code in request.httprequest.accept_languages.values()
        ]
        if (self.env.lang or "en").split("_")[0] in wanted:
            return page_language or "en"
        known = [code for code in wanted if words._find_language(code)]
        return next(iter(known), page_language or "en")

    @api.model
    def _is_default_lang(self):
        """Whether the page is in the language shown to those who chose none."""
        default_lang = self.env["ir.http"]._get_default_lang()
        return self.env.lang in (None, default_lang.code)

    @api.model
    def _get_visitor_texts(self, language=None):
        """Return the texts in a language, by default the visitor's. Other addons may add to it."""
        words = self.env["sale.rma.withdrawal.words"]
        return words._get_texts(language or self._get_visitor_language())

    @api.model
    def _get_function_link(self):
        """Return what a page's link to the function needs, nothing where the shop has none."""
        # sudo: a setting that shows on every page
        if not self.env.company.sudo().rma_withdrawal_link:
            return None
        language = self._get_visitor_language()
        texts = self._get_visitor_texts(language)
        return {"lang": language, "label": texts["withdraw"], "url": "/withdraw"}
