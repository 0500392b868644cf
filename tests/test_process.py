from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestProcess(SaleRmaCommon):
    def test_proposal_receives_restocks_and_refunds_everything(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 1), shipping=7.0)
        rma = self._create_rma(order, state="accepted")
        wizard = self._open_process(rma)
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"qty_received": 2, "qty_restock": 2, "qty_refund": 2},
                {"qty_received": 1, "qty_restock": 1, "qty_refund": 1},
            ],
        )
        total = wizard.amount_total
        wizard.action_process()
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.refund_ids.state, "posted")
        self.assertEqual(rma.refund_ids.amount_total, total)
        self.assertEqual(rma.amount_refunded, total)
        self.assertEqual(rma.refund_ids.reversed_entry_id, order.invoice_ids - rma.refund_ids)
        self.assertEqual(rma.line_ids.mapped("qty_restocked"), [2, 1])
        self.assertEqual(rma.line_ids.mapped("qty_refunded"), [2, 1])

    def test_shipping_fee_and_adjustment_change_the_total_by_exactly_that(self):
        order = self._create_sold((self.shirt, 2), shipping=7.0)
        rma = self._create_rma(order, state="processing")
        wizard = self._open_process(rma)
        goods = wizard.amount_total
        wizard.write({"refund_shipping": True, "amount_fee": 5.0, "amount_adjustment": -2.5})
        expected = goods + wizard.amount_shipping - 7.5
        self.assertAlmostEqual(wizard.amount_total, expected, 2)
        wizard.action_process()
        self.assertAlmostEqual(rma.refund_ids.amount_total, expected, 2)

    def test_exchange_makes_a_confirmed_order_with_delivery(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 2}, state="accepted")
        wizard = self._open_process(rma, exchange_carrier_id=self.carrier.id)
        wizard.line_ids.write({"exchange": True, "exchange_product_id": self.mug.id})
        self.assertEqual(wizard.line_ids.qty_exchange, 2)
        amount = wizard.amount_exchange
        wizard.action_process()
        exchange = rma.exchange_order_ids
        self.assertEqual(exchange.state, "sale")
        self.assertEqual(exchange.amount_total, amount)
        self.assertEqual(exchange.carrier_id, self.carrier)
        self.assertTrue(exchange.picking_ids)
        self.assertEqual(rma.line_ids.qty_exchanged, 2)

    def test_refund_above_what_is_invoiced_is_refused(self):
        order = self._create_order((self.shirt, 2))
        self._deliver(order)
        rma = self._create_rma(order, state="accepted")
        with self.assertRaisesRegex(UserError, "Shirt"):
            self._process(rma, {"qty_refund": 1})
