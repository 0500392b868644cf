"""Beside `pos_sale`: an order settled at the till can come back as what it is, and the money is
given back where it was taken (14.23). Run by `make test NEIGHBOURS=1`."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestNeighbourTill(ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "pos.order" not in cls.env or "pos_order_line_ids" not in cls.env["sale.order"]._fields:
            cls.skipTest(cls, "pos_sale is not installed")
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.method = cls.env["pos.payment.method"].create(
            {"name": "Bank", "journal_id": cls.company_data["default_journal_bank"].id}
        )
        cls.till = cls.env["pos.config"].create(
            {"name": "Till", "payment_method_ids": [Command.set(cls.method.ids)]}
        )
        cls.till.open_ui()
        cls.env["stock.quant"]._update_available_quantity(cls.shirt, cls.stock, 10)

    def _settle(self, order, quantity, sign=1):
        """Sell lines of an order at the till, as its screen does: 50.00 and 15 % of tax each."""
        sold = order.order_line
        untaxed = 50.0 * quantity
        total = round(untaxed * 1.15, 2)
        line = {
            "discount": 0,
            "pack_lot_ids": [],
            "price_unit": 50.0,
            "product_id": sold.product_id.id,
            "price_subtotal": untaxed,
            "price_subtotal_incl": total,
            "sale_order_line_id": sold.id,
            "sale_order_origin_id": order.id,
            "qty": quantity,
            "tax_ids": [Command.set(sold.tax_ids.ids)],
        }
        payment = {
            "amount": total,
            "name": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_method_id": self.method.id,
        }
        self.env["pos.order"].sync_from_ui(
            [
                {
                    "amount_paid": total,
                    "amount_return": 0,
                    "amount_tax": total - untaxed,
                    "amount_total": total,
                    "date_order": fields.Datetime.to_string(fields.Datetime.now()),
                    "fiscal_position_id": False,
                    "partner_id": order.partner_id.id,
                    "pricelist_id": False,
                    "lines": [Command.create(line)],
                    "session_id": self.till.current_session_id.id,
                    "payment_ids": [Command.create(payment)],
                    "user_id": self.env.uid,
                }
            ]
        )
        return sold.pos_order_line_ids.order_id

    def _assert_returnable(self, order, quantity):
        """The list, the button and the field say the same."""
        self.env.invalidate_all()
        found = order.search([("is_returnable", "=", True), ("id", "=", order.id)])
        said = (order.order_line.qty_returnable, order.is_returnable, bool(found))
        self.assertEqual(said, (quantity, quantity > 0, quantity > 0))
        if quantity:
            self.assertTrue(order.action_create_rma())
        else:
            with self.assertRaises(UserError):
                order.action_create_rma()

    def test_what_was_sold_over_the_counter_is_received_and_put_back(self):
        order = self._create_order((self.shirt, 3))
        self._settle(order, 3)
        self._assert_returnable(order, 3)
        before = self._stock_of(self.shirt)
        rma = self._create_rma(order, 2, state="accepted")
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=2, qty_refunded=0)
        self.assertEqual(self._stock_of(self.shirt), before + 2)
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (1, 0))
        self._assert_returnable(order, 1)

    def test_words_say_where_to_give_the_money_back(self):
        order = self._create_order((self.shirt, 3))
        till_order = self._settle(order, 3)
        rma = self._create_rma(order, 2, state="accepted")
        wizard = self._open_process(rma)
        self.assertIn(till_order.name, wizard.till_message)
        self.assertEqual(wizard.line_ids.qty_refund, 0)
        wizard.line_ids.qty_refund = 1
        with self.assertRaisesRegex(UserError, "was paid at the till"):
            wizard.action_process()

    def test_settled_in_part_and_delivered_in_part(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order, {self.shirt: 1})
        self._settle(order, 2)
        self._assert_returnable(order, 3)
        self._create_rma(order, 3, state="processing")
        self._assert_returnable(order, 0)

    def test_orders_that_saw_no_till_say_nothing(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1)
        self.assertFalse(rma.till_message)
