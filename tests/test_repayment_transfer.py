from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.repayment import sale_rma_repayment_transfer as transfer
from .common_repayment import SaleRmaRepaymentCommon

CUSTOMER = "FR7630006000011234567890189"
SHOP = "DE89370400440532013000"


@tagged("post_install", "-at_install")
class TestRepaymentTransfer(SaleRmaRepaymentCommon):
    """Issue 17.3: the customer's IBAN, and files for the bank in which each transfer is once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supports[cls.provider.id] = "none"
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.pricelist = cls.env["product.pricelist"].create({"name": "EUR", "currency_id": euro.id})
        cls.bank.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": SHOP, "partner_id": cls.company.partner_id.id}
        )

    def _owe(self, iban=CUSTOMER):
        order, _payment = self._buy(pricelist_id=self.pricelist.id)
        rma = self._return(order)
        if iban:
            rma.customer_iban = iban
            rma.sudo().customer_bank_id.allow_out_payment = True
        return rma

    def _read_file(self, row):
        tree = etree.fromstring(row.transfer_file_id.raw)
        return {
            name: tree.xpath(f"//*[local-name()='{name}']/text()")
            for name in ("InstdAmt", "IBAN", "EndToEndId", "NbOfTxs")
        }

    # === IBAN === #

    def test_iban_is_checked_masked_and_kept_with_the_customer(self):
        rma = self._owe(None)
        self.assertEqual(self._rows(rma), [("manual", 60, "planned")])
        self.assertTrue(rma._needs_customer_iban())
        for wrong in ("FR7630006000011234567890188", "hello", "", "DE8937040044053201300"):
            with self.assertRaisesRegex(UserError, "no IBAN"):
                rma._set_customer_iban(wrong)
        rma.customer_iban = "fr76 3000 6000 0112 3456 7890 189"
        self.assertEqual(rma.customer_iban, "FR76 **** 0189")
        account = rma.sudo().customer_bank_id
        self.assertEqual(account.sanitized_acc_number, CUSTOMER)
        self.assertIn(account, self.customer.bank_ids)
        self.assertEqual(self._rows(rma), [("bank", 60, "planned")])
        self.assertEqual(rma.repayment_ids.bank_account_id, account)
        self.assertFalse(rma._needs_customer_iban())

    def test_known_account_is_not_made_twice(self):
        first, second = self._owe(), self._owe()
        self.assertEqual(first.sudo().customer_bank_id, second.sudo().customer_bank_id)

    def test_masked_number_that_comes_back_from_a_form_changes_nothing(self):
        rma = self._owe()
        account = rma.sudo().customer_bank_id
        rma.customer_iban = rma.customer_iban
        self.assertEqual(rma.sudo().customer_bank_id, account)

    # === FILE === #

    def test_file_and_confirmation(self):
        rma = self._owe()
        row = rma.repayment_ids
        row.action_transfer_file()
        self.assertEqual(row.state, "sent")
        found = self._read_file(row)
        self.assertEqual(found["InstdAmt"], ["60.00"])
        self.assertEqual(found["IBAN"], [SHOP, CUSTOMER])
        self.assertEqual(found["EndToEndId"], [row.key])
        self.assertEqual(rma.amount_repaid, 0)
        row.action_done("statement 7")
        self.assertEqual((row.state, rma.amount_repaid), ("done", 60))
        self.assertBooksClosed(rma)

    def test_several_in_one_file(self):
        rows = self._owe().repayment_ids | self._owe().repayment_ids
        rows.action_transfer_file()
        self.assertEqual(len(rows.transfer_file_id), 1)
        self.assertEqual(self._read_file(rows[0])["EndToEndId"], rows.mapped("key"))

    def test_file_is_never_made_twice_for_one_row(self):
        row = self._owe().repayment_ids
        row.action_transfer_file()
        made = row.transfer_file_id
        with self.assertRaises(UserError):
            row.action_transfer_file()
        self.assertIn(str(made.id), row.action_download_transfer_file()["url"])

    def test_file_that_the_bank_refused_is_planned_anew(self):
        rma = self._owe()
        row = rma.repayment_ids
        row.action_transfer_file()
        row.action_cancel()
        self.assertEqual(self._rows(rma), [("bank", 60, "planned")])
        self.assertFalse(rma.repayment_ids.filtered("transfer_file_id") - row)

    def test_account_nobody_looked_at_is_not_paid_to(self):
        rma = self._owe()
        rma.sudo().customer_bank_id.allow_out_payment = False
        with self.assertRaisesRegex(UserError, "not looked at"):
            rma.repayment_ids.action_transfer_file()

    def test_other_currency_is_refused(self):
        order, _payment = self._buy()
        rma = self._return(order)
        rma.customer_iban = CUSTOMER
        with self.assertRaisesRegex(UserError, "EUR"):
            rma.repayment_ids.action_transfer_file()

    def test_without_the_library_there_is_no_button(self):
        rows = self.env["sale.rma.repayment"]
        button = "//button[@name='action_transfer_file']"
        arch, _view = rows._get_view(view_type="list")
        self.assertTrue(arch.xpath(button))
        with patch.object(transfer, "SepaTransfer", None):
            arch, _view = rows._get_view(view_type="list")
            self.assertFalse(arch.xpath(button))
            with self.assertRaisesRegex(UserError, "sepaxml"):
                self._owe().repayment_ids.action_transfer_file()

    def test_salesperson_makes_no_file(self):
        row = self._owe().repayment_ids
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            row.with_user(seller).action_transfer_file()
