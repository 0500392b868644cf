"""What goes by itself where a rule says so: money and what customers keep, as far as the shop's
ceilings let it and nothing is in dispute."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_policy import PolicyCase


class ByItselfCase(PolicyCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000)
        )

    def _run(self):
        self.env["sale.rma"].sudo()._cron_refund_by_rule()

    def _return(self, refund_on, quantity=1, **values):
        self._make_policy(acceptance="auto", refund_on=refund_on, **values)
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, quantity, state="requested")
        self.assertEqual(rma.state, "accepted")
        return rma

    def _get_refunded(self, rma):
        self.env.invalidate_all()
        return sum(rma.line_ids.mapped("qty_refunded"))


@tagged("post_install", "-at_install")
class TestRefundByItself(ByItselfCase):
    def test_on_arrival_by_the_job_once_and_told(self):
        rma = self._return("arrival")
        self._run()
        self.assertFalse(rma.refund_ids)
        self._receive(rma)
        self.assertFalse(rma.refund_ids, "never at the dock")
        self._run()
        self.assertEqual((rma.refund_ids.state, self._get_refunded(rma)), ("posted", 1))
        self.assertEqual((rma.state, rma.line_ids.qty_restocked), ("processing", 0))
        self.assertTrue(rma.history_ids.filtered(lambda row: "by the rule Rule" in row.body))
        told = rma.message_ids.filtered(lambda message: "by the rule" in (message.body or ""))
        self.assertTrue(all(told.mapped("is_internal")), "customers read no rule's name")
        self._run()
        self.assertEqual(len(rma.refund_ids), 1)
        self._process(rma)
        self.assertEqual((rma.state, len(rma.refund_ids)), ("done", 1))

    def test_the_fee_of_the_rule_is_kept(self):
        rma = self._return("arrival", fee_amount=5)
        self._receive(rma)
        self._run()
        paid = self.env["sale.rma.refund"]._get_prices_paid(rma.line_ids.sale_line_id)
        self.assertAlmostEqual(rma.refund_ids.amount_total, sum(paid.values()) - 5)

    def test_on_proof_of_posting_and_the_goods_stay_awaited(self):
        rma = self._return("proof")
        receipt = rma.picking_ids
        rma.sudo()._customer_show_proof("1Z 999", [])
        self.assertFalse(rma.refund_ids, "never in the customer's request")
        self._run()
        self.assertEqual(self._get_refunded(rma), 1)
        self.assertEqual((rma.picking_ids, receipt.state), (receipt, "assigned"))
        self._receive(rma)
        self._run()
        self._process(rma)
        self.assertEqual((rma.state, len(rma.refund_ids)), ("done", 1))
        self.assertEqual(self._stock_of(self.shirt), -1)

    def test_not_by_a_clerk_or_without_a_rule(self):
        rma = self._return("clerk", product_ids=self.shirt.ids)
        other = self._create_rma(self._create_sold((self.mug, 1)), state="accepted")
        for each in (rma, other):
            self._receive(each)
        self._run()
        self.assertFalse((rma | other).refund_ids)
        self.assertFalse((rma | other).filtered("rule_refund"))

    def test_not_while_something_is_missing(self):
        rma = self._return("arrival", quantity=2)
        self._receive(rma, {self.shirt: 1})
        self._run()
        self.assertFalse(rma.refund_ids)
        self._receive(rma)
        self._run()
        self.assertEqual(self._get_refunded(rma), 2)

    def test_what_is_in_dispute_is_a_colleagues(self):
        ground = self.env["sale.rma.line"]._fields["refusal_ground"].get_values(self.env)[0]
        for name, change in (
            ("refused in part", {"refusal_ground": ground}),
            ("exchange", {"resolution": "exchange"}),
        ):
            with self.subTest(name):
                rma = self._return("arrival")
                rma.line_ids.sudo().write(change)
                self._receive(rma)
                self._run()
                self.assertFalse(rma.refund_ids)

    def test_claims_are_a_colleagues(self):
        self._make_policy(rma_types="all", acceptance="auto", refund_on="arrival")
        rma = self._create_rma(
            self._create_sold((self.shirt, 1)), state="requested", rma_type="claim"
        )
        if rma.state == "requested":
            rma.action_accept()
        self._receive(rma)
        self._run()
        self.assertFalse(rma.refund_ids)

    def test_above_the_ceilings_a_colleague_decides_and_is_told_why(self):
        for names in ({"rma_rule_refund_max": 1}, {"rma_rule_refund_day_max": 1}):
            with self.subTest(names):
                self.company.sudo().write(
                    {"rma_rule_refund_max": 200, "rma_rule_refund_day_max": 2000, **names}
                )
                rma = self._return("arrival")
                self._receive(rma)
                self._run()
                self.assertEqual((rma.rule_refund, rma.refund_ids.ids), ("clerk", []))
                self.assertIn("go", rma.rule_refund_message)
                self.assertTrue(rma.activity_ids)

    def test_the_day_is_counted_with_what_went_before(self):
        self.company.sudo().rma_rule_refund_day_max = 80
        first = self._return("arrival")
        second = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        self._receive(first)
        self._receive(second)
        self._run()
        self.assertEqual((first.rule_refund, second.rule_refund), ("done", "clerk"))
        first.sudo().rule_refund_date = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        third = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        self._receive(third)
        self._run()
        self.assertEqual(third.rule_refund, "done")

    def test_what_the_engine_refuses_leaves_nothing_and_is_a_colleagues(self):
        rma = self._return("arrival")
        self._receive(rma)
        with patch.object(
            type(rma), "_tell_rule_refund", side_effect=UserError("The books are closed.")
        ):
            self._run()
        self.env.invalidate_all()
        self.assertEqual((rma.rule_refund, rma.process_count), ("clerk", 0))
        self.assertFalse(rma.refund_ids)
        self.assertEqual(rma.rule_refund_message, "The books are closed.")

    def test_a_colleague_who_was_faster_is_not_followed(self):
        rma = self._return("arrival")
        self._receive(rma)
        self._process(rma)
        self._run()
        self.assertEqual((len(rma.refund_ids), rma.rule_refund), (1, False))

    def test_what_a_colleague_gave_nothing_for_is_not_refunded_behind_him(self):
        rma = self._return("arrival", quantity=2)
        line = {"rma_line": rma.line_ids.id, "received": 2, "refund": 0}
        rma._process([{"rma": rma.id, "lines": [line], "close": False}])
        self._run()
        self.assertFalse(rma.refund_ids)

    def test_nobody_says_from_outside_that_it_is_due(self):
        rma = self._return("clerk")
        with self.assertRaises(UserError):
            rma.rule_refund = "due"
        with self.assertRaises(UserError):
            rma.line_ids.is_kept_by_rule = True


@tagged("post_install", "-at_install")
class TestKeepIt(ByItselfCase):
    def test_what_costs_less_is_kept_and_refunded(self):
        rma = self._return("clerk", keep_below=100)
        self.assertFalse(rma.picking_ids)
        self.assertTrue(rma.message_ids.filtered(lambda m: "You can keep Shirt" in (m.body or "")))
        self._run()
        self.assertEqual((rma.state, self._get_refunded(rma)), ("done", 1))

    def test_what_costs_as_much_is_sent_back(self):
        rma = self._return("clerk", quantity=2, keep_below=100)
        self.assertTrue(rma.picking_ids)
        self.assertFalse(rma.line_ids.is_kept_by_rule)

    def test_not_more_often_than_the_settings_say(self):
        self.company.sudo().rma_keep_max = 1
        self._return("clerk", keep_below=100)
        again = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        self.assertFalse(again.line_ids.is_kept_by_rule)
        self.assertTrue(again.picking_ids)

    def test_a_colleague_is_proposed_what_the_rule_says(self):
        self.company.sudo().rma_rule_refund_max = 0
        rma = self._return("clerk", keep_below=100)
        self._run()
        self.assertEqual(rma.rule_refund, "clerk")
        wizard = self._open_process(rma)
        self.assertEqual((wizard.line_ids.keep, wizard.line_ids.qty_refund), (True, 1))
        wizard.action_process()
        self.assertEqual((rma.state, self._get_refunded(rma)), ("done", 1))


@tagged("post_install", "-at_install")
class TestShippingByRule(ByItselfCase):
    def test_shipping_is_given_back_with_everything_only(self):
        self._make_policy(refund_shipping=True)
        for quantity, expected in ((2, True), (1, False)):
            with self.subTest(quantity):
                order = self._create_sold((self.shirt, 2), shipping=7)
                rma = self._create_rma(order, quantity, state="requested")
                rma.action_accept()
                self._receive(rma)
                self.assertIs(rma._is_shipping_refund_proposed(), expected)


@tagged("post_install", "-at_install")
class TestSignals(ByItselfCase):
    def test_counts_as_of_the_request(self):
        buyer = self.env["res.partner"].create({"name": "Ann"})
        size = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": n}) for n in "ML"]}
        )
        line = {"attribute_id": size.id, "value_ids": [Command.set(size.value_ids.ids)]}
        trousers = self.env["product.template"].create(
            {
                "name": "Trousers",
                "list_price": 20,
                "is_storable": True,
                "attribute_line_ids": [Command.create(line)],
            }
        )
        medium, large = trousers.product_variant_ids
        first = self._create_rma(
            self._create_sold((self.shirt, 1), partner_id=buyer.id), state="done"
        )
        first.sudo().date_requested = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        order = self._create_sold((medium, 1), (large, 1), partner_id=buyer.id)
        rma = self._create_rma(order, 1, state="requested")
        self._create_rma(self._create_sold((self.mug, 1), partner_id=buyer.id), state="requested")
        self.env.flush_all()
        lines = rma.signal_text.splitlines()
        self.assertEqual(lines[0], "1 returns before this one, on 3 orders.")
        self.assertIn("57.50", lines[1])
        self.assertEqual(lines[2], "2 variants of Trousers on the order.")
        portal = self._make_user("portal signal", "base.group_portal")
        self.assertFalse(rma.sudo().with_user(portal).sudo(False).signal_text)

    def test_more_returns_cost_no_more_queries_but_for_their_moves(self):
        rmas = self.env["sale.rma"]
        for _number in range(3):
            buyer = self.env["res.partner"].create({"name": "Ann"})
            order = self._create_sold((self.mug, 1), partner_id=buyer.id)
            rmas |= self._create_rma(order, 1, state="requested")
        self.assertEqual(rmas.mapped("signal_text"), [rmas[0].signal_text] * 3)
