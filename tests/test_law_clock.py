"""What day it is: the consumer's for declaring, the company's for paying (L15, L17)."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SaleRmaCommon

# who lives where, when it was declared (UTC), last day to give the money back
DECLARED = [
    ("Martinique in the evening", "America/Martinique", "2026-11-25 01:00", "2026-12-08"),
    ("Paris after midnight", "Europe/Paris", "2026-11-24 23:30", "2026-12-09"),
    ("Paris before midnight", "Europe/Paris", "2026-11-24 22:59:59", "2026-12-08"),
    ("Reunion after midnight", "Indian/Reunion", "2026-11-24 20:00", "2026-12-09"),
    ("Canary Islands before midnight", "Atlantic/Canary", "2026-11-24 23:59", "2026-12-08"),
    ("over the switch to winter time", "Europe/Paris", "2026-10-24 22:30", "2026-11-08"),
    ("over the switch to summer time", "Europe/Paris", "2026-03-28 23:30", "2026-04-12"),
    ("just before that", "Europe/Paris", "2026-03-28 22:30", "2026-04-11"),
    ("to 29 February", "Europe/Paris", "2028-02-15 12:00", "2028-02-29"),
    ("over 29 February", "Europe/Paris", "2028-02-16 12:00", "2028-03-01"),
    ("no 29 February", "Europe/Paris", "2027-02-15 12:00", "2027-03-01"),
    ("due on a Sunday: money is not late before it", "Europe/Paris", "2026-11-22 10:00", None),
]


@tagged("post_install", "-at_install")
class TestLawClock(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Paris"

    def _withdraw(self, zone, at):
        self.customer.tz = zone
        order = self._create_sold((self.shirt, 1))
        with freeze_time(at):
            return self._create_rma(order, rma_type="withdrawal", state="accepted")

    def test_L17_refund_is_due_14_days_after_the_consumers_day(self):
        for what, zone, at, due in DECLARED:
            with self.subTest(what):
                rma = self._withdraw(zone, at)
                self.assertEqual(rma.date_refund_due, date.fromisoformat(due or "2026-12-06"))

    def test_L17_late_begins_with_the_companys_day(self):
        rma = self._withdraw("America/Martinique", "2026-11-25 01:00")
        for at, is_late in (("2026-12-08 22:59:59", False), ("2026-12-08 23:00", True)):
            with freeze_time(at):
                rma.invalidate_recordset(["is_late"])
                self.assertEqual(rma.is_late, is_late)
                found = self.env["sale.rma"].search([("is_late", "=", True)])
                self.assertEqual(rma in found, is_late)

    def test_L17_goods_count_on_the_companys_day(self):
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, state="accepted")
        with freeze_time("2026-11-24 23:30"):
            self._receive(rma)
        self.assertEqual(rma.date_refund_due, date(2026, 12, 9))

    def test_L15_the_last_day_lasts_until_the_consumers_midnight(self):
        order = self._create_sold((self.shirt, 1))
        order.picking_ids.rma_date_delivered = "2026-11-10"
        get = self.env["sale.rma.period"]._get_periods
        for zone, last in (
            ("America/Martinique", "2026-11-25 03:59:59"),
            ("Europe/Paris", "2026-11-24 22:59:59"),
            ("Indian/Reunion", "2026-11-24 19:59:59"),
            ("Atlantic/Canary", "2026-11-24 23:59:59"),
        ):
            self.customer.tz = zone
            at = datetime.fromisoformat(last)
            self.assertTrue(get(order, at=at)[order].is_open, zone)
            self.assertFalse(get(order, at=at + timedelta(seconds=1))[order].is_open, zone)

    def test_the_country_tells_the_zone_of_who_has_none(self):
        clock = self.env["sale.rma.clock"]
        for country, zone in (
            ("base.mq", "America/Martinique"),
            ("base.fr", "Europe/Paris"),
            ("base.pt", "Europe/Lisbon"),
            (None, "Europe/Paris"),
        ):
            self.customer.write(
                {"tz": False, "country_id": self.env.ref(country).id if country else False}
            )
            found = clock._get_consumer_zone(self.customer, self.company)
            self.assertEqual(found.zone, zone)

    def _run_expiry(self):
        with self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_rma_expire").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_expiry_is_the_companys_day_whoever_the_job_is(self):
        order = self._create_sold((self.shirt, 1))
        self.company.rma_expiry_days = 10
        with freeze_time("2026-11-24 23:30"):
            rma = self._create_rma(order, state="accepted")
        self.assertEqual(rma.date_expiry, date(2026, 12, 5))
        with freeze_time("2026-12-05 22:30"):
            self._run_expiry()
            self.assertEqual(rma.state, "accepted")
        with freeze_time("2026-12-05 23:30"):
            self._run_expiry()
        self.assertEqual(rma.state, "expired")

    def test_credit_note_has_the_companys_date_whoever_posts_it(self):
        self.env.user.tz = "America/Martinique"
        order = self._create_sold((self.shirt, 1))
        with freeze_time("2026-11-24 23:30"):
            rma = self._create_rma(order, state="done")
        self.assertEqual(rma.refund_ids.invoice_date, date(2026, 11, 25))

    def test_window_for_asking_is_the_customers_day(self):
        line = self._create_order((self.shirt, 1)).order_line
        self.customer.tz = "America/Martinique"
        self.assertEqual(line._to_return_day(datetime(2026, 11, 25, 1)), date(2026, 11, 24))
