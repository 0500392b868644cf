"""What customers see is in their language, page by page and mail by mail (issue 16.15)."""

from pathlib import Path

import polib
from lxml import html

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common_portal import PortalCommon

LANGUAGES = ("de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL")
ODOO_WORDS = {"Contact", "Data"}  # of its pages around ours; Italian for a date


@tagged("post_install", "-at_install")
class TestLanguages(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), shipping=7.0)
        cls.shipped = {
            code: file
            for code in LANGUAGES
            if (file := Path(file_path("sale_rma/i18n")) / f"{code[:2]}.po").exists()
        }
        module = cls.env["ir.module.module"].sudo().search([("name", "=", "sale_rma")])
        for code in cls.shipped:
            cls.env["res.lang"].sudo()._activate_lang(code)
            module._update_translations([code])
        cls.returns = [
            cls._create_rma(cls.order, {cls.shirt: 1}, state=state)
            for state in ("requested", "accepted")
        ]

    def _get_english(self, file):
        """Return the English texts that have other words in a language."""
        texts = (entry for entry in polib.pofile(file) if entry.msgid != entry.msgstr)
        return {" ".join(entry.msgid.split()) for entry in texts} - ODOO_WORDS

    def _assert_translated(self, what, english, document):
        root = html.fromstring(document) if isinstance(document, str) else document
        shown = {
            " ".join(text.split())
            for text in root.xpath(
                "//text()[not(ancestor::script or ancestor::style)]"
                " | //@placeholder | //@title | //@aria-label | //@alt"
            )
        }
        with self.subTest(what=what):
            self.assertFalse(shown & english)

    def test_pages_are_in_the_customers_language(self):
        paths = [
            "/my/returns",
            "/my/returns/new",
            f"/my/orders/{self.order.id}/return",
            f"/my/orders/{self.order.id}/return?kind=claim",
            f"/withdraw?order_id={self.order.id}",
            "/withdraw/form",
            *(f"/my/returns/{rma.id}" for rma in self.returns),
        ]
        for code, file in self.shipped.items():
            self.customer.lang = code
            english = self._get_english(file)
            self.authenticate("rma_customer", "rma_customer")
            self.opener.cookies.set("frontend_lang", code)
            for path in paths:
                response = self.url_open(path)  # it leads to the language's own address
                self.assertEqual(response.status_code, 200, path)
                self._assert_translated((code, path), english, response.text)

    def test_guests_pages_are_in_the_visitors_language(self):
        for code, file in self.shipped.items():
            english = self._get_english(file)
            for path in ("/returns", "/withdraw"):
                response = self.url_open(path, headers={"Accept-Language": code[:2]})
                self._assert_translated((code, path), english, response.text)

    def test_mails_are_in_the_customers_language(self):
        templates = self.env["mail.template"].search([("model", "=", "sale.rma")])
        for code, file in self.shipped.items():
            english = self._get_english(file)
            self.customer.lang = code
            for template in templates:
                body = template._render_field("body_html", self.returns[1].ids, compute_lang=True)
                what = (code, template.get_external_id()[template.id])
                self._assert_translated(what, english, str(body[self.returns[1].id]))

    def test_slip_is_in_the_customers_language(self):
        for code, file in self.shipped.items():
            self.customer.lang = code
            page, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "sale_rma.action_report_sale_rma", self.returns[1].ids
            )
            self._assert_translated(code, self._get_english(file), page.decode())
