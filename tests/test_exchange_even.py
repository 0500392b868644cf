"""An even exchange is even: another size of the same product costs what the customer paid, plus or
minus the difference of the list prices under the same discounts. Tax 15 % on top, price 50."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestExchangeEven(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_20 = cls._make_tax(20)
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": name}) for name in ("M", "L", "XL")],
            }
        )
        template = cls.env["product.template"].create(
            {
                "name": "Jersey",
                "list_price": 50.0,
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax_20.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        cls.medium, cls.large, cls.huge = template.product_variant_ids
        value = cls.huge.product_template_attribute_value_ids
        value.price_extra = 5.0  # XL costs 55

    def _create_paid(self, *items):
        order = self._create_sold(*items)
        payments = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        payments.create({})._create_payments()
        return order

    def _exchange(self, order, product, **line_values):
        """Exchange one medium jersey on the screen: the first button's promise is kept."""
        rma = self._create_rma(order, {self.medium: 1}, state="processing")
        wizard = self._open_process(rma)
        wizard.line_ids.write({"exchange": True, "exchange_product_id": product.id, **line_values})
        promised = wizard.amount_exchange, wizard.amount_difference
        wizard.action_process()
        exchange = rma.exchange_order_ids
        self.assertAlmostEqual(exchange.amount_total, promised[0], 2)
        self.assertAlmostEqual(exchange.amount_total - rma.amount_refunded, promised[1], 2)
        return rma, promised[1]

    def test_another_size_at_the_same_price_is_even_under_a_line_discount(self):
        order = self._create_paid((self.medium, 1, {"discount": 10.0}))  # 54.00
        rma, difference = self._exchange(order, self.large)
        self.assertAlmostEqual(rma.amount_refunded, 54.0, 2)
        self.assertAlmostEqual(difference, 0.0, 2)
        self.assertEqual(rma.exchange_order_ids.invoice_ids.amount_residual, 0.0)

    def test_another_size_at_the_same_price_is_even_under_an_order_discount(self):
        order = self._create_draft_order((self.medium, 1), (self.mug, 1))
        self._discount(order, percent=10)
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        rma, difference = self._exchange(order, self.large)
        self.assertAlmostEqual(rma.amount_refunded, 54.0, 2)
        self.assertAlmostEqual(difference, 0.0, 2)

    def test_dearer_size_costs_the_difference_under_the_same_discount(self):
        order = self._create_sold((self.medium, 1, {"discount": 10.0}))
        _rma, difference = self._exchange(order, self.huge)
        self.assertAlmostEqual(difference, 5.0 * 0.9 * 1.2, 2)

    def test_cheaper_size_gives_the_difference_back(self):
        order = self._create_paid((self.huge, 1, {"discount": 10.0}))  # 59.40
        rma = self._create_rma(order, state="processing")
        self._process(rma, {"exchange": True, "exchange_product_id": self.medium.id})
        self.assertAlmostEqual(rma.exchange_order_ids.amount_total, 54.0, 2)
        self.assertAlmostEqual(rma.refund_ids.amount_residual, 5.4, 2)

    def test_price_agreed_by_hand_is_kept(self):
        order = self._create_sold(self._line(self.medium, 1, 30.0))
        _rma, difference = self._exchange(order, self.large)
        self.assertAlmostEqual(difference, 0.0, 2)

    def test_price_raised_since_the_sale_changes_nothing(self):
        order = self._create_sold((self.medium, 1))
        self.medium.list_price = 80.0
        _rma, difference = self._exchange(order, self.large)
        self.assertAlmostEqual(difference, 0.0, 2)

    def test_dozen_is_exchanged_for_a_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_sold((self.medium, 1, {"product_uom_id": dozen.id}))  # 600 untaxed
        _rma, difference = self._exchange(order, self.huge)
        self.assertAlmostEqual(difference, 12 * 5.0 * 1.2, 2)

    def test_any_other_product_costs_what_the_price_list_says(self):
        order = self._create_sold((self.medium, 1, {"discount": 10.0}))
        self.mug.write({"list_price": 20.0, "taxes_id": [Command.set(self.tax_20.ids)]})
        rma, difference = self._exchange(order, self.mug)
        self.assertAlmostEqual(rma.exchange_order_ids.amount_total, 24.0, 2)
        self.assertAlmostEqual(difference, -30.0, 2)

    def test_what_is_not_sold_any_more_is_not_proposed(self):
        for gone in ({"active": False}, {"sale_ok": False}):
            with self.subTest(gone=gone):
                order = self._create_sold((self.mug, 1))
                rma = self._create_rma(order, state="processing")
                self.mug.write(gone)
                line = self._open_process(rma).line_ids
                line.exchange = True
                self.assertFalse(line.exchange_product_id)
                self.mug.write({"active": True, "sale_ok": True})

    def test_price_stands_on_the_screen_and_the_typed_one_wins(self):
        order = self._create_sold((self.medium, 1, {"discount": 10.0}))  # 54.00 with tax
        rma = self._create_rma(order, {self.medium: 1}, state="processing")
        line = self._open_process(rma).line_ids
        self.assertEqual(line.exchange_price, 0.0, "nothing is exchanged")
        line.exchange = True
        self.assertAlmostEqual(line.exchange_price, 45.0, 2)
        line.exchange_product_id = self.huge
        self.assertAlmostEqual(line.exchange_price, 49.5, 2)
        line.exchange_price = 40.0
        line.qty_exchange = 1
        self.assertAlmostEqual(line.exchange_price, 40.0, 2)
        self.assertAlmostEqual(line.wizard_id.amount_exchange, 48.0, 2)
        line.wizard_id.action_process()
        self.assertAlmostEqual(rma.exchange_order_ids.amount_total, 48.0, 2)
        self.assertAlmostEqual(rma.exchange_order_ids.invoice_ids.amount_total, 48.0, 2)

    def test_typed_price_is_not_that_of_another_product(self):
        order = self._create_sold((self.medium, 1))
        rma = self._create_rma(order, {self.medium: 1}, state="processing")
        line = self._open_process(rma).line_ids
        line.write({"exchange": True, "exchange_price": 12.0})
        self.assertAlmostEqual(line.exchange_price, 12.0, 2)
        line.exchange_product_id = self.mug
        self.assertAlmostEqual(line.exchange_price, self.mug.list_price, 2)
        with self.assertRaisesRegex(UserError, "amount of zero or more"):
            line.exchange_price = -1.0
            line.wizard_id.action_process()

    def test_price_typed_in_the_form_wins(self):
        order = self._create_sold((self.medium, 1))
        rma = self._create_rma(order, {self.medium: 1}, state="processing")
        with Form(self._open_process(rma)) as form:
            with form.line_ids.edit(0) as line:
                line.exchange = True
                self.assertAlmostEqual(line.exchange_price, 50.0, 2)
                line.exchange_price = 30.0
            self.assertAlmostEqual(form.amount_exchange, 36.0, 2)
        form.record.action_process()
        self.assertAlmostEqual(rma.exchange_order_ids.amount_total, 36.0, 2)

    def test_price_set_by_hand_stays_when_its_order_changes(self):
        order = self._create_sold((self.medium, 1))
        for product in (self.huge, self.mug):
            with self.subTest(product=product.name):
                rma = self._create_rma(order, {self.medium: 1}, state="processing")
                line = self._open_process(rma).line_ids
                line.write(
                    {"exchange": True, "exchange_product_id": product.id, "exchange_price": 30.0}
                )
                line.wizard_id.action_process()
                sent = rma.exchange_order_ids.order_line
                sent.product_uom_qty = 5
                self.assertEqual(sent.price_unit, 30.0)
                order = self._create_sold((self.medium, 1))
