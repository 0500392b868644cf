from odoo import Command
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestExchangeMoney(SaleRmaMoneyCommon):
    """The goods are credited, the exchange order is invoiced as any other,
    and its invoice is set against the credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_7 = cls._make_tax(7)
        cls.mug.write({"list_price": 10.0, "taxes_id": [Command.set(cls.tax_19.ids)]})

    def _sold(self, policy="order", paid=True, **values):
        """Sell two shirts at 10.00 with 19 % on top."""
        for product in (self.shirt, self.mug):
            product.invoice_policy = policy
        order = self._create_order(self._line(self.shirt, 2, 10.0, self.tax_19), **values)
        self._deliver(order)
        invoice = self._invoice(order)
        if paid:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({})._create_payments()
        return order

    def _exchange(self, order, product, quantity=1, **values):
        """Exchange one shirt; the screen's promise is checked."""
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        wizard = self._open_process(rma, **values)
        wizard.line_ids.write(
            {"exchange": True, "exchange_product_id": product.id, "qty_exchange": quantity}
        )
        promised, difference = wizard.amount_exchange, wizard.amount_difference
        wizard.action_process()
        exchange = rma.exchange_order_ids
        self.assertAlmostEqual(exchange.amount_total, promised, 2)
        self.assertAlmostEqual(exchange.amount_total - rma.amount_refunded, difference, 2)
        return rma, exchange

    def test_credit_is_set_against_the_invoice_of_the_exchange(self):
        for name, price, due, open_credit in (
            ("equal", 10.0, 0.0, 0.0),
            ("dearer", 15.0, 5.95, 0.0),
            ("cheaper", 4.0, 0.0, 7.14),
        ):
            with self.subTest(exchange=name):
                self.mug.list_price = price
                rma, exchange = self._exchange(self._sold(), self.mug)
                invoice = exchange.invoice_ids
                self.assertEqual(invoice.state, "posted")
                self.assertAlmostEqual(invoice.amount_residual, due, 2)
                self.assertAlmostEqual(rma.refund_ids.amount_residual, open_credit, 2)
                self.assertSettled(rma.order_id)

    def test_an_exchange_wholly_set_off_is_paid_and_no_origin_of_the_credit(self):
        rma, exchange = self._exchange(self._sold(), self.mug)
        invoice, refund = exchange.invoice_ids, rma.refund_ids
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (0.0, "paid"))
        self.assertNotIn(invoice, refund._get_reconciled_invoices())
        origin = refund.reversed_entry_id
        invoice._reverse_moves(cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(refund.reversed_entry_id, origin)

    def test_an_exchange_is_sent_as_the_order_was_at_no_cost(self):
        order = self._create_sold(self._line(self.shirt, 2, 10.0, self.tax_19), shipping=7.0)
        rma = self._create_rma(order, {self.shirt: 1}, state="processing")
        wizard = self._open_process(rma)
        self.assertEqual(wizard.exchange_carrier_id, self.carrier)
        wizard.line_ids.exchange = True
        wizard.action_process()
        exchange = rma.exchange_order_ids
        sending = exchange.order_line.filtered("is_delivery")
        self.assertEqual((exchange.carrier_id, sending.price_total), (self.carrier, 0.0))
        again = self._create_rma(order, {self.shirt: 1}, state="processing")
        again.line_ids.resolution = "exchange"
        self.env["sale.rma"]._process([{"rma": again.id}])
        self.assertEqual(again.exchange_order_ids.carrier_id, self.carrier)

    def test_a_delivery_method_that_works_no_more_is_not_proposed(self):
        order = self._create_sold((self.shirt, 2), shipping=7.0)
        self.carrier.active = False
        rma = self._create_rma(order, {self.shirt: 1}, state="processing")
        self.assertFalse(self._open_process(rma).exchange_carrier_id)
        self._process(rma, {"exchange": True}, exchange_carrier_id=False)
        self.assertFalse(rma.exchange_order_ids.carrier_id)

    def test_an_unpaid_invoice_is_the_origin_of_its_credit(self):
        rma = self._create_rma(self._sold(paid=False), {self.shirt: 1}, state="done")
        refund = rma.refund_ids
        self.assertEqual(refund._get_reconciled_invoices(), refund.reversed_entry_id)

    def test_delivery_policy_is_netted_when_the_exchange_is_invoiced(self):
        rma, exchange = self._exchange(self._sold("delivery"), self.mug)
        self.assertFalse(exchange.invoice_ids)
        self.assertAlmostEqual(rma.refund_ids.amount_residual, 11.9, 2)
        self._deliver(exchange)
        invoice = self._invoice(exchange)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(rma.refund_ids.amount_residual, 0.0)

    def test_drafts_are_netted_whichever_is_posted_last(self):
        self.company.rma_refund_posting = "draft"
        for name, order_of in (
            ("credit first", lambda rma, exchange: (rma.refund_ids, exchange.invoice_ids)),
            ("invoice first", lambda rma, exchange: (exchange.invoice_ids, rma.refund_ids)),
        ):
            with self.subTest(posted=name):
                rma = self._create_rma(self._sold(), {self.shirt: 1}, state="accepted")
                self._process(rma, {"exchange": True, "exchange_product_id": self.mug.id})
                exchange = rma.exchange_order_ids
                moves = order_of(rma, exchange)
                self.assertEqual({move.state for move in moves}, {"draft"})
                for move in moves:
                    move.action_post()
                self.assertEqual([move.amount_residual for move in moves], [0.0, 0.0])

    def test_unpaid_invoice_is_lowered_and_the_exchange_is_due(self):
        order = self._sold(paid=False)
        rma, exchange = self._exchange(order, self.mug)
        self.assertAlmostEqual((order.invoice_ids - rma.refund_ids).amount_residual, 11.9, 2)
        self.assertAlmostEqual(exchange.invoice_ids.amount_residual, 11.9, 2)

    def test_exchange_of_another_tax_costs_that_tax(self):
        self.mug.taxes_id = self.tax_7
        _rma, exchange = self._exchange(self._sold(), self.mug)
        self.assertEqual(exchange.order_line.tax_ids, self.tax_7)
        self.assertAlmostEqual(exchange.amount_total, 10.7, 2)

    def test_two_cheap_ones_for_a_dear_one(self):
        self.mug.list_price = 3.0
        rma = self._create_rma(self._sold(), state="accepted")
        self._process(
            rma, {"exchange": True, "exchange_product_id": self.mug.id, "qty_exchange": 2}
        )
        self.assertAlmostEqual(rma.exchange_order_ids.amount_total, 7.14, 2)
        self.assertAlmostEqual(rma.refund_ids.amount_residual, 23.8 - 7.14, 2)

    def test_s8_ten_back_and_two_of_another_product_sent(self):
        order = self._create_sold(self._line(self.shirt, 10, 10.0, self.tax_19))
        lines = [(line.product_uom_qty, line.price_unit) for line in order.order_line]
        rma = self._create_rma(order, {self.shirt: 10}, state="processing")
        self._process(
            rma, {"exchange": True, "exchange_product_id": self.mug.id, "qty_exchange": 2}
        )
        exchange = rma.exchange_order_ids
        self.assertEqual(len(exchange), 1)
        self.assertEqual((exchange.state, exchange.source_rma_id), ("sale", rma))
        self.assertRecordValues(
            exchange.picking_ids.move_ids, [{"product_id": self.mug.id, "product_uom_qty": 2.0}]
        )
        self.assertEqual(
            [(line.product_uom_qty, line.price_unit) for line in order.order_line], lines
        )
        self.assertSettled(order)

    # === THE SAME PRODUCT AGAIN === #

    def test_same_product_keeps_the_price_the_customer_paid(self):
        taxes = self._make_taxes()
        self.shirt.write({"list_price": 99.0, "invoice_policy": "order"})
        for name, discount in (
            ("on top", 0.0),
            ("in the price", 12.5),
            ("fixed amount and percent", 0.0),
        ):
            with self.subTest(tax=name):
                line = self._line(self.shirt, 3, 9.99, taxes[name], discount)
                order = self._sell(self._discount(self._create_draft_order(line), percent=10))
                rma, exchange = self._exchange(order, self.shirt)
                self.assertLessEqual(abs(exchange.amount_total - rma.amount_refunded), 0.01)

    def test_same_product_costs_what_the_invoice_said(self):
        self.shirt.invoice_policy = "order"
        order = self._create_order(self._line(self.shirt, 2, 10.0, self.tax_19))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.price_unit = 8.0
        invoice.action_post()
        _rma, exchange = self._exchange(order, self.shirt)
        self.assertAlmostEqual(exchange.amount_total, 9.52, 2)

    def test_what_a_gift_card_paid_goes_back_to_it_and_is_due_again(self):
        self.shirt.invoice_policy = "order"
        card = self._make_card(11.9)
        order = self._create_draft_order(self._line(self.shirt, 2, 10.0, self.tax_19))
        self._sell(self._claim(order, card.program_id, card))
        rma, exchange = self._exchange(order, self.shirt)
        self.assertAlmostEqual(rma.amount_refunded, 5.95, 2)
        self.assertAlmostEqual(card.points, 5.95, 2)
        self.assertAlmostEqual(exchange.amount_total, 11.9, 2)

    def test_exchange_travels_free_and_the_screen_counts_so(self):
        _rma, exchange = self._exchange(self._sold(), self.mug, exchange_carrier_id=self.carrier.id)
        self.assertEqual(exchange.carrier_id, self.carrier)
        self.assertAlmostEqual(exchange.amount_total, 11.9, 2)

    def test_exchange_in_the_orders_currency(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": self.foreign.id}
        )
        rma, exchange = self._exchange(self._sold(pricelist_id=pricelist.id), self.mug)
        self.assertEqual(exchange.currency_id, self.foreign)
        self.assertAlmostEqual(exchange.amount_total, 10.0 * 2.3 * 1.19, 2)
        self.assertEqual(rma.refund_ids.amount_residual, 0.0)

    def test_cancelled_exchange_order_can_be_made_again(self):
        rma, exchange = self._exchange(self._sold("delivery"), self.mug)
        self.assertEqual(rma.line_ids.qty_exchanged, 1.0)
        exchange._action_cancel()
        self.assertEqual(rma.line_ids.qty_exchanged, 0.0)
        rma.action_reopen()
        self._process(rma, {"exchange": True, "exchange_product_id": self.mug.id})
        self.assertEqual(rma.line_ids.qty_exchanged, 1.0)
        self.assertAlmostEqual(sum(rma.refund_ids.mapped("amount_total")), 11.9, 2)

    def test_exchange_out_of_stock_waits_for_goods_and_its_money_is_settled(self):
        self.assertEqual(self._stock_of(self.mug), 0.0)
        rma, exchange = self._exchange(self._sold(), self.mug)
        delivery = exchange.picking_ids
        self.assertEqual(delivery.state, "confirmed")
        self.assertEqual((rma.state, rma.line_ids.qty_exchanged), ("done", 1.0))
        self.assertEqual(exchange.invoice_ids.amount_residual, 0.0)
        self.assertEqual(rma.refund_ids.amount_residual, 0.0)
        self.env["stock.quant"]._update_available_quantity(
            self.mug, self.warehouse.lot_stock_id, 1.0
        )
        delivery.action_assign()
        self.assertEqual(delivery.state, "assigned")
        delivery.button_validate()
        self.assertEqual(exchange.order_line.qty_delivered, 1.0)
        self.assertSettled(exchange)

    def test_broken_goods_kept_apart_do_not_fill_the_exchange(self):
        order = self._sold()
        self.env["stock.quant"]._update_available_quantity(
            self.shirt, self.warehouse.lot_stock_id, -self._stock_of(self.shirt)
        )
        for name, restock, state in (("broken", 0, "confirmed"), ("as new", 1, "assigned")):
            with self.subTest(goods=name):
                rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
                self._process(rma, {"exchange": True, "qty_restock": restock})
                delivery = rma.exchange_order_ids.picking_ids
                self.assertEqual(delivery.state, state)
                self.assertEqual(rma.refund_ids.amount_residual, 0.0)

    def test_exchange_out_of_stock_that_is_cancelled_is_refunded_whole(self):
        rma, exchange = self._exchange(self._sold(), self.mug)
        exchange._action_cancel()
        invoice = exchange.invoice_ids
        self._reverse(invoice)
        self.assertEqual(exchange.picking_ids.state, "cancel")
        self.assertEqual(rma.line_ids.qty_exchanged, 0.0)
        self.assertAlmostEqual(rma.amount_refunded, 11.9, 2)
        receivable = (rma.refund_ids | invoice | invoice.reversal_move_ids).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertAlmostEqual(sum(receivable.mapped("amount_residual")), -11.9, 2)

    def _reverse(self, invoice):
        """Credit an invoice whole, by hand."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
