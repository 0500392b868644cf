"""How long and at whose cost goods go back, and what the customer reads (docs/law.md L18, L24,
L25)."""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon

NOW = "2026-11-10 10:00:00"


@tagged("post_install", "-at_install")
class TestLawTerms(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.order = cls._create_sold((cls.shirt, 5))

    def _create(self, rma_type="withdrawal", **values):
        return self._create_rma(
            self.order, {self.shirt: 1}, rma_type=rma_type, state="accepted", **values
        )

    def _render(self, rma):
        values = {"rma": rma, "viewed_rma": rma, "may_act": False, "errors": {}}
        return str(self.env["ir.qweb"]._render("sale_rma.portal_return_content", values))

    def _get_mail(self, rma):
        domain = [("model", "=", "sale.rma"), ("res_id", "=", rma.id)]
        return self.env["mail.mail"].sudo().search(domain, order="id desc", limit=1).body_html

    def test_L24_a_withdrawal_has_14_days_whatever_the_setting_says(self):
        self.company.rma_expiry_days = 7
        self.assertEqual(str(self._create().date_expiry), "2026-11-24")
        self.assertEqual(str(self._create("return").date_expiry), "2026-11-17")
        self.company.rma_expiry_days = 20
        self.assertEqual(str(self._create().date_expiry), "2026-11-30")

    def test_L24_nobody_takes_days_off(self):
        rma = self._create()
        with self.assertRaisesRegex(UserError, "2026-11-24"), self.cr.savepoint():
            rma.date_expiry = "2026-11-20"
        rma.date_expiry = "2026-12-20"

    def test_L25_the_shop_pays_the_way_back_unless_its_terms_say_else(self):
        bearers = {kind: self._create(kind).return_cost_bearer for kind in ("withdrawal", "claim")}
        self.assertEqual(bearers, {"withdrawal": "shop", "claim": "shop"})
        self.company.rma_return_cost_bearer_withdrawal = "customer"
        self.assertEqual(self._create().return_cost_bearer, "customer")

    def test_L29_a_claims_way_back_is_never_the_customers(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.company.rma_return_cost_bearer_claim = "customer"
            self.company.flush_recordset()
        with self.assertRaises(UserError):
            self._create("claim").return_cost_bearer = "customer"

    def test_L25_page_mail_and_slip_say_who_pays(self):
        self.company.rma_return_cost_bearer_withdrawal = "customer"
        rma = self._create()
        report = self.env["ir.actions.report"]
        slip = report._render_qweb_html("sale_rma.action_report_sale_rma", rma.ids)[0].decode()
        for text in (self._render(rma), self._get_mail(rma), slip):
            self.assertIn("The cost of sending it back is yours", text)

    def test_L25_each_kind_has_its_instructions(self):
        self.company.rma_instructions = "<p>general</p>"
        self.company.rma_instructions_claim = "<p>of claims</p>"
        self.assertIn("general", self._create().instructions)
        self.assertIn("of claims", self._create("claim").instructions)

    def test_L17_the_page_says_that_the_right_was_used_and_what_is_owed_until_when(self):
        rma = self._create()
        page = self._render(rma)
        self.assertIn("You have withdrawn from the contract on 11/10/2026", page)
        self.assertIn("11/24/2026", page)
        self.assertIn("57.50", page)
        self.assertEqual(rma._get_progress_steps()[0][0], "Withdrawn")
        self.assertNotIn("have withdrawn", self._render(self._create("return")))

    def test_L17_the_mails_on_the_way_say_so_too(self):
        rma = self._create()
        self._receive(rma)
        self.assertIn("You have withdrawn from the contract on", self._get_mail(rma))
        self._process(rma)
        self.assertIn("You have withdrawn from the contract on", self._get_mail(rma))

    def test_L18_what_a_part_gives_back_does_not_promise_the_delivery(self):
        part = self._create()
        self.assertNotIn("standard delivery included", self._get_mail(part))
        whole = self._create_rma(self.order, rma_type="withdrawal", state="accepted")
        self.assertIn("standard delivery included", self._get_mail(whole))
