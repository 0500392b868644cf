"""Beside `account_debit_note`: a debit note on a return's credit note charges again what it gave
back (14.28). Run by `make test NEIGHBOURS=1`."""

from odoo import Command
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestNeighbourDebitNote(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "account.debit.note" not in cls.env:
            cls.skipTest(cls, "account_debit_note is not installed")

    def _debit(self, credit, copy_lines=True):
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=credit.ids)
            .create({"copy_lines": copy_lines})
        )
        return self.env["account.move"].browse(wizard.create_debit()["res_id"])

    def _returned(self):
        """4 shirts at 10.00 and 19 % of tax, 2 of them given back: 23.80."""
        order = self._create_sold(self._line(self.shirt, 4, 10.0, self.tax_19))
        rma = self._return(order, {self.shirt: 2})
        self.assertTotal(rma, 23.8)
        return rma

    def test_what_is_charged_again_is_not_given_back(self):
        rma = self._returned()
        order = rma.order_id
        debit = self._debit(rma.refund_ids)
        self.assertTotal(rma, 23.8)  # a draft charges nothing
        debit.action_post()
        self.assertEqual(debit.rma_id, rma)
        self.assertEqual((rma.amount_refunded, rma.line_ids.qty_refunded), (0.0, 0.0))
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_delivered), (4, 2))
        self.assertSettled(order)
        rma.action_reopen()
        wizard = self._open_process(rma)
        self.assertEqual((wizard.line_ids.qty_refund, wizard.amount_total), (2.0, 23.8))
        wizard.action_process()
        self.assertTotal(rma, 23.8)
        self._return(order)
        self.assertClosed(order)

    def test_one_of_the_units_charged_again(self):
        rma = self._returned()
        debit = self._debit(rma.refund_ids)
        debit.invoice_line_ids.quantity = 1
        debit.action_post()
        self.assertEqual((rma.amount_refunded, rma.line_ids.qty_refunded), (11.9, 1.0))
        self.assertSettled(rma.order_id)

    def test_an_amount_charged_without_units(self):
        rma = self._returned()
        debit = self._debit(rma.refund_ids, copy_lines=False)
        debit.invoice_line_ids = [
            Command.create({"name": "Scratches", "price_unit": 5.0, "tax_ids": []})
        ]
        debit.action_post()
        self.assertAlmostEqual(rma.amount_refunded, 18.8, 2)
        self.assertEqual(rma.line_ids.qty_refunded, 2.0)
        self.assertSettled(rma.order_id)
        left = self.env["sale.rma.refund"]._get_amount_left(rma.order_id)
        self.assertAlmostEqual(left, 47.6 - 18.8, 2)
