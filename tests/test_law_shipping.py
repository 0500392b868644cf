"""Shipping is given back once and surely (docs/law.md L17, L20, L21)."""

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestLawShipping(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.product_id.taxes_id = False
        cls.shirt.taxes_id = False
        cls.mug.taxes_id = False

    def _create_sent(self, *items, shipping=10.0, **values):
        items = items or ((self.shirt, 2),)
        return self._create_sold(*items, shipping=shipping, **values)

    def _create_withdrawal(self, order, quantities=None):
        return self._create_rma(order, quantities, rma_type="withdrawal", state="processing")

    def _sum(self, order):
        return sum(order.rma_ids.mapped("amount_refunded"))

    def test_L17_two_partial_withdrawals_that_are_the_whole_give_all_back(self):
        for turn in (0, 1):
            order = self._create_sent()
            rmas = [self._create_withdrawal(order, {self.shirt: 1}) for _times in range(2)]
            for rma in rmas if turn else reversed(rmas):
                self._process(rma)
            self.assertAlmostEqual(self._sum(order), 110.0)

    def test_L17_two_open_screens_give_all_back(self):
        order = self._create_sent()
        rmas = [self._create_withdrawal(order, {self.shirt: 1}) for _times in range(2)]
        screens = [self._open_process(rma) for rma in rmas]
        self.assertAlmostEqual(sum(screen.amount_total for screen in screens), 110.0)
        for screen in screens:
            screen.action_process()
        self.assertAlmostEqual(self._sum(order), 110.0)

    def test_L17_processed_together_they_give_all_back(self):
        order = self._create_sent()
        rmas = [self._create_withdrawal(order, {self.shirt: 1}) for _times in range(2)]
        screens = self.env["sale.rma.process"]
        for rma in rmas:
            screens |= self._open_process(rma)
        screens.action_process()
        self.assertAlmostEqual(self._sum(order), 110.0)

    def test_L17_one_after_the_other_gives_all_back(self):
        order = self._create_sent()
        for _times in range(2):
            self._process(self._create_withdrawal(order, {self.shirt: 1}))
        self.assertAlmostEqual(self._sum(order), 110.0)

    def test_L17_nobody_takes_the_shipping_of_the_whole_off(self):
        order = self._create_sent()
        rma = self._create_withdrawal(order)
        self._process(rma, refund_shipping=False)
        self.assertAlmostEqual(rma.amount_refunded, 110.0)

    def test_L21_a_part_gives_no_shipping_back_unless_the_setting_shares(self):
        order = self._create_sent()
        self._process(self._create_withdrawal(order, {self.shirt: 1}))
        self.assertAlmostEqual(self._sum(order), 50.0)
        self.company.rma_withdrawal_shipping = "share"
        order = self._create_sent((self.shirt, 4))
        self._process(self._create_withdrawal(order, {self.shirt: 1}))
        self.assertAlmostEqual(self._sum(order), 52.5)
        self._process(self._create_withdrawal(order, {self.shirt: 3}))
        self.assertAlmostEqual(self._sum(order), 210.0)

    def test_L20_a_supplement_is_shown_and_not_owed(self):
        self._make_carrier("Slow", 4.0)
        order = self._create_sent()
        self.assertEqual(order.rma_shipping_supplement, 6.0)
        rma = self._create_withdrawal(order)
        screen = self._open_process(rma)
        self.assertAlmostEqual(screen.amount_shipping, 4.0)
        self.assertAlmostEqual(screen.amount_total, 104.0)
        screen.action_process()
        self.assertAlmostEqual(rma.amount_refunded, 104.0)
        names = " ".join(rma.refund_ids.invoice_line_ids.mapped("name"))
        self.assertIn("Supplement for", names)

    def test_L20_what_is_offered_later_takes_nothing_off(self):
        order = self._create_sent()
        self._make_carrier("Slow", 4.0)
        rma = self._create_withdrawal(order)
        self._process(rma)
        self.assertAlmostEqual(rma.amount_refunded, 110.0)

    def test_L21_free_shipping_is_not_charged_after_the_fact(self):
        self.carrier.write({"free_over": True, "amount": 80.0})
        order = self._create_sent(shipping=0.0)
        rma = self._create_withdrawal(order, {self.shirt: 1})
        self._process(rma)
        self.assertAlmostEqual(rma.amount_refunded, 50.0)

    def test_L28_what_is_refused_is_not_withdrawn(self):
        order = self._create_sent((self.shirt, 1), (self.mug, 1))
        rma = self._create_withdrawal(order)
        rma.line_ids.filtered(lambda line: line.product_id == self.mug).refusal_ground = "bespoke"
        self._process(rma, {self.mug: {"qty_refund": 0}})
        self.assertAlmostEqual(rma.amount_refunded, 50.0)
