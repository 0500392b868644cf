"""Returns processed, offered and followed by other programs, in one call each (docs/api.md)."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


class ApiCase(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("api_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._make_user("api_colleague", "sales_team.group_sale_salesman")
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), user_id=cls.seller.id)
        cls.returns = cls.env["sale.rma"].with_user(cls.seller)

    def _create(self, quantity=2, external_ref="MKT-1"):
        lines = [{"sale_line_id": self.order.order_line[0].id, "quantity": quantity}]
        rma = self.returns.browse(
            self.returns.create_for_order(self.order.id, lines, external_ref=external_ref)
        )
        rma.action_request()
        rma.action_accept()
        return rma


@tagged("post_install", "-at_install")
class TestApiProcess(ApiCase):
    def test_a_return_is_processed_in_one_call(self):
        rma = self._create()
        answer = rma.process({})
        refund = rma.sudo().refund_ids
        self.assertEqual((answer["state"], rma.state), ("done", "done"))
        self.assertEqual(
            answer["refunds"],
            [
                {
                    "id": refund.id,
                    "name": refund.name,
                    "state": "posted",
                    "amount": refund.amount_total,
                    "currency": self.order.currency_id.name,
                }
            ],
        )
        self.assertEqual(answer["amount_refunded"], refund.amount_total)
        self.assertEqual(rma.line_ids.qty_received, 2)

    def test_what_is_said_is_done_and_the_rest_proposed(self):
        rma = self._create(3)
        item = {"rma_line": rma.line_ids.id, "received": 2, "restock": 1}
        answer = rma.process({"lines": [item], "close": False})
        self.assertEqual(answer["state"], "processing")
        self.assertEqual(rma.line_ids.qty_received, 2)
        self.assertEqual(rma.line_ids.qty_restocked, 1)
        self.assertEqual(rma.line_ids.qty_refunded, 2)

    def test_exchange_order_is_answered(self):
        rma = self._create(1)
        item = {"rma_line": rma.line_ids.id, "exchange_product": self.mug.id, "exchange_qty": 1}
        answer = rma.process({"lines": [item]})
        order = rma.sudo().exchange_order_ids
        self.assertEqual([row["id"] for row in answer["exchanges"]], order.ids)
        self.assertEqual(answer["exchanges"][0]["amount"], order.amount_total)

    def test_same_reference_is_done_once_and_answered_the_same(self):
        rma = self._create(3)
        plan = {"external_ref": "call-1", "close": False}
        plan["lines"] = [{"rma_line": rma.line_ids.id, "received": 1}]
        first, again = rma.process(plan), rma.process(plan)
        self.assertEqual(first, again)
        self.assertEqual(len(rma.sudo().refund_ids), 1)
        self.assertEqual(rma.line_ids.qty_received, 1)

    def test_same_reference_with_another_plan_is_refused(self):
        rma = self._create(3)
        rma.process({"external_ref": "call-1", "close": False})
        with self.assertRaisesRegex(UserError, "call-1"):
            rma.process({"external_ref": "call-1", "close": True})

    def test_a_return_is_found_by_the_callers_name_for_it(self):
        rma = self._create(external_ref="MKT-7")
        answer = self.returns.process({"external_ref": "MKT-7"})
        self.assertEqual(answer["id"], rma.id)
        self.assertEqual(answer, self.returns.process({"external_ref": "MKT-7"}))
        self.assertEqual(len(rma.sudo().refund_ids), 1)

    def test_without_a_reference_a_second_call_is_refused(self):
        rma = self._create()
        rma.process({"rma": rma.id})
        with self.assertRaises(UserError):
            rma.process({"rma": rma.id})

    def test_mistakes_are_told_and_nothing_is_done(self):
        rma = self._create()
        item = rma.line_ids.id
        for values in (
            None,
            [],
            {"colour": 1},
            {"rma": rma.id + 1},
            {"rma": "x"},
            {"external_ref": 5},
            {"lines": "x"},
            {"lines": [{"rma_line": item, "received": 99}]},
            {"lines": [{"rma_line": item, "refund": -1}]},
            {"lines": [{"rma_line": item + 999, "received": 1}]},
            {"fee": "much"},
            {"close": "no"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                rma.process(values)
        self.assertEqual(rma.state, "accepted")
        self.assertFalse(rma.sudo().refund_ids)

    def test_nobody_processes_a_colleagues_return(self):
        rma = self._create(external_ref="MKT-8")
        with self.assertRaises(AccessError):
            rma.with_user(self.colleague).process({})
        with self.assertRaises(UserError):
            rma.with_user(self.colleague).browse().process({"external_ref": "MKT-8"})

    def test_nobody_reads_a_colleagues_answer(self):
        rma = self._create()
        rma.process({"external_ref": "call-1"})
        with self.assertRaises(AccessError):
            rma.with_user(self.colleague).process({"external_ref": "call-1"})


@tagged("post_install", "-at_install")
class TestApiReturnable(ApiCase):
    def test_lines_are_offered_as_the_portal_offers_them(self):
        self._create(1)
        answer = self.returns.returnable(self.order.id)
        shirt, mug = answer["lines"]
        self.assertEqual((shirt["return"]["quantity"], mug["return"]["quantity"]), (2, 2))
        self.assertEqual(shirt["return"]["code"], "on_return")
        self.assertEqual(shirt["sale_line_id"], self.order.order_line[0].id)
        self.assertIn("exchange", answer["kinds"]["return"]["resolutions"])
        self.assertIn("repair", answer["kinds"]["claim"]["resolutions"])
        self.assertIn("defective", {row["code"] for row in answer["kinds"]["claim"]["reasons"]})
        json.dumps(answer)

    def test_estimate_is_what_would_be_given_back(self):
        answer = self.returns.returnable(self.order.id)
        self.assertAlmostEqual(answer["estimate"], self.order.amount_total)

    def test_last_days_of_each_kind_are_told(self):
        self.company.rma_return_days = 30
        shirt = self.returns.returnable(self.order.id)["lines"][0]
        until = shirt["return"]["until"]
        self.assertTrue(until)
        self.assertGreater(shirt["claim"]["until"], until)

    def test_withdrawal_is_offered_while_its_period_runs(self):
        self.order.rma_is_distance_contract = True
        offer = self.returns.returnable(self.order.id)["lines"][0]["withdrawal"]
        period = self.env["sale.rma.period"]._get_periods(self.order)[self.order]
        self.assertEqual(offer["quantity"], 3)
        self.assertEqual(offer["until"], period.end.isoformat())
        self.order.rma_is_distance_contract = False
        offer = self.returns.returnable(self.order.id)["lines"][0]["withdrawal"]
        self.assertEqual(offer["quantity"], 0)

    def test_a_colleagues_order_is_not_told(self):
        with self.assertRaises(AccessError):
            self.returns.with_user(self.colleague).returnable(self.order.id)

    def test_mistakes_are_told(self):
        for order_id in (None, "S00001", True, [self.order.id], -1, 2**40):
            with self.subTest(order_id=order_id), self.assertRaises(UserError):
                self.returns.returnable(order_id)


@tagged("post_install", "-at_install")
class TestApiFollow(ApiCase):
    def test_a_return_is_followed_by_the_callers_name(self):
        rma = self._create()
        rma.message_post(
            body="Please use our label.", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        rma.message_post(body="He is difficult.", subtype_xmlid="mail.mt_note")
        answer = self.returns.follow("MKT-1")
        self.assertEqual((answer["id"], answer["state"]), (rma.id, "accepted"))
        texts = [message["text"] for message in answer["messages"]]
        self.assertIn("Please use our label.", texts)
        self.assertNotIn("He is difficult.", texts)
        self.assertEqual(answer["lines"][0]["quantity"], 2)
        self.assertTrue(answer["dates"]["date_accepted"])
        self.assertIsNone(answer["dates"]["date_done"])
        json.dumps(answer)

    def test_what_was_made_is_told(self):
        rma = self._create()
        rma.process({})
        answer = self.returns.follow("MKT-1")
        self.assertEqual([row["id"] for row in answer["refunds"]], rma.sudo().refund_ids.ids)
        self.assertEqual(answer["lines"][0]["refunded"], 2)

    def test_what_is_not_there_or_not_readable_is_told_alike(self):
        self._create()
        messages = set()
        for returns, reference in (
            (self.returns.with_user(self.colleague), "MKT-1"),
            (self.returns, "MKT-2"),
        ):
            with self.assertRaises(UserError) as caught:
                returns.follow(reference)
            messages.add(str(caught.exception).replace("MKT-2", "MKT-1"))
        self.assertEqual(len(messages), 1)
        for reference in (None, 5, "", "x" * 500):
            with self.subTest(reference=reference), self.assertRaises(UserError):
                self.returns.follow(reference)


@tagged("post_install", "-at_install")
class TestApiProcessOverHttp(ApiCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = cls.env["res.users.apikeys"].with_user(cls.seller)
        cls.key = keys.sudo()._generate("rpc", "test", cls.env.cr.now().replace(year=2099))

    def _call(self, method, **body):
        self.env.flush_all()
        return self.url_open(
            f"/json/2/sale.rma/{method}",
            data=json.dumps(body),
            headers={"Authorization": f"bearer {self.key}", "Content-Type": "application/json"},
        )

    def test_the_three_calls_answer(self):
        rma = self._create()
        for method, body in (
            ("returnable", {"order_id": self.order.id}),
            ("process", {"ids": rma.ids, "values": {"external_ref": "call-1"}}),
            ("process", {"ids": rma.ids, "values": {"external_ref": "call-1"}}),
            ("follow", {"external_ref": "MKT-1"}),
        ):
            response = self._call(method, **body)
            self.assertEqual(response.status_code, 200, response.text[:500])
        self.assertEqual(response.json()["state"], "done")

    @mute_logger("odoo.http")
    def test_mistakes_are_answered_4xx(self):
        rma = self._create()
        for method, body in (
            ("returnable", {"order_id": self.order.name}),
            ("process", {"ids": rma.ids, "values": {"colour": 1}}),
            ("process", {"values": {}}),
            ("follow", {"external_ref": "nothing"}),
        ):
            response = self._call(method, **body)
            self.assertEqual(response.status_code, 422, response.text[:500])
            self.assertTrue(response.json()["message"])
