from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundDiscountAgain(SaleRmaMoneyCommon):
    """R2, R5, issue 14.11: what a return took back of a discount is the other units' as far as it
    was given on them. Ten at 20.00 less 50.00: each costs 15.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.cup = cls._make_product("Cup", 20.0)

    def _order(self, taxes=None, quantity=10, price=20.0, program=None):
        taxes = self.no_tax if taxes is None else taxes
        order = self._create_draft_order(self._line(self.cup, quantity, price, taxes))
        if program:
            self._claim(order, program)
        else:
            self._discount(order, amount=50)
        order.action_confirm()
        return order

    def _send(self, order, units):
        """Deliver and invoice units; return what the invoice asks for."""
        self._deliver(order, {self.cup: units})
        return self._invoice(order).amount_total

    def _give_back(self, order, units):
        return self._return(order, {self.cup: units}).amount_refunded

    def test_other_half_costs_what_it_was_sold_for(self):
        order = self._order()
        self.assertEqual(self._send(order, 5), 50)
        self.assertEqual(self._give_back(order, 5), 50)
        self.assertEqual(order.invoice_status, "no")  # nothing was sent yet
        self.assertEqual(self._send(order, 5), 75)
        self.assertSettled(order)

    def test_other_half_comes_back_for_what_it_cost(self):
        order = self._order()
        self._send(order, 5)
        self._give_back(order, 5)
        self._send(order, 5)
        self.assertEqual(self._give_back(order, 2), 30)
        self.assertEqual(self._give_back(order, 3), 45)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_part_of_the_first_half_comes_back(self):
        """Five cost 50 so far, three of them 30; with the other five seven are kept for 105."""
        order = self._order()
        self._send(order, 5)
        self.assertEqual(self._give_back(order, 3), 30)
        self.assertEqual(self._send(order, 2), 30)  # 40 less their share of 10
        self.assertEqual(self._send(order, 3), 55)  # 60 less what is left: 5
        self.assertSettled(order)
        self._give_back(order, 7)
        self.assertClosed(order)

    def test_sent_in_thirds_with_tax_to_the_cent(self):
        """Seven at 19.99 with 19 % on top are 166.52, less 50.00 that Odoo takes off with tax.
        Three come back, so four are kept for 4/7 of 116.52: 66.58."""
        order = self._order(self.tax_19, 7, 19.99)
        self.assertAlmostEqual(order.amount_total, 116.52, 2)
        paid = self._send(order, 3)
        paid -= self._give_back(order, 3)
        self.assertAlmostEqual(paid, 0, 2)
        paid += self._send(order, 4)
        self.assertAlmostEqual(paid, 66.58, delta=0.01)
        self.assertSettled(order)
        self._give_back(order, 1)
        self._give_back(order, 3)
        self.assertClosed(order)

    def test_promotion_too(self):
        """10 % off the order: 20 of 200."""
        program = self._make_program(discount=10, discount_applicability="order")
        order = self._order(program=program)
        program.active = False
        self.assertEqual(self._send(order, 5), 80)
        self.assertEqual(self._give_back(order, 5), 80)
        self.assertEqual(self._send(order, 5), 90)
        self.assertSettled(order)

    def test_all_sent_and_invoiced_first_nothing_is_offered_again(self):
        order = self._order()
        self.assertEqual(self._send(order, 10), 150)
        for units in (3, 3, 1):
            self.assertEqual(self._give_back(order, units), units * 15)
            self.assertSettled(order)
