from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundSentTooMuch(SaleRmaMoneyCommon):
    """R2, issue 14.9: a unit is refunded only as far as units kept are fewer than units paid.

    Ten at 20.00 are ordered and paid, twelve are sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.cup = cls._make_product("Cup", 20.0, "order", cls.no_tax)

    def _sold(self, sent=12, policy="order", paid=10):
        """Sell ten: with the policy *order* they are paid before they are sent."""
        self.cup.invoice_policy = policy
        order = self._create_order((self.cup, 10))
        if policy == "order":
            self._invoice(order)
        elif paid:
            self._deliver(order, {self.cup: paid})
            self._invoice(order)
        self._deliver(order, {self.cup: sent - order.order_line.qty_delivered})
        order.picking_ids.filtered(lambda x: x.state not in ("done", "cancel")).action_cancel()
        self.assertEqual(order.order_line.qty_delivered, sent)
        return order

    def _give_back(self, order, units, **values):
        """Return (units refunded, amount) of a return as the screen proposes it."""
        rma = self._return(order, {self.cup: units}, values)
        return rma.line_ids.qty_refunded, rma.amount_refunded

    def test_surplus_comes_back_and_nothing_is_refunded(self):
        order = self._sold()
        self.assertEqual(self._give_back(order, 2), (0, 0))
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertSettled(order)

    def test_more_than_the_surplus_comes_back(self):
        """Five come back: seven kept, ten paid."""
        order = self._sold()
        self.assertEqual(self._give_back(order, 5), (3, 60))
        self.assertEqual(self._give_back(order, 7), (7, 140))
        self.assertClosed(order)

    def test_all_twelve_come_back(self):
        order = self._sold()
        self.assertEqual(self._give_back(order, 12), (10, 200))
        self.assertClosed(order)

    def test_received_at_the_dock_first(self):
        order = self._sold()
        rma = self._create_rma(order, {self.cup: 5}, state="accepted")
        self._receive(rma, {self.cup: 1})
        wizard = self._open_process(rma)
        self.assertEqual(wizard.line_ids.qty_refund, 0)  # eleven kept
        wizard.line_ids.qty_received = 4
        self.assertEqual(wizard.line_ids.qty_refund, 2)  # eight kept
        wizard.action_process()
        self.assertTotal(rma, 40)

    def test_two_items_of_one_line_share_the_surplus(self):
        order = self._sold()
        rma = self._create_rma(order, {self.cup: 2})
        rma.line_ids.copy({"rma_id": rma.id, "quantity": 5})
        rma.action_accept()
        wizard = self._open_process(rma)
        self.assertEqual(sum(wizard.line_ids.mapped("qty_refund")), 5)  # five kept
        wizard.action_process()
        self.assertTotal(rma, 100)

    def test_typed_is_refused_in_words(self):
        rma = self._create_rma(self._sold(), {self.cup: 5}, state="accepted")
        wizard = self._open_process(rma)
        wizard.line_ids.qty_refund = 4
        with self.assertRaisesRegex(UserError, "Cup: 4 to refund.*7 of them.*at most 3"):
            wizard.action_process()

    def test_screen_says_why(self):
        rma = self._create_rma(self._sold(), {self.cup: 2}, state="accepted")
        line = self._open_process(rma).line_ids
        self.assertEqual(line.keep_message, "2 were sent beyond what was paid: nothing to refund")
        self.assertEqual(rma.amount_estimated, 0)

    def test_paid_in_part_refunds_what_was_paid(self):
        """Ten sent, four invoiced; three come back: seven kept, four paid."""
        order = self._sold(10, "delivery", paid=4)
        self.assertEqual(self._give_back(order, 3), (0, 0))
        self.assertEqual(order.order_line.qty_to_invoice, 3)
        self.assertEqual(self._give_back(order, 7), (4, 80))
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_invoiced_surplus_is_refunded(self):
        """Twelve sent and invoiced by what was delivered."""
        order = self._sold(12, "delivery", paid=0)
        self._invoice(order)
        self.assertEqual(self._give_back(order, 2), (2, 40))

    def test_keeping_is_a_decision_about_what_was_paid(self):
        """Ten sent: two may be refunded and kept; of twelve, the two that nobody paid not."""
        kept = {"qty_received": 0, "keep": True}
        self.assertEqual(self._give_back(self._sold(10), 2, **kept), (2, 40))
        self.assertEqual(self._give_back(self._sold(12), 2, **kept), (0, 0))

    def test_what_was_kept_by_decision_is_not_owed(self):
        """Two of ten are kept and refunded; then the other eight come back."""
        order = self._sold(10)
        self._give_back(order, 2, qty_received=0, keep=True)
        self.assertEqual(self._give_back(order, 8), (8, 160))
        self.assertClosed(order)

    def test_order_lowered_after_the_return_stays_true(self):
        """R1, R5: ten sent and paid, three come back and are credited; the order is then lowered
        to the seven that are kept."""
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                order = self._sold(10, policy, paid=10)
                self.assertEqual(self._give_back(order, 3), (3, 60))
                sold = order.order_line
                sold.product_uom_qty = 7
                self.assertEqual((sold.qty_delivered, sold.qty_invoiced), (7, 7))
                self.assertEqual((sold.qty_to_invoice, sold.qty_returnable), (0, 7))
                self.assertSettled(order)
                open_moves = sold.move_ids.filtered(lambda x: x.state not in ("done", "cancel"))
                self.assertFalse(open_moves)
                self.assertEqual(self._give_back(order, 7), (7, 140))
                self.assertClosed(order)
                self.assertSettled(order)
