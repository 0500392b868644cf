"""Claims: what the guarantee gives (docs/law.md L29 to L31, N7)."""

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestLawClaims(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("sale_rma.reason_wrong_product")
        cls.company.rma_return_days = 30

    def _create_delivered_on(self, day, *items, **values):
        with freeze_time(f"{day} 10:00"):
            order = self._create_sold(*(items or ((self.shirt, 1),)), **values)
        order.picking_ids.rma_date_delivered = day
        return order

    def _offer(self, order, day, kind="claim"):
        with freeze_time(f"{day} 10:00"):
            return order.order_line._get_return_offers(kind)[order.order_line]

    def _claim(self, order, resolution="refund", state="accepted"):
        rma = self._create_rma(order, rma_type="claim")
        rma.line_ids.resolution = resolution
        rma.action_request()
        if state != "requested":
            rma.action_accept()
        return rma

    # === THE PERIOD (L29) === #

    def test_L29_a_claim_is_open_for_24_months_whatever_the_window(self):
        order = self._create_delivered_on("2024-11-25")
        self.assertEqual(self._offer(order, "2026-11-25", "return").code, "late")
        offer = self._offer(order, "2026-11-25")
        self.assertEqual((offer.quantity, offer.until), (1, date(2026, 11, 25)))
        self.assertEqual(self._offer(order, "2026-11-26").code, "late")

    def test_L29_the_period_runs_from_the_day_it_arrived(self):
        order = self._create_delivered_on("2024-02-28")
        order.picking_ids.rma_date_delivered = "2024-02-29"
        self.assertEqual(order.order_line.rma_guarantee_end, date(2026, 2, 28))

    def test_L29_a_longer_guarantee_is_the_companys_a_shorter_one_is_refused(self):
        order = self._create_delivered_on("2024-01-10")
        self.company.rma_guarantee_months = 36
        self.assertEqual(order.order_line.rma_guarantee_end, date(2027, 1, 10))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.rma_guarantee_months = 12
            self.env.flush_all()

    def test_L29_services_are_claimed_too(self):
        course = self._make_product("Course", 80, "order", type="service", is_storable=False)
        with freeze_time("2026-01-10 10:00"):
            order = self._create_order((course, 1))
            order.order_line.qty_delivered = 1
        self.assertEqual(self._offer(order, "2026-02-10").quantity, 1)
        self.assertEqual(self._offer(order, "2026-02-10", "return").code, "service")

    # === FREE OF CHARGE (L29, L30) === #

    def test_L29_no_fee_on_a_claim(self):
        rma = self._claim(self._create_sold((self.shirt, 1)))
        wizard = self._open_process(rma, amount_fee=5)
        self.assertIn("free of charge", wizard.refund_error)
        with self.assertRaisesRegex(UserError, "free of charge"):
            wizard.action_process()

    def test_L30_money_back_for_all_of_it_gives_the_shipping_back(self):
        order = self._create_sold((self.shirt, 1), shipping=7)
        rma = self._claim(order)
        self._process(rma)
        self.assertEqual(rma.amount_refunded, order.amount_total)

    def test_L30_money_back_for_a_part_keeps_the_shipping(self):
        order = self._create_sold((self.shirt, 1), (self.mug, 1), shipping=7)
        rma = self._create_rma(order, {self.mug: 1}, rma_type="claim", state="accepted")
        self.assertFalse(self._open_process(rma).refund_shipping)

    # === REPAIR (L29, L31) === #

    def test_L31_a_repair_adds_twelve_months_once(self):
        order = self._create_delivered_on("2026-01-10", (self.shirt, 2))
        line = order.order_line
        for _time in range(2):
            rma = self._create_rma(order, 1, rma_type="claim")
            rma.line_ids.resolution = "repair"
            rma.action_accept()
            self.assertEqual(line.rma_guarantee_end, date(2029, 1, 10))
        self.assertEqual(self._offer(order, "2029-01-10").code, "on_return")

    def test_L31_a_replacement_or_a_repair_that_was_refused_adds_nothing(self):
        order = self._create_delivered_on("2026-01-10")
        rma = self._claim(order, "repair", state="requested")
        rma.action_refuse("It fell down.")
        self._claim(order, "exchange")
        self.assertEqual(order.order_line.rma_guarantee_end, date(2028, 1, 10))

    def test_L29_what_is_repaired_is_proposed_neither_for_refund_nor_for_stock(self):
        rma = self._claim(self._create_sold((self.shirt, 1)), "repair")
        line = self._open_process(rma).line_ids
        self.assertEqual((line.qty_received, line.qty_refund, line.qty_restock), (1, 0, 0))
        self._process(rma)
        self.assertEqual((rma.state, rma.amount_refunded), ("done", 0))

    def test_L29_only_claims_are_repaired(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), rma_type="claim")
        rma.line_ids.reason_id = False
        rma.rma_type = "return"
        with self.assertRaisesRegex(ValidationError, "repaired"):
            rma.line_ids.resolution = "repair"


@tagged("post_install", "-at_install")
class TestLawClaimsPortal(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rma_return_days = 30

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")
        self.order = self._create_sold((self.shirt, 1))
        self.order.picking_ids.move_ids.date = "2026-01-10 10:00:00"
        self.order.picking_ids.rma_date_delivered = "2026-01-10"
        self.url = f"/my/orders/{self.order.id}/return"
        self.line = self.order.order_line

    @freeze_time("2026-11-25 10:00")
    def test_L29_the_kind_is_asked_before_what_is_offered(self):
        page = self._page(self.url)
        self.assertIsNotNone(self._by_id(page, "rma_nothing"))
        [link] = page.xpath("//a[contains(@href, 'kind=claim')]/@href")
        page = self._page(link)
        self.assertIsNotNone(self._by_id(page, f"line-{self.line.id}"))
        reasons = page.xpath("//input[contains(@name, '-reason')]/@value")
        self.assertIn("defective", reasons)
        self.assertNotIn("changed_mind", reasons)

    @freeze_time("2026-11-25 10:00")
    def test_L31_the_remedy_is_asked_and_the_twelve_months_are_told_before(self):
        page = self._page(self.url, kind="claim")
        wishes = page.xpath(f"//input[@name='line-{self.line.id}-wish']/@value")
        self.assertEqual(wishes, ["repair", "exchange", "refund"])
        [told] = page.xpath("//*[contains(@class, 'o_rma_repair_told')]")
        self.assertIn("twelve months longer", self._text(told))

    @freeze_time("2026-11-25 10:00")
    def test_L29_the_form_makes_a_claim(self):
        values = self._form_values(self._page(self.url, kind="claim"))
        values.update(self._line_values(self.line, reason="wrong_product", wish="repair"))
        response = self._post_form(self.url, {**values, "step": "send"})
        self.assertEqual(response.status_code, 303, self._errors(self._html(response)))
        rma = self._returns_of(self.order)
        self.assertEqual((rma.rma_type, rma.line_ids.resolution), ("claim", "repair"))

    @freeze_time("2026-11-25 10:00")
    def test_L29_a_late_return_is_no_claim_by_its_reason(self):
        values = self._form_values(self._page(self.url, kind="claim"))
        values.update(self._line_values(self.line, reason="changed_mind"))
        response = self._post_form(self.url, {**values, "step": "send"})
        self.assertIn("why", self._errors(self._html(response)))
        self.assertFalse(self._returns_of(self.order))
