from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon

# 2026: 2 March is a Monday. What is delivered on, and the last day to withdraw.
PERIODS = [
    ("the day of delivery is not counted", "2026-03-02 10:00", "2026-03-16"),
    ("an end on a Saturday moves to Monday", "2026-03-07 10:00", "2026-03-23"),
    ("an end on a Sunday moves to Monday", "2026-03-08 10:00", "2026-03-23"),
    ("the end of February", "2026-02-17 10:00", "2026-03-03"),
    ("a holiday of two halves, Easter", "2026-03-19 10:00", "2026-04-07"),
    ("Good Friday, weekend, Easter Monday", "2026-03-20 10:00", "2026-04-07"),
    ("late evening counts in the company's zone", "2026-03-03 23:30", "2026-03-18"),
    ("just before midnight in the company's zone", "2026-03-03 22:30", "2026-03-17"),
]
# Closings of the calendar, in UTC as Odoo keeps them; Brussels is two hours ahead in April.
HOLIDAYS = [
    ("Half day and half day", "2026-04-02 06:00", "2026-04-02 10:00"),
    ("Half day and half day", "2026-04-02 11:00", "2026-04-02 15:00"),
    ("Good Friday", "2026-04-02 22:00", "2026-04-03 21:59:59"),
    ("Easter Monday", "2026-04-05 22:00", "2026-04-06 21:59:59"),
]


@tagged("post_install", "-at_install")
class TestWithdrawalPeriod(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Shop", "company_id": cls.company.id, "tz": "Europe/Brussels"}
        )
        cls.company.rma_transit_days = 0  # days in transit: test_law_period.py

    # === READING === #

    def _close(self, name, start, stop, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "date_from": start,
                "date_to": stop,
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def _create_delivered(self, moment, *items):
        order = self._create_order(*(items or ((self.shirt, 2),)))
        self._deliver(order)
        order.picking_ids.date_done = moment
        return order

    def _period(self, order, at="2026-03-10 12:00"):
        at = datetime.fromisoformat(at)
        return self.env["sale.rma.period"]._get_periods(order, at=at)[order]

    # === COUNTING === #

    def test_end_of_the_period(self):
        for holiday in HOLIDAYS:
            self._close(*holiday)
        for what, delivered, end in PERIODS:
            with self.subTest(what):
                period = self._period(self._create_delivered(delivered))
                self.assertEqual(period.end, date.fromisoformat(end))

    def test_a_holiday_alone_moves_by_one_day(self):
        self._close("Strike", "2026-04-01 22:00", "2026-04-02 21:59:59")
        self.assertEqual(
            self._period(self._create_delivered("2026-03-19 10:00")).end, date(2026, 4, 3)
        )

    def test_the_last_day_lasts_until_midnight_in_the_companys_zone(self):
        order = self._create_delivered("2026-03-02 10:00")
        self.assertTrue(self._period(order, at="2026-03-16 22:59:59").is_open)
        self.assertFalse(self._period(order, at="2026-03-16 23:00:00").is_open)

    def test_closings_that_are_no_holidays(self):
        order = self._create_delivered("2026-03-02 10:00")
        resource = self.env["resource.resource"].create({"name": "Anna", "tz": "Europe/Brussels"})
        other = self.env["resource.calendar"].create({"name": "Other"})
        for values in (
            {"resource_id": resource.id},
            {"calendar_id": other.id},
            {"time_type": "other"},
            {"date_from": "2026-03-16 10:00", "date_to": "2026-03-16 13:00"},
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                values = {
                    "date_from": "2026-03-15 23:00",
                    "date_to": "2026-03-16 22:59:59",
                } | values
                self._close("No holiday", values.pop("date_from"), values.pop("date_to"), **values)
                self.assertEqual(self._period(order).end, date(2026, 3, 16))
                savepoint.rollback()

    def test_a_closing_of_all_calendars_is_a_holiday(self):
        order = self._create_delivered("2026-03-02 10:00")
        self._close("All", "2026-03-15 23:00", "2026-03-16 22:59:59", calendar_id=False)
        self.assertEqual(self._period(order).end, date(2026, 3, 17))

    def test_a_closing_without_end_does_not_hang(self):
        self._close("Typing error", "2026-03-16 10:00", "9999-12-31 10:00")
        self.assertGreater(
            self._period(self._create_delivered("2026-03-02 10:00")).end, date(2027, 3, 1)
        )

    # === START === #

    def test_the_last_delivery_counts(self):
        order = self._create_order((self.shirt, 3))
        first = self._deliver(order, {self.shirt: 1})
        first.date_done = "2026-03-02 10:00"
        second = self._deliver(order)
        second.date_done = "2026-03-09 10:00"
        period = self._period(order)
        self.assertEqual((period.start, period.end), (date(2026, 3, 9), date(2026, 3, 23)))

    def test_nothing_delivered_is_open_without_end(self):
        period = self._period(self._create_order((self.shirt, 3)), at="2099-01-01 10:00")
        self.assertTrue(period.is_open)
        self.assertFalse(period.end)

    def test_something_still_to_deliver_is_open_without_end(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order, {self.shirt: 1}).date_done = "2026-03-02 10:00"
        period = self._period(order, at="2026-06-01 10:00")
        self.assertTrue(period.is_open)
        self.assertFalse(period.end)

    def test_a_rest_being_picked_is_still_to_deliver(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._create_order((self.shirt, 1), (self.mug, 1))
        pick = order.picking_ids
        pick.move_ids.filtered(lambda move: move.product_id == self.shirt).write(
            {"quantity": 1, "picked": True}
        )
        pick._action_done()
        ship = order.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        ship.move_ids.write({"quantity": 1, "picked": True})
        ship._action_done()
        self.assertFalse(self._period(order).start)

    def test_a_rest_that_was_cancelled_does_not_hold_the_period(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order, {self.shirt: 1}).date_done = "2026-03-02 10:00"
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(self._period(order).end, date(2026, 3, 16))

    def test_what_came_back_does_not_move_the_period(self):
        order = self._create_delivered("2026-03-02 10:00")
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        self.assertEqual(self._period(order).end, date(2026, 3, 16))
        self._receive(rma)
        self.assertEqual(self._period(order).end, date(2026, 3, 16))

    def test_services_count_from_the_contract(self):
        service = self._make_product("Course", 80.0, type="service", is_storable=False)
        order = self._create_order((service, 1))
        order.date_order = "2026-03-02 10:00"
        self.assertEqual(self._period(order).end, date(2026, 3, 16))

    def test_goods_beside_services_count_from_delivery(self):
        service = self._make_product("Course", 80.0, type="service", is_storable=False)
        order = self._create_delivered("2026-03-09 10:00", (service, 1), (self.shirt, 1))
        self.assertEqual(self._period(order).end, date(2026, 3, 23))

    # === SETTING AND WORDS === #

    def test_the_company_may_give_more_days_and_not_less(self):
        order = self._create_delivered("2026-03-02 10:00")
        self.company.rma_withdrawal_days = 30
        self.assertEqual(self._period(order).end, date(2026, 4, 1))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.rma_withdrawal_days = 13
            self.company.flush_recordset()

    def test_the_period_explains_itself(self):
        text = self._period(self._create_delivered("2026-03-07 10:00")).explanation
        for words in ("Saturday 7 March 2026", "14 days", "Saturday 21 March", "Monday 23 March"):
            self.assertIn(words, text)

    def test_many_orders_take_as_many_queries_as_two(self):
        orders = self.env["sale.order"]
        for _number in range(4):
            orders |= self._create_delivered("2026-03-02 10:00")
        periods = self.env["sale.rma.period"]
        counts = []
        for some in (orders[:2], orders):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            periods._get_periods(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_orders_of_two_companies_follow_their_own_calendars(self):
        ours = self._create_delivered("2026-03-02 10:00")
        theirs_company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs_company.rma_withdrawal_days = 20
        self.env.user.company_ids = [Command.link(theirs_company.id)]
        theirs = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": theirs_company.id}
        )
        periods = self.env["sale.rma.period"]._get_periods(ours | theirs)
        self.assertEqual((periods[ours].days, periods[theirs].days), (14, 20))
