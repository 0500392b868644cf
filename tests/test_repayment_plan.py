from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentPlan(SaleRmaRepaymentCommon):
    """Issue 17.1: what a credit note owes is planned by the way the order was paid."""

    def test_whole_return_goes_back_to_its_payment(self):
        order, payment = self._buy()
        rma = self._return(order)
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])
        self.assertEqual(rma.repayment_ids.source_transaction_id, payment)
        self.assertEqual(rma.repayment_ids.refund_id, rma.refund_ids)
        self.assertEqual((rma.repayment_state, rma.amount_repaid), ("planned", 0))

    def test_open_invoice_is_set_off_and_nothing_planned(self):
        order = self._sell(self._create_draft_order(self._line(self.vase, 2, 30.0, self.no_tax)))
        rma = self._return(order)
        self.assertEqual(self._rows(rma), [])
        self.assertEqual(rma.repayment_state, "nothing")

    def test_invoice_paid_in_part_owes_only_the_rest(self):
        order, _payment = self._buy(amounts=(45,))
        rma = self._return(order)
        self.assertEqual(self._rows(rma), [("transaction", 45, "planned")])

    def test_newest_payment_is_drained_first(self):
        order, payments = self._buy(amounts=(20, 40))
        rma = self._return(order)
        rows = rma.repayment_ids
        self.assertEqual(
            self._rows(rma), [("transaction", 40, "planned"), ("transaction", 20, "planned")]
        )
        self.assertEqual(rows.source_transaction_id, payments)
        self.assertEqual(rows[0].source_transaction_id, payments[1])

    def test_two_returns_of_one_payment_share_it(self):
        order, _payments = self._buy(amounts=(20, 40))
        first = self._return(order, {self.vase: 1})
        second = self._return(order, {self.vase: 1})
        self.assertEqual(self._rows(first), [("transaction", 30, "planned")])
        self.assertEqual(
            self._rows(second), [("transaction", 10, "planned"), ("transaction", 20, "planned")]
        )

    def test_what_was_refunded_by_hand_at_the_provider_is_not_planned_twice(self):
        order, payment = self._buy()
        child = payment._create_child_transaction(25, is_refund=True)
        child._set_pending()
        rma = self._return(order)
        self.assertEqual(
            self._rows(rma), [("transaction", 35, "planned"), ("manual", 25, "planned")]
        )

    def test_provider_that_refunds_nothing_is_paid_by_hand(self):
        self.supports[self.provider.id] = "none"
        order, _payment = self._buy()
        self.assertEqual(self._rows(self._return(order)), [("manual", 60, "planned")])

    def test_method_that_refunds_nothing_is_paid_by_hand(self):
        self.method.support_refund = "none"
        order, _payment = self._buy()
        self.assertEqual(self._rows(self._return(order)), [("manual", 60, "planned")])

    def test_disabled_provider_is_paid_by_hand(self):
        order, _payment = self._buy()
        self.provider.state = "disabled"
        self.assertEqual(self._rows(self._return(order)), [("manual", 60, "planned")])

    def test_method_without_partial_refund_gives_all_or_nothing(self):
        self.method.support_refund = "full_only"
        order, _payment = self._buy()
        part = self._return(order, {self.vase: 1})
        self.assertEqual(self._rows(part), [("manual", 30, "planned")])
        whole, _payment = self._buy()
        self.assertEqual(self._rows(self._return(whole)), [("transaction", 60, "planned")])

    def test_payment_by_hand_settles_what_was_planned(self):
        order, _payment = self._buy()
        rma = self._return(order)
        payment = self._register_payment(rma.refund_ids)
        self.assertEqual(self._rows(rma), [("manual", 60, "done")])
        self.assertEqual(rma.repayment_ids.payment_id, payment)
        self.assertEqual((rma.repayment_state, rma.amount_repaid), ("done", 60))

    def test_part_paid_by_hand_leaves_the_rest_planned(self):
        order, _payment = self._buy()
        rma = self._return(order)
        self._register_payment(rma.refund_ids, 25)
        self.assertEqual(self._rows(rma), [("transaction", 35, "planned"), ("manual", 25, "done")])
        self.assertEqual((rma.repayment_state, rma.amount_repaid), ("partial", 25))

    def test_payment_taken_back_is_owed_again(self):
        order, _payment = self._buy()
        rma = self._return(order)
        payment = self._register_payment(rma.refund_ids)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(
            self._rows(rma), [("manual", 60, "failed"), ("transaction", 60, "planned")]
        )

    def test_cancelled_credit_note_owes_nothing(self):
        order, _payment = self._buy()
        rma = self._return(order)
        rma.refund_ids.button_draft()
        self.assertEqual(self._rows(rma), [])
        rma.refund_ids.action_post()
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])
        rma.refund_ids._reverse_moves(cancel=True)
        self.assertEqual(self._rows(rma), [])

    def test_foreign_currency(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": self.foreign.id}
        )
        order, _payment = self._buy(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.foreign)
        rma = self._return(order)
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])
        self.assertEqual(rma.repayment_ids.currency_id, self.foreign)

    def test_card_gets_its_share_once_and_the_payment_the_rest(self):
        card = self._make_card(20.0)
        order = self._create_draft_order(self._line(self.vase, 2, 30.0, self.no_tax))
        self._claim(order, card.program_id, card)
        order.action_confirm()
        self._pay(order)
        self._deliver(order)
        self._invoice(order)
        self.assertEqual(card.points, 0)
        rma = self._return(order)
        self.assertEqual(card.points, 20)
        self.assertEqual(self._rows(rma), [("card", 20, "done"), ("transaction", 40, "planned")])
        self.assertEqual(rma.repayment_ids.loyalty_card_id, card)
        self.assertEqual(rma.repayment_state, "planned", "the card's share alone is no part")
        self.assertEqual(rma.amount_repaid, 0, "the card's share is not in the credit note")
        rma.refund_ids.button_draft()
        self.assertEqual((card.points, self._rows(rma)), (0, []))

    def test_exchange_keeps_its_part_of_the_credit(self):
        order, _payment = self._buy()
        plate = self._make_product("Plate", 20.0, "delivery", self.no_tax)
        vals = {"exchange": True, "exchange_product_id": plate.id, "qty_exchange": 2}
        rma = self._return(order, lines=vals)
        self.assertEqual(
            sorted(self._rows(rma)), [("exchange", 40, "planned"), ("transaction", 20, "planned")]
        )
        exchange = rma.exchange_order_ids
        self._deliver(exchange)
        self._invoice(exchange)
        self.assertEqual(
            sorted(self._rows(rma)), [("exchange", 40, "done"), ("transaction", 20, "planned")]
        )
        self.assertEqual(rma.amount_repaid, 0)

    def test_cancelled_exchange_gives_the_credit_free(self):
        order, _payment = self._buy()
        plate = self._make_product("Plate", 20.0, "delivery", self.no_tax)
        vals = {"exchange": True, "exchange_product_id": plate.id, "qty_exchange": 2}
        rma = self._return(order, lines=vals)
        rma.exchange_order_ids._action_cancel()
        self.assertEqual(sum(row[1] for row in self._rows(rma, "planned")), 60)
        self.assertNotIn("exchange", [row[0] for row in self._rows(rma)])

    # === RIGHTS AND CHOICES === #

    def test_salesperson_chooses_the_way_and_nothing_else(self):
        order, payment = self._buy()
        row = self._return(order).repayment_ids
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        own = row.with_user(seller)
        own.way = "manual"
        self.assertFalse(row.source_transaction_id)
        own.way = "transaction"
        self.assertEqual(row.source_transaction_id, payment)
        for vals in ({"amount": 1}, {"state": "done"}, {"key": "x"}, {"way": "wallet"}):
            with self.assertRaises(UserError):
                own.write(vals)
        with self.assertRaises(AccessError):
            own.create({"rma_id": row.rma_id.id})

    def test_stock_user_sees_no_repayments(self):
        order, _payment = self._buy()
        row = self._return(order).repayment_ids
        stock = self._make_user("stocker", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            row.with_user(stock).read(["amount"])
