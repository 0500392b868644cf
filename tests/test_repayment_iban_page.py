"""Issue 17.3: the customer says on his page where his money goes, and only he reads it."""

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from .common_portal import PortalCommon
from .common_repayment import SaleRmaRepaymentCommon

NUMBER = "FR76 3000 6000 0112 3456 7890 189"
OTHER = "DE89 3704 0044 0532 0130 00"
PLAIN = NUMBER.replace(" ", "")
WRONG = "FR76 3000 6000 0112 3456 7890 188"


@tagged("post_install", "-at_install")
class TestRepaymentIbanPage(MockEmail, SaleRmaRepaymentCommon, PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supports[cls.provider.id] = "none"
        order, _payment = cls._buy(partner_id=cls.customer.id)
        cls.rma = cls._return(order)
        cls.path = f"/my/returns/{cls.rma.id}"
        cls.key = {"access_token": cls.rma.sudo()._portal_ensure_token()}

    def _give(self, number, **params):
        page = self._page(self.path, **params)
        token = self._form_values(page, form="o_rma_iban")["csrf_token"]
        query = "".join(f"?{name}={value}" for name, value in params.items())
        values = {"csrf_token": token, "iban": number}
        return self._post_form(f"{self.path}/iban{query}", values)

    def _said(self):
        """All that mails, messages and the history say."""
        messages = self.env["mail.message"].sudo()
        found = messages.search([("model", "=", "sale.rma"), ("res_id", "=", self.rma.id)])
        mails = self.env["mail.mail"].sudo().search([("model", "=", "sale.rma")])
        return " ".join([*found.mapped("body"), *mails.mapped("body_html")])

    def test_guest_with_the_link_gives_it_and_sees_it_masked(self):
        with self.mock_mail_gateway():
            response = self._give(NUMBER, **self.key)
        self.assertEqual(response.status_code, 303)
        self.rma.invalidate_recordset()
        row = self.rma.repayment_ids
        self.assertEqual((row.way, row.bank_account_id.sanitized_acc_number), ("bank", PLAIN))
        self.assertFalse(row.bank_account_id.allow_out_payment, "staff look at it first")
        page = self._page(self.path, **self.key)
        self.assertIn("FR76 **** 0189", self._text(self._by_id(page, "return_iban")))
        for told in (response.text, self._text(page), self._said()):
            self.assertNotIn(PLAIN, told.replace(" ", ""))
        self.assertIn("to which bank account", self._said())

    def test_typing_error_is_told_and_what_was_typed_is_shown(self):
        self.authenticate("rma_customer", "rma_customer")
        response = self._give(WRONG)
        self.assertIn("no IBAN", response.text)
        self.assertIn(WRONG, response.text)
        self.assertEqual(self._rows(self.rma), [("manual", 60, "planned")])
        self.assertTrue(self._give(NUMBER).ok)
        self._give(OTHER)  # he may say it again
        self.rma.invalidate_recordset()
        self.assertEqual(self.rma.customer_iban, "DE89 **** 3000")

    def test_once_it_is_on_its_way_nobody_changes_it(self):
        self.rma.customer_iban = NUMBER
        self.rma.repayment_ids.bank_account_id.sudo().allow_out_payment = True
        self.rma.repayment_ids.action_done("statement 7")
        self.authenticate("rma_customer", "rma_customer")
        page = self._page(self.path)
        self.assertFalse(page.xpath("//form[contains(@class, 'o_rma_iban')]"))
        self.assertIn("FR76 **** 0189", self._text(self._by_id(page, "return_iban")))
        self.assertIn("do not need", self.rma._customer_give_iban(OTHER))

    def test_others_see_no_form_and_change_nothing(self):
        self.authenticate("rma_stranger", "rma_stranger")
        self.assertEqual(self._get(self.path).status_code, 404)
        self.assertEqual(self._post_form(f"{self.path}/iban", {"iban": NUMBER}).status_code, 404)
        self.assertEqual(self._rows(self.rma), [("manual", 60, "planned")])

    def test_account_that_he_paid_from_is_proposed(self):
        order = self._create_order(self._line(self.vase, 2, 30.0, self.no_tax))
        self._deliver(order)
        invoice = self._invoice(order) or order.invoice_ids
        account = self.env["res.partner.bank"].create(
            {"partner_id": self.customer.id, "acc_number": NUMBER}
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "amount": 60.0,
                "payment_ref": "paid",
                "partner_id": order.partner_id.id,
                "partner_bank_id": account.id,
                "date": invoice.date,
            }
        )
        receivable = invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        suspense = line.move_id.line_ids.filtered(
            lambda x: x.account_id == self.bank.suspense_account_id
        )
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        rma = self._return(order)
        self.assertEqual(rma.repayment_ids.bank_account_id, account)
