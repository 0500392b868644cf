"""Issue 17.6: the way back stands under the total, and is changed with one click."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentScreen(SaleRmaRepaymentCommon):
    def _open_screen(self, **values):
        order, _payments = self._buy(**values)
        rma = self._create_rma(order, 2, state="accepted")
        return rma, self._open_process(rma)

    def test_screen_says_where_the_money_goes_and_it_goes_there(self):
        rma, wizard = self._open_screen(amounts=(20, 40))
        self.assertRegex(wizard.repayment_message, "40.00 Card, .*20.00 Card")
        wizard.action_process()
        self.assertEqual(
            self._rows(rma), [("transaction", 40, "planned"), ("transaction", 20, "planned")]
        )

    def test_another_way_is_one_click(self):
        for repay_by, iban, way, words in (
            ("bank", "FR7630006000011234567890189", "bank", r"transfer to FR76 \*\*\*\* 0189"),
            ("bank", None, "manual", "asked for a bank account"),
            ("manual", None, "manual", "by hand"),
        ):
            with self.subTest(repay_by=repay_by, iban=iban):
                rma, wizard = self._open_screen()
                rma.customer_iban = iban
                wizard.repay_by = repay_by
                self.assertRegex(wizard.repayment_message, words)
                wizard.action_process()
                self.assertEqual(self._rows(rma), [(way, 60, "planned")])

    def test_store_credit_is_not_chosen_for_the_customer(self):
        rma, wizard = self._open_screen()
        wizard.repay_by = "wallet"
        with self.assertRaisesRegex(UserError, "only if the customer wants it"):
            wizard.action_process()
        self.assertFalse(rma.refund_ids)

    def test_programs_say_it_in_plans(self):
        rma, _wizard = self._open_screen()
        plan = {"rma": rma.id, "repay_by": "pigeon"}
        with self.assertRaisesRegex(UserError, "repay_by.*paid, bank"):
            rma._process([plan])
        rma._process([{**plan, "repay_by": "manual"}])
        self.assertEqual(self._rows(rma), [("manual", 60, "planned")])

    def test_open_invoice_is_set_off_first(self):
        order = self._sell(self._create_draft_order(self._line(self.vase, 2, 30.0, self.no_tax)))
        wizard = self._open_process(self._create_rma(order, 2, state="accepted"))
        self.assertRegex(wizard.repayment_message, "60.00 set against the open invoice")
