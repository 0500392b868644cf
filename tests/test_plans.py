"""The engine takes plans, whoever makes them: plain data, checked; what they leave out is proposed
(R10), what is shown before is what is posted (R3)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestPlans(SaleRmaCommon):
    def _accept(self, **items):
        order = self._create_sold((self.shirt, 3), (self.mug, 2), shipping=7.0)
        return self._create_rma(order, {self.shirt: 2, self.mug: 2}, state="accepted")

    def _assert_refused(self, words, rma, **plan):
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self.env["sale.rma"]._process([{"rma": rma.id, **plan}])

    def test_what_a_plan_leaves_out_is_what_the_screen_proposes(self):
        rma, other = self._accept(), self._accept()
        self.env["sale.rma"]._process([{"rma": rma.id}])
        self._open_process(other).action_process()
        for name in ("qty_received", "qty_restocked", "qty_refunded"):
            self.assertEqual(rma.line_ids.mapped(name), other.line_ids.mapped(name), name)
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.amount_refunded, other.amount_refunded)
        self.assertTrue(rma.amount_refunded)

    def test_preview_does_nothing_and_tells_what_is_posted(self):
        rma = self._accept()
        plan = {"rma": rma.id, "refund_shipping": True, "fee": 2.0, "adjustment": 1.0}
        (preview,) = self.env["sale.rma"]._preview([plan])
        self.assertEqual((rma.state, rma.refund_ids.ids), ("accepted", []))
        self.env["sale.rma"]._process([plan])
        self.assertAlmostEqual(rma.amount_refunded, preview["amount_total"], 2)
        self.assertAlmostEqual(rma.refund_ids.amount_total, preview["amount_total"], 2)

    def test_items_a_plan_names_are_those_it_processes(self):
        rma = self._accept()
        shirt, mug = rma.line_ids
        line = {"rma_line": shirt.id, "received": 1}
        self.env["sale.rma"]._process([{"rma": rma.id, "lines": [line], "close": False}])
        self.assertEqual((shirt.qty_received, shirt.qty_restocked, shirt.qty_refunded), (1, 1, 1))
        self.assertEqual((mug.qty_received, rma.state), (0, "processing"))

    def test_exchange_of_a_plan_has_its_price(self):
        rma = self._accept()
        line = {"rma_line": rma.line_ids[0].id, "exchange_product": self.mug.id}
        line |= {"exchange_qty": 1, "exchange_price": 3.0}
        self.env["sale.rma"]._process([{"rma": rma.id, "lines": [line]}])
        sent = rma.exchange_order_ids.order_line.filtered("source_rma_line_id")
        self.assertEqual(sent.price_unit, 3.0)
        self.assertEqual(rma.line_ids[0].qty_exchanged, 1)

    def test_plan_of_a_return_that_was_processed_meanwhile_is_refused(self):
        rma = self._accept()
        plan = {"rma": rma.id, "process_count": rma.process_count, "close": False}
        self.env["sale.rma"]._process([plan])
        with self.assertRaisesRegex(UserError, "meanwhile"):
            self.env["sale.rma"]._process([plan])
        with self.assertRaisesRegex(UserError, "only once at a time"):
            self.env["sale.rma"]._process([{"rma": rma.id}, {"rma": rma.id}])

    def test_what_a_plan_says_is_checked(self):
        rma, foreign = self._accept(), self._accept().line_ids[0]
        line = rma.line_ids[0].id
        for words, lines in (
            ("another return", [{"rma_line": foreign.id}]),
            ("a number", [{"rma_line": line, "received": "2"}]),
            ("a number", [{"rma_line": line, "refund": True}]),
            ("zero or more", [{"rma_line": line, "received": float("nan")}]),
            ("zero or more", [{"rma_line": line, "refund": -1}]),
            ("only 2 were asked for", [{"rma_line": line, "received": 3}]),
            ("at most 1", [{"rma_line": line, "received": 1, "restock": 2}]),
            ("did not come back", [{"rma_line": line, "received": 1, "refund": 2, "keep": False}]),
            ("zero or more", [{"rma_line": line, "exchange_qty": 1, "exchange_price": -5}]),
            ("whole pieces", [{"rma_line": line, "received": 1, "restock": 0.5}]),
            ("colour: not known", [{"rma_line": line, "colour": "red"}]),
            ("a whole number", [{"quantity": 1}]),
            ("a whole number", ["all"]),
        ):
            with self.subTest(words=words, lines=lines):
                self._assert_refused(words, rma, lines=lines)
        self._assert_refused("a number", rma, fee="5")
        self._assert_refused("below zero", rma, fee=-5.0)
        self._assert_refused("true or false", rma, close="no")
        self.assertEqual(rma.state, "accepted")

    def test_plan_names_only_what_its_user_may_read(self):
        user = new_test_user(self.env, "planner", groups="sales_team.group_sale_salesman_all_leads")
        rma = self._accept()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        secret = self._make_product("Secret", 5.0)
        secret.company_id = other
        line = {"rma_line": rma.line_ids[0].id, "exchange_product": secret.id, "exchange_qty": 1}
        with self.assertRaises(AccessError):
            self.env["sale.rma"].with_user(user)._process([{"rma": rma.id, "lines": [line]}])
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        for method in ("_process", "_preview"):
            with self.assertRaises(AccessError):
                getattr(self.env["sale.rma"].with_user(stranger), method)([{"rma": rma.id}])
