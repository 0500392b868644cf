"""What customers are offered to send back of a sold line, and why not more."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReturnWindow(SaleRmaCommon):
    def _offer(self, order, product=None):
        line = order.order_line.filtered(lambda line: line.product_id == (product or self.shirt))
        line.invalidate_recordset()
        return line._get_return_offers()[line]

    def _deliver_days_ago(self, order, days):
        pickings = self._deliver(order)
        pickings.move_ids.date = fields.Datetime.now() - timedelta(days=days)

    def test_all_that_was_delivered_is_offered(self):
        order = self._create_sold((self.shirt, 3))
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.code, offer.message), (3.0, "", ""))
        self.assertEqual(offer.until, fields.Date.today() + timedelta(days=30))

    def test_last_day_of_the_window_is_open_and_the_next_is_not(self):
        order = self._create_order((self.shirt, 1))
        self._deliver_days_ago(order, 30)
        self.assertEqual(self._offer(order).quantity, 1.0)
        order.order_line.move_ids.date -= timedelta(days=1)
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.code), (0.0, "late"))
        self.assertIn("until", offer.message)

    def test_window_runs_from_the_last_delivery_of_the_line(self):
        order = self._create_order((self.shirt, 2))
        self._deliver(order, {self.shirt: 1}).move_ids.date -= timedelta(days=100)
        self.assertEqual(self._offer(order).code, "late")
        self._deliver(order)
        self.assertEqual(self._offer(order).quantity, 2.0)

    def test_window_is_the_companys(self):
        order = self._create_order((self.shirt, 1))
        self._deliver_days_ago(order, 40)
        self.company.rma_return_days = 60
        self.assertEqual(self._offer(order).quantity, 1.0)
        self.company.rma_return_days = 0
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.until), (1.0, None))

    def test_day_is_the_companys_not_that_of_london(self):
        self.company.resource_calendar_id.tz = "Pacific/Auckland"
        line = self._create_order((self.shirt, 1)).order_line
        evening = fields.Datetime.to_datetime("2026-03-01 20:00:00")
        self.assertEqual(str(line._to_return_day(evening)), "2026-03-02")

    def test_unknown_day_of_delivery_stays_open(self):
        order = self._create_order((self.shirt, 1))
        self._deliver_days_ago(order, 400)
        order.order_line.move_ids.date = False
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.until), (1.0, None))

    def test_staff_are_not_bound(self):
        order = self._create_order((self.shirt, 1))
        self._deliver_days_ago(order, 400)
        self.assertEqual(self._offer(order).quantity, 0.0)
        self.assertEqual(self._create_rma(order, state="requested").state, "requested")

    def test_every_refusal_has_its_ground(self):
        service = self._make_product("Fitting", 20.0, type="service", is_storable=False)
        order = self._create_order((self.shirt, 2), (service, 1), (self.mug, 1), shipping=7.0)
        self._deliver(order, {self.shirt: 2})
        self._create_rma(order, {self.shirt: 2}, state="requested")
        codes = {line.product_id: offer.code for line, offer in self._offers(order).items()}
        self.assertEqual(
            codes,
            {
                self.shirt: "on_return",
                service: "service",
                self.mug: "not_delivered",
                self.carrier.product_id: "shipping",
            },
        )

    def _offers(self, order):
        return order.order_line._get_return_offers()

    def test_every_refusal_is_explained(self):
        order = self._create_order((self.shirt, 2), (self.mug, 1), shipping=7.0)
        for offer in self._offers(order).values():
            self.assertFalse(offer.is_possible)
            self.assertTrue(offer.message)

    def test_open_return_is_named(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="requested")
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.code), (1.0, "on_return"))
        self.assertIn(rma.name, offer.message)

    def test_draft_of_a_colleague_is_not_told(self):
        order = self._create_sold((self.shirt, 2))
        draft = self._create_rma(order, {self.shirt: 2})
        offer = self._offer(order)
        self.assertEqual(offer.quantity, 2.0)
        self.assertNotIn(draft.name, offer.message)

    def test_what_came_back_is_told(self):
        order = self._create_sold((self.shirt, 2))
        self._create_rma(order, {self.shirt: 1}, state="done")
        offer = self._offer(order)
        self.assertEqual((offer.quantity, offer.code), (1.0, "sent_back"))
        self._create_rma(order, {self.shirt: 1}, state="done")
        self.assertEqual(self._offer(order).code, "sent_back")

    def test_discount_and_down_payment_lines_are_no_items(self):
        order = self._create_sold((self.shirt, 1))
        discount = self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.1}
        )
        discount.action_apply_discount()
        lines = order.order_line.filtered(lambda line: line.product_id != self.shirt)
        self.assertEqual(lines._get_return_offers()[lines].code, "discount")
        lines.is_downpayment = True
        self.assertEqual(lines._get_return_offers()[lines].code, "down_payment")

    def test_cost_of_the_decision_hardly_grows_with_the_orders_length(self):
        short = self._create_sold((self.shirt, 1), (self.mug, 1))
        long = self._create_sold(*((self._make_product(f"P{i}", 1.0), 1) for i in range(20)))

        def count(order):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._offers(order)
            return self.env.cr.sql_log_count - start

        count(short)
        # two looks at whether a location is a customer's are the stock moves' own
        self.assertLessEqual(count(long), count(short) + 2 * 18)
