"""Withdrawal from what waits on an open commercial return (docs/law.md L4, L16)."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .test_law_before_dispatch import LawBeforeDispatchCommon


@tagged("post_install", "-at_install")
class TestLawOpenReturn(LawBeforeDispatchCommon):
    def test_L16_the_accepted_return_becomes_the_withdrawal_with_the_statements_clock(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="accepted")
        receipt = rma.picking_ids
        with freeze_time("2026-11-27 10:00"):
            withdrawal = self._submit(order)
        self.assertEqual((withdrawal.rma_ids, withdrawal.doubt), (rma, "none"))
        self.assertEqual((rma.rma_type, rma.state), ("withdrawal", "accepted"))
        self.assertEqual(rma.date_refund_due, date(2026, 12, 11))
        self.assertEqual((rma.line_ids.qty_unsent, rma.picking_ids), (0, receipt))

    def test_L16_half_and_half_is_split(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 1))
        rma = self._create_rma(order, state="accepted")
        withdrawn = self._submit(order, {self.shirt: 1}).rma_ids
        self.assertEqual((rma.rma_type, rma.line_ids.mapped("quantity")), ("return", [1, 1]))
        self.assertEqual((withdrawn.rma_type, withdrawn.state), ("withdrawal", "accepted"))
        self.assertEqual(withdrawn.line_ids.quantity, 1)

    def test_L16_a_return_that_waits_for_an_answer_is_overtaken(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="requested")
        withdrawn = self._submit(order).rma_ids
        self.assertEqual((rma.state, withdrawn.state), ("cancel", "accepted"))
        self.assertEqual(withdrawn.line_ids.quantity, 2)

    def test_L16_the_rest_of_the_order_joins_it_sent_or_not(self):
        order = self._create_paid((self.coat, 3))
        self._deliver(order, {self.coat: 2})
        rma = self._create_rma(order, {self.coat: 1}, state="accepted")
        self.assertEqual(self._submit(order).rma_ids, rma)
        self.assertEqual(order.rma_ids, rma)
        self.assertEqual(sum(rma.line_ids.mapped("quantity")), 3)
        self.assertEqual(sum(rma.line_ids.mapped("qty_unsent")), 1)
        self.assertFalse(self._planned(order))
        planned = rma.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(planned.mapped("product_uom_qty")), 2)

    def test_L16_what_came_back_already_is_refunded_as_a_withdrawal(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="processing")
        self.assertEqual(self._submit(order).rma_ids, rma)
        self.assertEqual(rma.rma_type, "withdrawal")
        self._process(rma)
        self.assertAlmostEqual(rma.amount_refunded, order.amount_total)

    def test_L16_a_claim_stays_one(self):
        order = self._create_sold((self.shirt, 2))
        claim = self._create_rma(order, {self.shirt: 1}, rma_type="claim", state="accepted")
        withdrawal = self._submit(order)
        self.assertEqual((claim.rma_type, claim.line_ids.quantity), ("claim", 1))
        self.assertEqual(withdrawal.rma_ids.line_ids.quantity, 1)
        self.assertEqual(withdrawal.doubt, "doubtful")

    def test_L7_L16_let_in_late_it_takes_over_the_open_return_too(self):
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        with freeze_time("2027-06-01 10:00"):
            withdrawal = self._submit(order)
            self.assertEqual(withdrawal.doubt, "late")
            self.env["sale.rma.withdrawal.check"].create(
                {"withdrawal_id": withdrawal.id, "order_id": order.id, "outcome": "return"}
            ).action_confirm()
        self.assertEqual(rma.rma_type, "withdrawal")
        self.assertEqual(rma.line_ids.product_id, self.shirt | self.mug)

    def test_L24_a_shop_of_seven_days_gives_fourteen_on_an_open_return(self):
        self.company.rma_expiry_days = 7
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        with freeze_time("2026-11-23 10:00"):
            self._submit(order)
        self.assertEqual((rma.rma_type, rma.date_expiry), ("withdrawal", date(2026, 12, 7)))

    def test_L23_the_fee_of_the_rule_it_was_asked_under_is_gone(self):
        rule = self.env["sale.rma.policy"].create({"name": "Sale", "fee_percent": 20.0})
        rule.action_activate()
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        self._receive(rma)
        self.assertGreater(self._open_process(rma).amount_fee, 0)
        self._submit(order)
        self.assertEqual(rma.rma_type, "withdrawal")
        self._process(rma)
        self.assertAlmostEqual(rma.amount_refunded, order.amount_total)
