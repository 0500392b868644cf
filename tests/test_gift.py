"""R1: a reward that is a product is goods: it comes back at what its invoice line says, 0.00."""

from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestGift(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_draft_order(cls._line(cls.shirt, 1, 50.0, cls.tax_19))
        program = cls._make_program(
            reward_type="product", reward_product_id=cls.mug.id, reward_product_qty=1
        )
        cls._claim(cls.order, program)
        cls._sell(cls.order)
        cls.gift = cls.order.order_line.filtered("is_reward_line")

    def test_gift_comes_back_to_stock_for_nothing(self):
        self.assertEqual((self.gift.product_id, self.gift.qty_returnable), (self.mug, 1))
        before = self._stock_of(self.mug)
        rma = self._create_rma(self.order, {self.mug: 1}, state="accepted")
        self._process(rma)
        self.assertRecordValues(
            rma.line_ids, [{"qty_received": 1, "qty_restocked": 1, "qty_refunded": 1}]
        )
        self.assertEqual(self._stock_of(self.mug), before + 1)
        self.assertEqual(rma.amount_refunded, 0.0)
        self.assertEqual(rma.state, "done")
        self.assertEqual(self.gift.qty_returnable, 0)

    def test_broken_gift_is_claimed_and_exchanged(self):
        rma = self._create_rma(self.order, {self.mug: 1}, state="accepted", rma_type="claim")
        self._process(rma, {"exchange": True, "exchange_product_id": self.mug.id})
        self.assertEqual(rma.line_ids.qty_exchanged, 1)

    def test_order_of_which_only_the_gift_is_left_is_found(self):
        self._create_rma(self.order, {self.shirt: 1}, state="done")
        self.env.invalidate_all()
        self.assertTrue(self.order.is_returnable)
        domain = [("is_returnable", "=", True), ("id", "=", self.order.id)]
        self.assertEqual(self.order.search(domain), self.order)
        offers = self.gift._get_return_offers()
        self.assertEqual(offers[self.gift].quantity, 1)
