"""Returns made by other programs: mistakes are told in words, nothing is swallowed."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestApi(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("api_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._make_user("api_colleague", "sales_team.group_sale_salesman")
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), user_id=cls.seller.id)
        cls.returns = cls.env["sale.rma"].with_user(cls.seller)
        cls.item = {"sale_line_id": cls.order.order_line[0].id, "quantity": 1}

    def _refusal(self, order_id=None, lines=None, **values):
        """Return the words in which a call is refused; nothing else may come, and nothing stays."""
        before = self.env["sale.rma"].search_count([])
        lines = [self.item] if lines is None else lines
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.returns.create_for_order(order_id or self.order.id, lines, **values)
        self.assertEqual(self.env["sale.rma"].search_count([]), before)
        return str(caught.exception)

    def test_order_by_name_is_told(self):
        self.assertIn("order_id", self._refusal(self.order.name))
        self.assertIn("'S0", self._refusal(self.order.name))
        for order_id in (True, 1.5, [self.order.id], {"id": 1}, -1, 2**40, 987654321):
            self.assertIn("order_id", self._refusal(order_id), order_id)

    def test_order_that_is_not_there_is_as_one_that_is_closed(self):
        closed = self._create_sold((self.mug, 1), user_id=self.colleague.id)
        messages = [
            self._refusal(order_id).replace(str(order_id), "N") for order_id in (closed.id, 987654)
        ]
        self.assertEqual(messages[0], messages[1])

    def test_lines_that_are_none_are_told(self):
        for lines in ([], {}, "x", 5, [5], ["x"], [None], [[1, 2]]):
            self.assertRegex(self._refusal(lines=lines), "lines|item 1", lines)

    def test_missing_and_unknown_keys_are_named(self):
        self.assertIn(
            "quantity", self._refusal(lines=[{"sale_line_id": self.item["sale_line_id"]}])
        )
        self.assertIn("sale_line_id", self._refusal(lines=[{"quantity": 1}]))
        self.assertIn("qty", self._refusal(lines=[{**self.item, "qty": 1}]))
        self.assertIn("item 2", self._refusal(lines=[self.item, {**self.item, "price": 1}]))

    def test_values_of_another_kind_are_told(self):
        for key, values in {
            "sale_line_id": ("1", True, 1.5, [1]),
            "quantity": ("1", "one", True, [1], {}),
            "reason": (5, ["x"], "no_such_reason"),
            "resolution": (5, "gold", ["refund"]),
            "note": (5, ["x"]),
        }.items():
            for value in values:
                message = self._refusal(lines=[{**self.item, key: value}])
                self.assertRegex(message, f"{key}|reason", (key, value))

    def test_numbers_that_are_none_are_told(self):
        for quantity in (float("nan"), float("inf"), -float("inf"), -1, 0, 0.3):
            self.assertIn("Shirt", self._refusal(lines=[{**self.item, "quantity": quantity}]))

    def test_line_of_another_order_is_named_by_its_number_only(self):
        other = self._create_sold((self._make_product("Secret", 5.0), 1), user_id=False)
        message = self._refusal(lines=[{"sale_line_id": other.order_line.id, "quantity": 1}])
        self.assertNotIn("Secret", message)
        self.assertIn(str(other.order_line.id), message)

    def test_unknown_values_of_the_return_are_named(self):
        for name, value in {
            "colour": "red",
            "amount_refunded": 5.0,
            "state": "done",
            "name": "RMA/1",
            "line_ids": [Command.clear()],
            "date_expiry": "tomorrow",
            "customer_note": 5,
            "warehouse_id": "WH",
            "partner_id": 987654321,
            "priority": "9",
        }.items():
            self.assertIn(name, self._refusal(**{name: value}), name)
        self.assertIn("rma_type", self._refusal(rma_type="gift"))

    def test_values_of_the_return_are_written(self):
        rma = self.returns.browse(
            self.returns.create_for_order(
                self.order.id,
                [{**self.item, "reason": "wrong_size", "resolution": "exchange", "note": "tight"}],
                customer_note="Hello",
                date_expiry="2030-01-31",
                warehouse_id=self.warehouse.id,
            )
        )
        self.assertEqual(rma.customer_note, "Hello")
        self.assertEqual(str(rma.date_expiry), "2030-01-31")
        self.assertEqual(rma.line_ids.reason_id, self.reason)
        self.assertEqual((rma.line_ids.resolution, rma.line_ids.note), ("exchange", "tight"))

    # === EXTERNAL REFERENCE === #

    def test_second_create_gives_the_first_return(self):
        first = self.returns.create_for_order(self.order.id, [self.item], external_ref=" MKT-7 ")
        again = self.returns.create_for_order(self.order.id, [self.item], external_ref="MKT-7")
        self.assertEqual(first, again)
        self.assertEqual(self.returns.browse(first).external_ref, "MKT-7")
        without = self.returns.create_for_order(self.order.id, [self.item])
        self.assertNotEqual(first, without)

    def test_reference_of_another_order_is_told(self):
        self.returns.create_for_order(self.order.id, [self.item], external_ref="MKT-8")
        other = self._create_sold((self.mug, 1), user_id=self.seller.id)
        lines = [{"sale_line_id": other.order_line.id, "quantity": 1}]
        self.assertIn("MKT-8", self._refusal(other.id, lines, external_ref="MKT-8"))

    def test_reference_is_unique_in_the_company_only(self):
        self.returns.create_for_order(self.order.id, [self.item], external_ref="MKT-9")
        company = self.setup_other_company()["company"]
        other = self._create_order(
            (self._make_product("Cup", 5.0, taxes=self.env["account.tax"]), 1),
            company_id=company.id,
            warehouse_id=self.env["stock.warehouse"]
            .search([("company_id", "=", company.id)], limit=1)
            .id,
        )
        self._deliver(other)
        returns = self.env["sale.rma"].with_context(allowed_company_ids=company.ids)
        lines = [{"sale_line_id": other.order_line.id, "quantity": 1}]
        rma = returns.browse(returns.create_for_order(other.id, lines, external_ref="MKT-9"))
        self.assertEqual(rma.company_id, company)

    def test_reference_shows_nobody_a_colleagues_return(self):
        self.returns.create_for_order(self.order.id, [self.item], external_ref="MKT-10")
        returns = self.env["sale.rma"].with_user(self.colleague)
        with self.assertRaises(AccessError), self.cr.savepoint():
            returns.create_for_order(self.order.id, [self.item], external_ref="MKT-10")

    def test_reference_that_is_none_is_told(self):
        for reference in (5, ["x"], True, "", "  ", "x" * 500, "a\0b"):
            self.assertIn("external_ref", self._refusal(external_ref=reference), reference)


@tagged("post_install", "-at_install")
class TestApiOverHttp(SaleRmaCommon, HttpCase):
    """The same through JSON-2, as programs call it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("json_seller", "sales_team.group_sale_salesman")
        cls.order = cls._create_sold((cls.shirt, 3), user_id=cls.seller.id)
        keys = cls.env["res.users.apikeys"].with_user(cls.seller)
        cls.key = keys.sudo()._generate("rpc", "test", cls.env.cr.now().replace(year=2099))
        cls.line = {"sale_line_id": cls.order.order_line.id, "quantity": 1}

    def _call(self, method, **body):
        self.env.flush_all()
        return self.url_open(
            f"/json/2/sale.rma/{method}",
            data=json.dumps(body),
            headers={"Authorization": f"bearer {self.key}", "Content-Type": "application/json"},
        )

    @mute_logger("odoo.http")
    def test_mistakes_are_answered_4xx_in_words(self):
        good = {"order_id": self.order.id, "lines": [self.line]}
        for change in (
            {"order_id": self.order.name},
            {"order_id": None},
            {"lines": None},
            {"lines": []},
            {"lines": [{}]},
            {"lines": [{**self.line, "quantity": "1"}]},
            {"lines": [{**self.line, "quantity": 99}]},
            {"lines": [{**self.line, "colour": "red"}]},
            {"rma_type": "gift"},
            {"colour": "red"},
            {"external_ref": 5},
            {"date_expiry": "x"},
        ):
            response = self._call("create_for_order", **{**good, **change})
            self.assertEqual(response.status_code, 422, (change, response.text[:300]))
            self.assertTrue(response.json()["message"], change)

    def test_return_is_made_once_for_a_reference(self):
        body = {"order_id": self.order.id, "lines": [self.line], "external_ref": "shop-1"}
        first, again = (self._call("create_for_order", **body) for _time in range(2))
        self.assertEqual((first.status_code, again.status_code), (200, 200), first.text[:300])
        self.assertEqual(first.json(), again.json())

    @mute_logger("odoo.http")
    def test_methods_answer_4xx_to_what_they_do_not_know(self):
        rma_id = self._call("create_for_order", order_id=self.order.id, lines=[self.line]).json()
        for method, values in (
            ("action_bulk", {"operation": "burn"}),
            ("action_bulk", {"operation": 5}),
            ("action_request", {"reason": "x"}),
            ("action_refuse", {"reason": 5}),
            ("action_cancel", {"reason": ["x"]}),
            ("no_such_method", {}),
        ):
            response = self._call(method, ids=[rma_id], **values)
            self.assertIn(response.status_code, (403, 404, 422), (method, response.text[:300]))
