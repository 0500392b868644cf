from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundCurrency(SaleRmaMoneyCommon):
    """Issue 3, situation 1: a credit note has its invoice's currency and rate, whatever they are
    today: 1.7 on the invoice, 2.3 since (R2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": cls.foreign.id}
        )

    def _sold(self, *items, **values):
        order = self._create_order(*items, pricelist_id=self.pricelist.id, **values)
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_date = "2026-03-01"
        invoice.action_post()
        self.assertEqual(invoice.invoice_currency_rate, 1.7)
        return order

    def test_credit_note_has_currency_and_rate_of_its_invoice(self):
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        rma = self._return(order, {self.shirt: 1})
        self.assertEqual(rma.currency_id, self.foreign)
        self.assertRecordValues(
            rma.refund_ids,
            [
                {
                    "currency_id": self.foreign.id,
                    "invoice_currency_rate": 1.7,
                    "invoice_date": self._today(),
                    "amount_total": 11.89,
                }
            ],
        )
        balance = sum(rma.refund_ids.invoice_line_ids.mapped("balance"))
        self.assertAlmostEqual(balance, 9.99 / 1.7, 2)

    def test_both_currencies_close_for_every_partition(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for parts in ((1, 1, 1), (2, 1), (3,)):
                with self.subTest(method=method, parts=parts):
                    order = self._sold(
                        self._line(self.shirt, 3, 9.99, self.tax_19),
                        self._line(self.mug, 3, 3.33, self.tax_19, 33.33),
                    )
                    for part in parts:
                        self._return(order, {self.shirt: part, self.mug: part})
                    self.assertClosed(order)
                    self.assertSettled(order)

    def test_no_exchange_difference_between_an_invoice_and_its_credit(self):
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        invoice = order.invoice_ids
        refund = self._return(order).refund_ids
        self.assertEqual(invoice.amount_residual, 0.0)
        partials = refund.line_ids.matched_debit_ids | refund.line_ids.matched_credit_ids
        self.assertFalse(partials.exchange_move_id)

    def test_draft_keeps_the_rate_though_its_date_changes(self):
        self.company.rma_refund_posting = "draft"
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        refund = self._return(order).refund_ids
        refund.invoice_date = "2026-07-01"
        self.assertEqual(refund.invoice_currency_rate, 1.7)
        refund.action_post()
        self.assertClosed(order)

    def test_fee_and_adjustment_are_in_the_orders_currency(self):
        order = self._sold(self._line(self.shirt, 1, 100.0, self.tax_19))
        rma = self._return(order, amount_fee=5.0, amount_adjustment=2.0)
        self.assertTotal(rma, 116.0)
        self.assertEqual(rma.refund_ids.invoice_currency_rate, 1.7)

    def test_invoice_in_a_currency_without_cents_closes_too(self):
        yen = self.setup_other_currency(
            "JPY", rates=[("1900-01-01", 150.0)], rounding=1.0, decimal_places=0
        )
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": yen.id})
        line = self._line(self.shirt, 3, 333.0, self.tax_19, 12.5)
        order = self._create_sold(line, pricelist_id=pricelist.id)
        for _index in range(3):
            self._return(order, {self.shirt: 1})
        self.assertClosed(order)
        self.assertSettled(order)

    def test_draft_moved_to_another_currency_is_not_posted(self):
        self.company.rma_refund_posting = "draft"
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        refund = self._return(order, {self.shirt: 1}).refund_ids
        refund.currency_id = self.company.currency_id
        self.assertEqual(refund.invoice_currency_rate, 1.0)
        with self.assertRaisesRegex(UserError, "is in USD.*GBP"), self.cr.savepoint():
            refund.action_post()
        refund.currency_id = self.foreign
        self.assertEqual(refund.invoice_currency_rate, 1.7)
        refund.action_post()
        self.assertAlmostEqual(refund.amount_total, 11.89, 2)
        self._return(order)
        order.rma_ids.refund_ids.filtered(lambda move: move.state == "draft").action_post()
        self.assertClosed(order)
