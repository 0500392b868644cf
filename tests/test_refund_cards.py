from odoo import Command, fields
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundCards(SaleRmaMoneyCommon):
    """Issue 14.12: cards that can not take money back, cards that were bought, points and coupons
    that an order earned. Two vases at 30.00, no tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.vase = cls._make_product("Vase", 30.0, "order", cls.no_tax)

    def _draft(self):
        return self._create_draft_order(self._line(self.vase, 2, 30.0, self.no_tax))

    def _history(self, rma):
        return " ".join(rma.history_ids.mapped("body"))

    # === WHAT PAID === #

    def test_card_that_can_not_take_it_is_told_on_the_screen_and_in_the_history(self):
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        for words, spoil in (
            ("expired", lambda card: card.write({"expiration_date": yesterday})),
            ("is archived", lambda card: card.action_archive()),
            ("is archived", lambda card: card.program_id.action_archive()),
        ):
            with self.subTest(card=words):
                card = self._make_card(20.0)
                order = self._sell(self._claim(self._draft(), card.program_id, card))
                spoil(card)
                rma = self._create_rma(order, state="accepted")
                wizard = self._open_process(rma)
                self.assertIn(words, wizard.card_message)
                self.assertIn("pay the amount back by another way", wizard.card_message)
                self.assertNotIn(card.code, wizard.card_message)
                wizard.action_process()
                self.assertIn(words, self._history(rma))
                self.assertEqual(card.points, 20)

    def test_good_card_needs_no_words(self):
        card = self._make_card(20.0)
        order = self._sell(self._claim(self._draft(), card.program_id, card))
        rma = self._create_rma(order, state="accepted")
        self.assertFalse(self._open_process(rma).card_message)

    # === WHAT WAS BOUGHT === #

    def _buy_cards(self, number=1):
        program = self._make_card(0.0).program_id
        product = self.env.ref("loyalty.gift_card_product_50")
        program.rule_ids = [
            Command.clear(),
            Command.create(
                {
                    "reward_point_amount": 1,
                    "reward_point_mode": "money",
                    "reward_point_split": True,
                    "product_ids": [Command.set(product.ids)],
                }
            ),
        ]
        product.write({"taxes_id": [Command.clear()], "invoice_policy": "order"})
        line = self._line(product, number, 50.0, self.no_tax, name="Gift card")
        order = self._create_order(line)
        self._invoice(order)
        order.order_line.qty_delivered = number
        cards = order.coupon_point_ids.coupon_id
        self.assertEqual(cards.mapped("points"), [50] * number)
        return order, cards

    def test_bought_card_is_taken_back(self):
        order, card = self._buy_cards()
        rma = self._create_rma(order, 1, state="accepted", rma_type="claim")
        self._process(rma)
        self.assertEqual((rma.amount_refunded, card.points), (50, 0))
        rma.refund_ids.button_draft()
        self.assertEqual(card.points, 50)

    def test_spent_part_of_a_bought_card_is_told(self):
        order, card = self._buy_cards()
        card.points = 12.0
        rma = self._create_rma(order, 1, state="accepted", rma_type="claim")
        wizard = self._open_process(rma)
        self.assertRegex(wizard.card_message, r"12 .* of 50 .* are left.*38 .* were spent")
        wizard.action_process()
        self.assertEqual(card.points, 0)
        self.assertIn("38", self._history(rma))

    def test_one_of_two_bought_cards_is_the_unspent_one(self):
        order, cards = self._buy_cards(2)
        cards[0].points = 5.0
        rma = self._create_rma(order, 1, state="accepted", rma_type="claim")
        self._process(rma)
        self.assertEqual(sorted(cards.mapped("points")), [0, 5])

    # === WHAT WAS EARNED === #

    def _earn(self, mode="money", program_type="loyalty", applies_on="both", **rule):
        program = self._make_program(program_type, discount=10, discount_applicability="order")
        program.write({"applies_on": applies_on})
        program.rule_ids.write({"reward_point_mode": mode, "reward_point_amount": 1, **rule})
        order = self._draft()
        order._update_programs_and_rewards()
        self._sell(order)
        return order, order.coupon_point_ids.coupon_id

    def test_points_of_what_came_back_are_taken_back_and_told(self):
        """A point for each 1.00: 60 points."""
        order, card = self._earn()
        self.assertEqual(card.points, 60)
        rma = self._return(order, {self.vase: 1})
        self.assertEqual(card.points, 30)
        self.assertIn("30", self._history(rma))
        self.assertIn("30", rma._get_points_taken_back()[0]["points"])
        body = rma._get_state_template("done")._render_field("body_html", rma.ids)[rma.id]
        self.assertIn("were taken back", body)
        self._return(order, {self.vase: 1})
        self.assertEqual(card.points, 0)

    def test_spent_points_are_not_taken(self):
        order, card = self._earn()
        card.points = 10
        self._return(order)
        self.assertEqual(card.points, 0)

    def test_undone_credit_note_gives_the_points_again(self):
        order, card = self._earn()
        rma = self._return(order)
        self.assertEqual(card.points, 0)
        rma.refund_ids._reverse_moves(cancel=True)
        self.assertEqual(card.points, 60)
        self.assertFalse(rma._get_points_taken_back())

    def test_setting_off_leaves_them(self):
        self.company.rma_take_back_points = False
        order, card = self._earn()
        self._return(order)
        self.assertEqual(card.points, 60)

    def test_coupon_for_the_next_order_goes_when_the_rest_would_not_earn_it(self):
        """A coupon for 50.00: one vase of two leaves 30.00."""
        order, coupon = self._earn(
            "order", "next_order_coupons", "future", minimum_amount=50, minimum_qty=1
        )
        self.assertEqual(coupon.points, 1)
        self._return(order, {self.vase: 1})
        self.assertEqual(coupon.points, 0)

    def test_coupon_stays_as_long_as_the_rest_earns_it(self):
        order, coupon = self._earn("order", "next_order_coupons", "future", minimum_amount=20)
        self._return(order, {self.vase: 1})
        self.assertEqual(coupon.points, 1)
        self._return(order, {self.vase: 1})
        self.assertEqual(coupon.points, 0)
