"""While the right of withdrawal runs, the commercial form says so (docs/law.md L1, L16)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Date
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestLawCommercialForm(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.country_id = cls.company.country_id = cls.env.ref("base.fr")
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 1))
        cls.shirts = cls.order.order_line.filtered(lambda line: line.product_id == cls.shirt)

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")
        self.path = f"/my/orders/{self.order.id}/return"

    def _arrived(self, days):
        pickings, day = self.order.picking_ids, Date.today() - timedelta(days=days)
        pickings.move_ids.date = day
        pickings.write({"date_done": day, "rma_date_delivered": day})

    def test_L16_the_form_says_that_and_until_when_the_right_runs(self):
        self._arrived(2)
        page = self._page(self.path)
        offer = self._by_id(page, "rma_withdrawal_offer")
        self.assertIn("you may also withdraw from the contract", self._text(offer))
        items = self._by_id(page, "rma_items")
        self.assertLess(offer.sourceline, items.sourceline, "above the reasons")
        self.assertEqual(len(page.xpath("//button[contains(@class, 'o_rma_withdraw')]")), 3)

    def test_L16_one_tap_takes_along_what_was_typed(self):
        self._arrived(2)
        page = self._page(self.path)
        url = page.xpath("//button[contains(@class, 'o_rma_withdraw')]/@formaction")[0]
        line = self._line_values(self.shirts, reason="changed_mind", quantity="1")
        statement = self._html(self._post_form(url, {**self._form_values(page), **line}))
        ticked = statement.xpath(f"//input[@name='line_{self.shirts.id}']/@checked")
        typed = statement.xpath(f"//input[@name='quantity_{self.shirts.id}']/@value")
        self.assertEqual((len(ticked), typed), (1, ["1"]))
        self.assertFalse(statement.xpath("//input[starts-with(@name, 'line_')][@checked]")[1:])
        self.assertFalse(self.env["sale.rma.withdrawal"].search([("order_id", "=", self.order.id)]))

    def test_L16_outside_the_period_nothing_of_it(self):
        self._arrived(25)
        page = self._page(self.path)
        self.assertFalse(page.xpath("//form//*[contains(@class, 'o_rma_withdraw')]"))
        self.assertIsNone(self._by_id(page, "rma_withdrawal_offer"))

    def test_L6_a_logged_in_customers_receipt_has_its_pdf(self):
        declared = self._prepare_statement(
            channel="login", contract=self.order.name, order_id=self.order.id
        )
        withdrawals = self.env["sale.rma.withdrawal"].with_user(self.portal_user).sudo()
        pdf = "_render_receipt_pdf"
        with patch.object(type(withdrawals), pdf, lambda withdrawal: b"%PDF-1.4 x"):
            withdrawal = withdrawals._submit(declared)
        message = withdrawal.message_ids.filtered(lambda one: one.message_type == "auto_comment")
        self.assertEqual(message.attachment_ids, withdrawal._get_receipt_event().attachment_id)
        self.assertTrue(message.attachment_ids)

    def test_L10_the_information_for_the_terms_is_there_in_six_languages(self):
        page = self._page("/withdraw/information")
        for language in ("en", "fr", "de", "it", "es", "nl"):
            text = self._text(self._by_id(page, f"information_{language}"))
            self.assertIn("/withdraw", text)
            self.assertIn("14", text)
            self.assertNotIn("%(", text)

    def test_L13_strangers_see_nothing_of_the_order(self):
        self.authenticate("rma_stranger", "rma_stranger")
        path = f"/withdraw/from-return?order_id={self.order.id}"
        statement = self._html(self._post_form(path, self._line_values(self.shirts)))
        self.assertNotIn(self.order.name, self._text(statement))
