from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundDiscounts(SaleRmaMoneyCommon):
    """A returned unit is worth its price less its share in what the order's
    discounts took off, and the last one brings the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]

    def _draft(self, taxes=None, **values):
        """Two shirts at 50 and three mugs at 10."""
        taxes = self.no_tax if taxes is None else taxes
        return self._create_draft_order(
            self._line(self.shirt, 2, 50.0, taxes), self._line(self.mug, 3, 10.0, taxes), **values
        )

    def _promotion(self, order, **reward):
        return self._claim(order, self._make_program(**reward))

    def _coupon(self, order, **reward):
        program = self._make_program("coupons", **reward)
        program.applies_on, program.trigger = "current", "with_code"
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 1})
        return self._claim(order, program, card)

    def _check(self, order, shirt, mug):
        """One shirt and one mug come back for so much; then the rest, and nothing is left."""
        self._sell(order)
        invoiced = sum(self._get_invoices(order)[0].mapped("amount_total"))
        self.assertTotal(self._return(order, {self.shirt: 1}), shirt)
        self.assertTotal(self._return(order, {self.mug: 1}), mug)
        self._return(order, {self.shirt: 1, self.mug: 2})
        self.assertAlmostEqual(sum(order.rma_ids.mapped("amount_refunded")), invoiced, 2)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_each_unit_brings_its_share_of_the_discount(self):
        order, mugs = {"discount_applicability": "order"}, [Command.set(self.mug.ids)]
        only_mugs = {"discount_applicability": "specific", "discount_product_ids": mugs}
        cheapest = {"discount_applicability": "cheapest", "discount": 100}
        for name, apply, shirt, mug in (
            ("global 10 %", lambda so: self._discount(so, percent=10), 45.0, 9.0),
            ("global 13.00", lambda so: self._discount(so, amount=13), 45.0, 9.0),
            ("10 % on all", lambda so: self._promotion(so, discount=10, **order), 45.0, 9.0),
            (
                "26.00 on all",
                lambda so: self._promotion(so, discount_mode="per_order", discount=26, **order),
                40.0,
                8.0,
            ),
            ("20 % on mugs", lambda so: self._promotion(so, discount=20, **only_mugs), 50.0, 8.0),
            ("cheapest free", lambda so: self._promotion(so, **cheapest), 50.0, 6.67),
            ("coupon of 30 %", lambda so: self._coupon(so, discount=30, **order), 35.0, 7.0),
        ):
            with self.subTest(discount=name):
                self._check(apply(self._draft()), shirt, mug)

    def test_discounts_of_several_taxes_close_in_any_order(self):
        taxes = self._make_taxes()
        kinds = ["on top", "in the price", "fixed amount and percent", "two on top"]
        products = [self._make_product(kind, 1.0) for kind in kinds]
        for name, apply in (
            ("global 17.5 %", lambda so: self._discount(so, percent=17.5)),
            ("global 33.33", lambda so: self._discount(so, amount=33.33)),
            (
                "promotion",
                lambda so: self._promotion(so, discount=15, discount_applicability="order"),
            ),
            (
                "promotion and global",
                lambda so: self._discount(
                    self._promotion(so, discount=15, discount_applicability="order"), percent=5
                ),
            ),
        ):
            with self.subTest(discount=name):
                lines = [
                    self._line(product, 3, 9.99, taxes[kind])
                    for product, kind in zip(products, kinds, strict=True)
                ]
                order = self._sell(apply(self._create_draft_order(*lines)))
                for count, product in enumerate(products):
                    self._return(order, {product: 1 + count % 2})
                self._return(order)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_line_discount_and_order_discount_add_up(self):
        order = self._create_draft_order(self._line(self.shirt, 4, 25.0, self.tax_19, 20.0))
        self._sell(self._discount(order, percent=10))
        self.assertTotal(self._return(order, {self.shirt: 1}), 21.42)  # 25 x 0.8 x 0.9 x 1.19

    def test_free_product_comes_as_a_gift_and_goes_for_nothing(self):
        order = self._draft()
        self._promotion(
            order, reward_type="product", reward_product_id=self.mug.id, reward_product_qty=1
        )
        self._sell(order)
        gift = order.order_line.filtered("is_reward_line")
        self.assertTrue(gift)
        self.assertEqual(gift._filter_returnable(), gift)
        self.assertTotal(self._return(order, {self.shirt: 1}), 50.0)
        self.assertTotal(self._return(order), 80.0)
        self.assertAlmostEqual(sum(order.rma_ids.mapped("amount_refunded")), 130.0, 2)

    def test_price_paid_is_after_all_discounts(self):
        order = self._sell(self._discount(self._draft(self.tax_19), percent=10))
        rma = self._create_rma(order)
        self.assertEqual(rma.line_ids.mapped("price_paid"), [53.55, 10.71])
        self.assertAlmostEqual(rma.amount_estimated, order.amount_total, 2)

    def test_prices_of_several_orders_do_not_mix(self):
        orders = self.env["sale.order"]
        for percent in (10, 50):
            orders |= self._sell(self._discount(self._draft(), percent=percent))
        rmas = self.env["sale.rma"].union(*(self._create_rma(order) for order in orders))
        rmas.invalidate_recordset()
        self.assertEqual(rmas.line_ids.mapped("price_paid"), [45.0, 9.0, 25.0, 5.0])

    def test_goods_free_by_a_discount_of_100_percent_bring_nothing(self):
        order = self._sell(self._discount(self._draft(self.tax_19), percent=100))
        for product in (self.shirt, self.mug, self.mug, self.shirt, self.mug):
            self.assertTotal(self._return(order, {product: 1}), 0.0)
        self.assertClosed(order)

    # === CARDS THAT PAY === #

    def test_card_gets_back_what_it_paid(self):
        for kind in ("gift_card", "ewallet"):
            with self.subTest(card=kind):
                card = self._make_card(65.0, kind)
                order = self._sell(self._claim(self._draft(), card.program_id, card))
                self.assertEqual(card.points, 0.0)
                self.assertTotal(self._return(order, {self.shirt: 1}), 25.0)
                self.assertEqual(card.points, 25.0)
                self._return(order)
                self.assertEqual(card.points, 65.0)
                self.assertEqual(sum(card.history_ids.mapped("issued")), 65.0)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_card_that_paid_all_gets_all_back_and_nobody_else_anything(self):
        card = self._make_card(500.0)
        order = self._sell(self._claim(self._draft(self.tax_19), card.program_id, card))
        self.assertAlmostEqual(card.points, 345.3, 2)
        for product in (self.shirt, self.mug, self.mug):
            self.assertTotal(self._return(order, {product: 1}), 0.0)
        self._return(order)
        self.assertEqual(card.points, 500.0)
        self.assertClosed(order)

    def test_card_of_another_currency_gets_its_own_points(self):
        card = self._make_card(23.0, "ewallet", currency=self.foreign)
        order = self._sell(self._claim(self._draft(), card.program_id, card))
        paid = -order.order_line.filtered("coupon_id").price_total
        self.assertAlmostEqual(paid, 10.0, 2)
        self.assertTotal(self._return(order, {self.shirt: 2}), 92.31)  # 100 / 130 of it
        self.assertAlmostEqual(card.points, 17.69, 2)
        self._return(order)
        self.assertEqual(card.points, 23.0)

    def test_card_after_a_discount_pays_for_what_was_left(self):
        card = self._make_card(58.5)
        order = self._discount(self._draft(), percent=10)  # 117 left, the card pays half
        self._sell(self._claim(order, card.program_id, card))
        self.assertTotal(self._return(order, {self.shirt: 1}), 22.5)
        self.assertEqual(card.points, 22.5)

    def test_cancelled_credit_note_takes_the_points_again(self):
        card = self._make_card(65.0)
        order = self._sell(self._claim(self._draft(), card.program_id, card))
        refund = self._return(order, {self.shirt: 1}).refund_ids
        refund.button_draft()
        self.assertEqual(card.points, 0.0)
        refund.action_post()
        self.assertEqual(card.points, 25.0)
        refund._reverse_moves(cancel=True)
        self.assertEqual(card.points, 0.0)

    def test_promotion_by_points_gives_no_points_back(self):
        order = self._draft()
        program = self._make_program("loyalty", discount=10, discount_applicability="order")
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 9, "partner_id": self.customer.id}
        )
        self._sell(self._claim(order, program, card))
        points = card.points
        self._return(order)
        self.assertEqual(card.points, points)

    # === SHARE GREATER THAN THE PRICE === #

    def _sold_for_less_than_its_share(self):
        """One of four shirts is invoiced, with all that was taken off the four: 11.90 - 12.25."""
        order = self._create_draft_order(
            self._line(self.shirt, 4, 10.0, self.tax_19), shipping=60.0
        )
        self._discount(order, amount=30)
        order.action_confirm()
        self._deliver(order, {self.shirt: 1})
        self._invoice(order)
        return order

    def test_units_that_cost_less_than_their_share_are_refused_with_what_is_missing(self):
        order = self._sold_for_less_than_its_share()
        rma = self._create_rma(order, state="accepted")
        wizard = self._open_process(rma)
        words = r"INV.*cannot be below zero. Raise the adjustment by \$.0.35, refund the shipping"
        self.assertRegex(wizard.refund_error, words)
        self.assertEqual(wizard.amount_total, 0.0)
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            wizard.action_process()
        self.assertFalse(rma.refund_ids)

    def test_each_way_out_that_the_refusal_names_works(self):
        for name, values, refund, total in (
            ("adjustment", {"amount_adjustment": 0.35}, 1.0, 0.0),
            ("one cent less", {"amount_adjustment": 0.34}, 1.0, None),
            ("shipping", {"refund_shipping": True}, 1.0, 50.9),
            ("no units", {}, 0.0, 0.0),
        ):
            with self.subTest(way=name):
                order = self._sold_for_less_than_its_share()
                rma = self._create_rma(order, state="accepted")
                wizard = self._open_process(rma, **values)
                wizard.line_ids.qty_refund = refund
                if total is None:
                    self.assertIn("below zero", wizard.refund_error)
                    continue
                self.assertFalse(wizard.refund_error)
                wizard.action_process()
                self.assertTotal(rma, total)
