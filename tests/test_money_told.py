"""Money and time on every step of the customer's way (issue 16.1)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestMoneyTold(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.shirt_line, cls.mug_line = cls.order.order_line
        cls.path = f"/my/orders/{cls.order.id}/return"

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")

    def _estimate(self, *wishes):
        values = {name: value for wish in wishes for name, value in wish.items()}
        requests = self.env["sale.rma.request"].sudo()
        return requests._estimate(requests._read(self.order.sudo(), values))

    def _told(self, *wishes):
        values = {name: value for wish in wishes for name, value in wish.items()}
        return self.make_jsonrpc_request(f"{self.path}/estimate", {"values": values})

    # === THE FORM === #

    def test_estimate_says_what_it_is_made_of(self):
        estimate = self._estimate(
            self._line_values(self.shirt_line, quantity="2"), self._line_values(self.mug_line)
        )
        self.assertEqual(
            [(name.split(" × ")[0], round(amount, 2)) for name, amount in estimate.parts],
            [("Shirt", 115.0), ("Mug", 11.39)],
        )
        self.assertAlmostEqual(estimate.balance, sum(amount for _name, amount in estimate.parts))

    def test_estimate_takes_off_what_a_rule_keeps(self):
        rule = self.env["sale.rma.policy"].sudo()
        rule = rule.create({"name": "Fee", "company_id": self.company.id, "fee_percent": 10.0})
        rule.state = "active"
        estimate = self._estimate(self._line_values(self.shirt_line))
        self.assertAlmostEqual(estimate.fee, 5.75)
        self.assertAlmostEqual(estimate.balance, 51.75)
        self.assertIn("Return fee", self._told(self._line_values(self.shirt_line)))

    def test_estimate_says_where_the_money_goes(self):
        told = self._told(self._line_values(self.shirt_line))
        self.assertIn("set against your open invoice", told)
        self._pay(self.order.invoice_ids)
        self.assertIn("back the way you paid", self._told(self._line_values(self.shirt_line)))

    def _pay(self, invoices):
        wizard = self.env["account.payment.register"].sudo()
        wizard = wizard.with_context(active_model="account.move", active_ids=invoices.ids)
        wizard.create({})._create_payments()

    def test_difference_of_an_exchange_is_told_before(self):
        wish = self._line_values(self.mug_line, wish="exchange", product=str(self.shirt.id))
        self.assertIn("You pay", self._told(wish))
        self.assertIn("46.11", self._told(wish))

    def test_without_a_product_chosen_no_refund_is_promised(self):
        told = self._told(self._line_values(self.shirt_line, wish="exchange"))
        self.assertIn("Choose what you would like instead", told)
        self.assertNotIn("You get back", told)

    # === THE PAGE === #

    def _page_text(self, rma, element_id):
        element = self._by_id(self._page(f"/my/returns/{rma.id}"), element_id)
        return "" if element is None else self._text(element)

    def _exchange(self, line, product, state="requested"):
        rma = self._create_rma(self.order, {line.product_id: 1})
        rma.line_ids.write({"resolution": "exchange", "exchange_product_id": product.id})
        rma.action_request()
        if state == "accepted":
            rma.action_accept()
        return rma

    def test_page_tells_difference_and_way(self):
        rma = self._exchange(self.mug_line, self.shirt)
        told = self._page_text(rma, "return_estimate")
        self.assertIn("What you get instead", told)
        self.assertIn("You will pay", told)
        self.assertIn("46.11", told)
        self.assertIn("set against your exchange", told)

    def test_what_is_owed_has_a_pay_button_that_opens(self):
        self._pay(self.order.invoice_ids)
        rma = self._exchange(self.mug_line, self.shirt, state="accepted")
        self._receive(rma)
        self._process(rma, lines={self.mug: {"exchange": True, "qty_exchange": 1}})
        rma.invalidate_recordset()
        self.assertAlmostEqual(rma.amount_to_pay, 46.11, 2)
        page = self._page(f"/my/returns/{rma.id}")
        button = page.xpath("//a[hasclass('o_rma_pay')]")[0]
        self.assertIn("46.11", self._text(button))
        self.assertEqual(self._get(button.get("href")).status_code, 200)

    # === TIME === #

    def _settle(self, count, days):
        now = fields.Datetime.now()
        for _number in range(count):
            rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="accepted")
            rma.sudo().write({"date_requested": now - timedelta(days=days), "date_accepted": now})

    def test_page_says_how_quick_the_shop_usually_is(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        self._settle(4, days=2.5)
        self.assertFalse(rma._get_pace_text("answer"))  # too few tell nothing
        self._settle(2, days=2.5)
        self.assertEqual(rma._get_pace("answer"), 3)
        self.assertIn("usually answer within 3 days", self._page_text(rma, "return_next"))
