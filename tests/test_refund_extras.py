from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundExtras(SaleRmaMoneyCommon):
    """Shipping, fee and adjustment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = cls._make_taxes()
        cls.fee = cls.env.ref("sale_rma.product_refund_fee")
        cls.adjustment = cls.env.ref("sale_rma.product_refund_adjustment")
        cls.carrier.product_id.taxes_id = cls.tax_19

    def _sold(self, shipping=10.0, price=50.0, **values):
        line = self._line(self.shirt, 2, price, self.tax_19)
        return self._create_sold(line, shipping=shipping, **values)

    # === SHIPPING === #

    def test_shipping_is_given_back_whole_with_its_tax_or_not_at_all(self):
        order = self._sold()
        self.assertTotal(self._return(order, {self.shirt: 1}), 59.5)
        rma = self._return(order, {self.shirt: 1}, refund_shipping=True)
        self.assertTotal(rma, 71.4)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_shipping_refunded_once_is_off_with_the_reason(self):
        order = self._sold()
        self._return(order, {self.shirt: 1}, refund_shipping=True)
        wizard = self._open_process(self._create_rma(order, state="accepted"))
        self.assertRecordValues(
            wizard,
            [
                {
                    "can_refund_shipping": False,
                    "refund_shipping": False,
                    "amount_shipping": 0.0,
                    "shipping_message": "The shipping was refunded already.",
                }
            ],
        )
        wizard.refund_shipping = True
        with self.assertRaisesRegex(UserError, "refunded already"):
            wizard.action_process()

    def test_shipping_that_is_none_or_free_or_not_invoiced_is_off_with_the_reason(self):
        uninvoiced = self._create_order(self._line(self.shirt, 2, 50.0), shipping=10.0)
        self._deliver(uninvoiced)
        for order, words in (
            (self._sold(shipping=None), "The order has no shipping."),
            (self._sold(shipping=0.0), "The shipping was free."),
            (uninvoiced, "The shipping was not invoiced."),
        ):
            with self.subTest(shipping=words):
                wizard = self._open_process(self._create_rma(order, state="accepted"))
                self.assertFalse(wizard.can_refund_shipping)
                self.assertEqual(wizard.shipping_message, words)

    def test_several_delivery_lines_are_given_back_together(self):
        order = self._create_draft_order(self._line(self.shirt, 2, 50.0, self.tax_19), shipping=4)
        order.order_line[1:].copy({"order_id": order.id, "price_unit": 6.0})
        self._sell(order)
        self.assertEqual(len(order.order_line.filtered("is_delivery")), 2)
        rma = self._create_rma(order, state="accepted")
        self.assertAlmostEqual(self._open_process(rma).amount_shipping, 11.9, 2)
        self._process(rma, refund_shipping=True)
        self.assertTotal(rma, 130.9)
        self.assertClosed(order)

    def test_shipping_of_delivery_policy_is_settled_too(self):
        self.carrier.product_id.invoice_policy = "delivery"
        order = self._sold()
        if not order.order_line.filtered("is_delivery").qty_invoiced:
            order.order_line.filtered("is_delivery").qty_delivered = 1
            self._invoice(order)
        self._return(order, refund_shipping=True)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_global_discount_is_on_shipping_as_far_as_it_was_there(self):
        order = self._create_draft_order(self._line(self.shirt, 2, 50.0, self.tax_19), shipping=10)
        self._sell(self._discount(order, percent=10))
        wizard = self._open_process(self._create_rma(order, state="accepted"))
        self.assertAlmostEqual(wizard.amount_shipping, 10.71, 2)
        later = self._create_draft_order(self._line(self.shirt, 2, 50.0, self.tax_19))
        self._discount(later, percent=10)
        later.set_delivery_line(self.carrier, 10.0)
        self._sell(later)
        wizard = self._open_process(self._create_rma(later, {self.shirt: 1}, state="accepted"))
        self.assertAlmostEqual(wizard.amount_shipping, 11.9, 2)
        self.assertTotal(self._return(later, {self.shirt: 1}), 53.55)

    def test_free_shipping_reward_leaves_nothing_to_refund(self):
        order = self._create_draft_order(self._line(self.shirt, 2, 50.0, self.tax_19), shipping=10)
        self._sell(self._claim(order, self._make_program(reward_type="shipping")))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        self.assertEqual(self._open_process(rma).shipping_message, "The shipping was free.")
        self._process(rma)
        self.assertTotal(rma, 59.5)
        self.assertTotal(self._return(order), 59.5)

    def test_withdrawal_of_everything_proposes_the_shipping(self):
        order = self._sold()
        rma = self._create_rma(order, rma_type="withdrawal", state="accepted")
        self.assertTrue(self._open_process(rma).refund_shipping)
        part = self._create_rma(
            self._sold(), {self.shirt: 1}, rma_type="withdrawal", state="accepted"
        )
        self.assertFalse(self._open_process(part).refund_shipping)

    # === FEE AND ADJUSTMENT === #

    def test_total_changes_by_exactly_fee_and_adjustment_whatever_their_tax(self):
        rma = self._create_rma(self._sold(), {self.shirt: 1}, state="accepted")
        wizard = self._open_process(rma)
        for name, taxes in self.taxes.items():
            self.fee.taxes_id = self.adjustment.taxes_id = taxes
            for fee, adjustment in ((5.0, 0.0), (0.01, -0.02), (4.99, 3.33), (0.0, 7.77)):
                with self.subTest(taxes=name, fee=fee, adjustment=adjustment):
                    wizard.write({"amount_fee": fee, "amount_adjustment": adjustment})
                    self.assertAlmostEqual(wizard.amount_total, 59.5 - fee + adjustment, 2)
        wizard.action_process()
        self.assertTotal(rma, 67.27)

    def test_account_and_tax_of_the_fee_are_its_products_mapped(self):
        account = self.company_data["default_account_revenue"].copy()
        zero = self._make_tax(0, name="export 0 %")
        abroad = self.env["account.fiscal.position"].create({"name": "Abroad"})
        zero.write({"fiscal_position_ids": abroad.ids, "original_tax_ids": self.tax_19.ids})
        self.fee.write({"taxes_id": self.tax_19.ids, "property_account_income_id": account.id})
        for position, tax in ((self.env["account.fiscal.position"], self.tax_19), (abroad, zero)):
            with self.subTest(position=position.name):
                order = self._sold(fiscal_position_id=position.id)
                rma = self._return(order, {self.shirt: 1}, amount_fee=11.9)
                item = rma.refund_ids.invoice_line_ids.filtered(lambda x: x.product_id == self.fee)
                self.assertEqual((item.account_id, item.tax_ids), (account, tax))
                self.assertAlmostEqual(item.price_total, -11.9, 2)

    def test_total_below_zero_is_refused_in_words(self):
        rma = self._create_rma(self._sold(), {self.shirt: 1}, state="accepted")
        wizard = self._open_process(rma)
        for values in ({"amount_fee": 60.0}, {"amount_fee": 0.0, "amount_adjustment": -60.0}):
            wizard.write(values)
            self.assertIn("below zero", wizard.refund_error)
            self.assertEqual(wizard.amount_total, 0.0)
            with self.assertRaisesRegex(UserError, "cannot be below zero"), self.cr.savepoint():
                wizard.action_process()
        wizard.write({"amount_fee": -1.0, "amount_adjustment": 0.0})
        with self.assertRaisesRegex(UserError, "fee cannot be below zero"), self.cr.savepoint():
            wizard.action_process()
        wizard.amount_fee = 59.5
        wizard.action_process()
        self.assertTotal(rma, 0.0)

    def test_fee_greater_than_one_credit_note_goes_on_to_the_next(self):
        order = self._create_order(self._line(self.shirt, 4, 10.0, self.tax_19))
        for _index in range(2):
            self._deliver(order, {self.shirt: 2})
            self._invoice(order)
        rma = self._return(order, amount_fee=40.0)
        self.assertEqual(len(rma.refund_ids), 2)
        self.assertTotal(rma, 7.6)

    def test_goodwill_without_units_goes_on_the_newest_invoice(self):
        order = self._sold()
        rma = self._return(order, {self.shirt: 1}, {"qty_refund": 0}, amount_adjustment=10.0)
        self.assertTotal(rma, 10.0)
        self.assertEqual(rma.refund_ids.reversed_entry_id, order.invoice_ids - rma.refund_ids)

    def test_group_of_taxes_on_the_fee_is_no_obstacle(self):
        self.fee.taxes_id = [Command.set(self.taxes["group"].ids)]
        rma = self._return(self._sold(), {self.shirt: 1}, amount_fee=9.99)
        self.assertTotal(rma, 49.51)
