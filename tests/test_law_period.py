"""When the right of withdrawal runs (docs/law.md, part B), and the link that stays (L2, L7)."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestLawPeriod(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Paris"
        cls.customer.country_id = cls.env.ref("base.fr")
        cls.company.partner_id.country_id = cls.env.ref("base.fr")

    def _period(self, order, at="2026-11-10 12:00"):
        at = datetime.fromisoformat(at)
        return self.env["sale.rma.period"]._get_periods(order, at=at)[order]

    def _create_sent(self, moment="2026-11-09 10:00", *items, **values):
        order = self._create_order(*(items or ((self.shirt, 2),)), **values)
        self._deliver(order).date_done = moment
        return order

    # === RECEIPT === #

    def test_L14_runs_from_the_day_recorded_on_the_delivery(self):
        order = self._create_sent()
        order.picking_ids.rma_date_delivered = "2026-11-12"
        period = self._period(order)
        self.assertEqual((period.start, period.end), (date(2026, 11, 12), date(2026, 11, 26)))
        self.assertTrue(self._period(order, at="2026-11-26 22:59").is_open)
        self.assertFalse(self._period(order, at="2026-11-26 23:00").is_open)
        self.assertIn("sent on Monday 9 November 2026, arrived on Thursday 12", period.explanation)

    def test_L14_runs_from_dispatch_and_the_companys_days_in_transit(self):
        self.assertEqual(self.company.rma_transit_days, 7)
        period = self._period(self._create_sent())
        self.assertEqual((period.start, period.end), (date(2026, 11, 16), date(2026, 11, 30)))
        self.assertIn("expected by Monday 16 November 2026", period.explanation)

    def test_L14_a_delivery_method_says_how_long_it_takes(self):
        order = self._create_sent()
        self.carrier.rma_transit_days = 3
        order.picking_ids.carrier_id = self.carrier
        self.assertEqual(self._period(order).start, date(2026, 11, 12))

    def test_L14_several_deliveries_count_from_the_last_that_arrived(self):
        order = self._create_order((self.shirt, 2))
        first = self._deliver(order, {self.shirt: 1})
        first.write({"date_done": "2026-11-02 10:00", "rma_date_delivered": "2026-11-20"})
        self._deliver(order).write(
            {"date_done": "2026-11-09 10:00", "rma_date_delivered": "2026-11-11"}
        )
        self.assertEqual(self._period(order).start, date(2026, 11, 20))

    def test_L14_what_is_sent_back_to_the_customer_does_not_restart_it(self):
        order = self._create_sent()
        order.picking_ids.rma_date_delivered = "2026-11-12"
        rma = self._create_rma(order, {self.shirt: 1}, state="processing")
        back = self.env["stock.return.picking"].create({"picking_id": rma.picking_ids.id})
        back.product_return_moves.quantity = 1
        refused = back._create_return()
        self.assertEqual(self._period(order).end, date(2026, 11, 26))
        refused.move_ids.write({"quantity": 1, "picked": True})
        refused._action_done()
        self.assertEqual(self._period(order).end, date(2026, 11, 26))

    def test_L14_a_parcel_that_was_undeliverable_counts_when_it_arrives(self):
        order = self._create_sent()
        for _way in range(2):
            last = order.picking_ids.sorted("id")[-1:]
            back = self.env["stock.return.picking"].create({"picking_id": last.id})
            back.product_return_moves.quantity = 2
            picking = back._create_return()
            picking.move_ids.write({"quantity": 2, "picked": True})
            picking._action_done()
        picking.write({"date_done": "2026-11-20 10:00", "rma_date_delivered": "2026-11-23"})
        self.assertEqual(self._period(order).start, date(2026, 11, 23))

    def test_L14_regular_deliveries_count_from_the_first(self):
        order = self._create_order((self.shirt, 2))
        self._deliver(order, {self.shirt: 1}).rma_date_delivered = "2026-11-12"
        self.assertFalse(self._period(order).start)
        order.rma_is_regular_delivery = True
        self.assertEqual(self._period(order).end, date(2026, 11, 26))
        self._deliver(order).rma_date_delivered = "2026-12-12"
        self.assertEqual(self._period(order).end, date(2026, 11, 26))

    # === PUBLIC HOLIDAYS === #

    def _end_of(self, arrived):
        order = self._create_sent()
        order.picking_ids.rma_date_delivered = arrived
        return str(self._period(order).end)

    def test_L15_public_holidays_are_there_without_anybody_entering_them(self):
        for what, arrived, end in (
            ("14 July", "2026-06-30", "2026-07-15"),
            ("25 December, a Friday, and the weekend", "2026-12-11", "2026-12-28"),
            ("Easter Monday", "2026-03-23", "2026-04-07"),
            ("1 May, a Friday, and the weekend", "2026-04-17", "2026-05-04"),
            ("no holiday", "2026-11-12", "2026-11-26"),
        ):
            with self.subTest(what):
                self.assertEqual(self._end_of(arrived), end)

    def test_L15_holidays_of_the_consumers_and_of_the_companys_country_count(self):
        self.customer.country_id = self.env.ref("base.de")
        for what, arrived, end in (
            ("3 October, a Saturday, in Germany; Sunday", "2026-09-19", "2026-10-05"),
            ("14 July in France", "2026-06-30", "2026-07-15"),
            ("26 December, a Saturday; Sunday", "2026-12-12", "2026-12-28"),
            ("Whit Monday in Germany", "2026-05-11", "2026-05-26"),
        ):
            with self.subTest(what):
                self.assertEqual(self._end_of(arrived), end)
        self.customer.country_id = self.env.ref("base.mq")
        # abolition of slavery in Martinique
        self.assertEqual(self._end_of("2026-05-08"), "2026-05-26")

    def test_L15_a_state_with_holidays_of_its_own(self):
        self.customer.country_id = self.env.ref("base.de")
        self.assertEqual(self._end_of("2026-05-21"), "2026-06-04")
        self.customer.state_id = self.env.ref("base.state_de_by")
        self.assertEqual(self._end_of("2026-05-21"), "2026-06-05")  # Corpus Christi

    def test_L15_the_companys_calendar_adds_to_them(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Stocktaking",
                "date_from": "2026-07-14 22:00",
                "date_to": "2026-07-15 21:59:59",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._end_of("2026-06-30"), "2026-07-16")

    # === THE LINK STAYS === #

    def test_L2_link_stands_from_confirmation_until_long_after(self):
        order = self._create_order((self.shirt, 2))
        self.assertTrue(order._is_withdrawal_offered())
        self._deliver(order)
        self.assertTrue(order._is_withdrawal_offered())
        with freeze_time("2031-01-01 10:00"):
            self.assertTrue(order._is_withdrawal_offered())

    def test_L2_only_what_was_wholly_withdrawn_has_no_link(self):
        order = self._create_sent()
        self._create_rma(order, {self.shirt: 1}, state="accepted", rma_type="withdrawal")
        self.assertTrue(order._is_withdrawal_offered())
        rest = self._create_rma(order, {self.shirt: 1}, state="accepted", rma_type="withdrawal")
        self.assertFalse(order._is_withdrawal_offered())
        rest.action_cancel("By mistake")
        self.assertTrue(order._is_withdrawal_offered())

    def test_L2_a_commercial_return_takes_no_link_away(self):
        order = self._create_sent()
        self._create_rma(order, {self.shirt: 2}, state="done")
        self.assertTrue(order._is_withdrawal_offered())

    # === WHOSE RIGHT IT IS === #

    def test_L12_link_follows_the_mark_of_the_order(self):
        order = self._create_sent()
        self.assertTrue(order.rma_is_distance_contract)
        order.rma_is_distance_contract = False  # sold over the counter
        self.assertFalse(order._is_withdrawal_offered())

    def test_L12_companies_and_consumers_elsewhere_have_no_such_right(self):
        buyers = [
            ({"is_company": True, "country_id": self.env.ref("base.fr").id}, False),
            ({"country_id": self.env.ref("base.ch").id}, False),
            ({"country_id": self.env.ref("base.no").id}, True),
            ({"country_id": self.env.ref("base.mq").id}, True),
            ({}, True),
        ]
        for values, expected in buyers:
            buyer = self.env["res.partner"].create({"name": "Buyer", **values})
            order = self._create_order((self.shirt, 1), partner_id=buyer.id)
            self.assertEqual(order.rma_is_distance_contract, expected, values)

    def test_L12_what_becomes_of_the_buyer_later_changes_nothing(self):
        order = self._create_sent()
        self.customer.write({"country_id": self.env.ref("base.ch").id})
        self.assertTrue(order.rma_is_distance_contract)
