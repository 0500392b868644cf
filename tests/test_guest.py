"""Customers without an account: order number and e-mail get a link, the link gets the form."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.sale_rma.models.portal import sale_rma_guest_request as guest_module

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestGuest(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2))
        cls.requests = cls.env["sale.rma.guest.request"].sudo()
        cls.requests.search([]).unlink()

    def _ask_link(self, order_ref, email):
        token = self._page("/returns").xpath("//form//input[@name='csrf_token']/@value")[0]
        return self._post_form(
            "/returns", {"order_ref": order_ref, "email": email, "csrf_token": token}
        )

    def _mailed(self):
        """Let the scheduler work; return the mails it made."""
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        with patch.object(type(mails), "send", lambda *args, **kwargs: True):
            self.env.ref("sale_rma.ir_cron_rma_guest_links").sudo().method_direct_trigger()
        return mails.search([]) - before

    def _mail_link(self, order=None, email="anna@example.com"):
        request = self.requests.create(
            {"order_ref": "x", "email": email, "order_id": (order or self.order).id}
        )
        return "/returns/" + request._get_link().rsplit("/", 1)[1]

    # === ASKING FOR THE LINK === #

    def test_right_number_and_address_get_a_link_that_opens_the_form(self):
        self._ask_link(f"#{self.order.name.lower()} ", "Anna@Example.com")
        mail = self._mailed()
        self.assertEqual(mail.email_to, "anna@example.com")
        self.assertFalse(mail.recipient_ids)
        path = self._html_of(mail).xpath("//a[contains(@href, '/returns/')]/@href")[0]
        page = self._page("/returns/" + path.rsplit("/", 1)[1])
        self.assertTrue(page.xpath("//form[hasclass('o_rma_request')]"))

    def _html_of(self, mail):
        from lxml import html

        return html.fromstring(mail.body_html)

    def test_answer_is_the_same_whether_they_match_or_not(self):
        pages = set()
        for order_ref, email in (
            (self.order.name, "anna@example.com"),
            (self.order.name, "bob@example.com"),
            ("S99999999", "anna@example.com"),
            ("%", "anna@example.com"),
        ):
            response = self._ask_link(order_ref, email)
            self.assertEqual(response.status_code, 200)
            pages.add(self._text(self._by_id(self._html(response), "wrap")))
        self.assertEqual(len(pages), 1)
        self.assertEqual(len(self._mailed()), 1)

    def test_answer_costs_the_same_whether_they_match_or_not(self):
        def count(order_ref, email):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.requests._ask(order_ref, email, "192.0.2.1")
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count("warm", "up@example.com")
        right = count(self.order.name, "anna@example.com")
        self.assertEqual(count(self.order.name, "bob@example.com"), right)
        self.assertEqual(count("S99999999", "anna@example.com"), right)

    def test_answer_takes_the_same_time_whether_they_match_or_not(self):
        def median(order_ref, email):
            times = []
            for _round in range(15):
                start = time.perf_counter()
                self.requests._ask(order_ref, email, "192.0.2.1")
                self.env.flush_all()
                times.append(time.perf_counter() - start)
            return sorted(times)[7]

        median("warm", "up@example.com")
        right = median(self.order.name, "anna@example.com")
        wrong = median("S99999999", "nobody@example.com")
        self.assertLess(abs(right - wrong), 0.005)

    def test_wildcards_match_nothing(self):
        for order_ref in ("%", "_" * len(self.order.name), "\\", ""):
            request = self.requests.create({"order_ref": order_ref, "email": "anna@example.com"})
            self.assertFalse(request._find_orders(), order_ref)

    def test_customers_own_number_of_the_order_works_too(self):
        self.order.client_order_ref = "402-1234567-ABC"
        request = self.requests.create(
            {"order_ref": "402-1234567-abc", "email": "anna@example.com"}
        )
        self.assertEqual(request._find_orders(), self.order)

    def test_address_of_the_invoice_works_and_that_of_the_parcel_does_not(self):
        invoice = self.env["res.partner"].create({"name": "Office", "email": "pay@example.com"})
        parcel = self.env["res.partner"].create({"name": "Gift", "email": "gift@example.com"})
        self.order.write({"partner_invoice_id": invoice.id, "partner_shipping_id": parcel.id})
        self.assertTrue(self.order._is_rma_guest_address("pay@example.com"))
        self.assertFalse(self.order._is_rma_guest_address("gift@example.com"))
        self.assertFalse(self.order._is_rma_guest_address(False))

    def test_quotation_is_no_order(self):
        self.order.state = "sent"
        self._ask_link(self.order.name, "anna@example.com")
        self.assertFalse(self._mailed())

    def test_mistakes_in_the_form_are_said_at_the_fields(self):
        response = self._ask_link(" # ", "anna")
        page = self._html(response)
        self.assertEqual(self._by_id(page, "rma_errors").get("role"), "alert")
        for field in ("order_ref", "email"):
            element = self._by_id(page, field)
            self.assertEqual(element.get("aria-invalid"), "true")
            self.assertIn(f"{field}_error", element.get("aria-describedby"))
            self.assertTrue(self._text(self._by_id(page, f"{field}_error")))
        self.assertEqual(self._by_id(page, "email").get("value"), "anna")
        self.assertFalse(self.requests.search([]))

    # === THROTTLE === #

    def test_one_network_may_ask_so_often_and_others_go_on(self):
        with patch.object(guest_module, "ASKS_PER_NETWORK", 3):
            asked = [self.requests._ask("S1", "a@example.com", "8.8.8.8") for _ in range(5)]
            self.assertEqual(asked, [True, True, True, False, False])
            self.assertTrue(self.requests._ask("S1", "a@example.com", "9.9.9.9"))

    def test_throttle_is_said_in_words(self):
        with patch.object(guest_module, "ASKS_PER_PRIVATE_NETWORK", 0):
            response = self._ask_link(self.order.name, "anna@example.com")
        self.assertEqual(response.status_code, 429)
        self.assertIn("Please wait", response.text)

    def test_throttle_ends_after_an_hour(self):
        with patch.object(guest_module, "ASKS_PER_NETWORK", 1):
            self.assertTrue(self.requests._ask("S1", "a@example.com", "8.8.8.8"))
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sale_rma_guest_request SET create_date = create_date - interval '61 min'"
            )
            self.assertTrue(self.requests._ask("S1", "a@example.com", "8.8.8.8"))

    def test_household_with_ipv6_counts_as_one(self):
        key = self.requests._get_network_key
        self.assertEqual(key("2001:db8::1"), key("2001:db8::ffff"))
        self.assertNotEqual(key("2001:db8::1"), key("2001:db8:1::1"))
        self.assertNotIn("8.8.8.8", key("8.8.8.8"))
        self.assertTrue(key(None))

    def test_order_is_mailed_so_often_and_its_customer_lacks_nothing(self):
        for _round in range(5):
            self._ask_link(self.order.name, "anna@example.com")
        mails = self._mailed()
        self.assertEqual(len(mails), 3)
        for mail in mails:
            path = self._html_of(mail).xpath("//a[contains(@href, '/returns/')]/@href")[0]
            self._page("/returns/" + path.rsplit("/", 1)[1])

    def test_stranger_who_guesses_addresses_uses_up_nothing(self):
        for number in range(20):
            self._ask_link(self.order.name, f"guess{number}@example.com")
        self._ask_link(self.order.name, "anna@example.com")
        self.assertEqual(self._mailed().mapped("email_to"), ["anna@example.com"])

    def test_one_that_cannot_be_mailed_does_not_hold_up_the_others(self):
        broken = self.requests.create({"order_ref": "broken", "email": "b@example.com"})
        self._ask_link(self.order.name, "anna@example.com")
        original = type(self.requests)._find_orders

        def find(request):
            if request == broken:
                raise ValueError("broken")
            return original(request)

        with (
            patch.object(type(self.requests), "_find_orders", find),
            self.assertLogs(guest_module._logger.name, "ERROR"),
        ):
            self.assertEqual(len(self._mailed()), 1)
        self.assertTrue(broken.is_handled)

    def test_what_was_asked_is_forgotten_after_a_day(self):
        self._ask_link(self.order.name, "anna@example.com")
        self.requests._gc_guest_requests()
        self.assertTrue(self.requests.search([]))
        self.env.cr.execute(
            "UPDATE sale_rma_guest_request SET create_date = create_date - interval '25 hours'"
        )
        self.env.invalidate_all()
        self.requests._gc_guest_requests()
        self.assertFalse(self.requests.search([]))

    # === THE LINK === #

    def test_guest_makes_a_return_and_follows_it(self):
        path = self._mail_link()
        wish = self._line_values(self.order.order_line)
        response = self._ask(self.order, wish, path=path)
        rma = self._returns_of(self.order)
        self.assertEqual(rma.state, "requested")
        self.assertEqual(rma.history_ids.author_id, self.customer)
        self.assertIn(f"/my/returns/{rma.id}?access_token=", response.headers["Location"])
        self.assertIn("We have your request", self._get(response.headers["Location"]).text)

    def test_page_of_a_guest_gives_away_no_other_key(self):
        text = self._get(self._mail_link()).text
        self.assertNotIn(self.order._portal_ensure_token(), text)

    def test_guest_sees_the_estimate(self):
        path = self._mail_link()
        values = self._line_values(self.order.order_line)
        html = self.make_jsonrpc_request(f"{path}/estimate", {"values": values})
        self.assertIn("57.50", html)

    def test_link_expires(self):
        path = self._mail_link()
        with freeze_time(fields.Datetime.now() + timedelta(hours=49)):
            self.assertFalse(self.requests._get_link_order(path.rsplit("/", 1)[1]))

    def test_link_ends_when_the_order_no_longer_belongs_to_the_address(self):
        path = self._mail_link()
        self.customer.email = "new@example.com"
        self.assertEqual(self._get(path).status_code, 404)

    def test_forged_links_open_nothing(self):
        path = self._mail_link()
        token = path.rsplit("/", 1)[1]
        other = self._create_sold((self.shirt, 1), partner_id=self.stranger.id)
        forged = self._mail_link(other).rsplit("/", 1)[1]  # for an order that is not Anna's
        for bad in (token[:-2], token[::-1], "x", "AQ", "%C3%A9", "A" * 5000, forged):
            response = self._get(f"/returns/{bad}")
            self.assertEqual(response.status_code, 404, bad)
            self.assertNotIn(self.order.name, response.text)

    def test_link_is_kept_out_of_search_engines_and_other_sites(self):
        headers = self._get(self._mail_link()).headers
        self.assertEqual(headers["X-Robots-Tag"], "noindex")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["Cache-Control"], "no-store")

    # === BEHIND A PROXY === #

    def _warnings(self):
        activities = self.env["mail.activity"].sudo()
        return activities.search([("summary", "=", "Guests are throttled as one")])

    def _ask_often(self, *addresses):
        module = "odoo.addons.sale_rma.models.portal.sale_rma_guest_request"
        with patch.object(guest_module, "ASKS_PER_PRIVATE_NETWORK", 2), mute_logger(module):
            return [self.requests._ask("S1", "a@example.com", address) for address in addresses]

    def test_administrator_is_told_once_that_a_proxy_hides_the_guests(self):
        self._ask_often(*["10.0.0.1"] * 5)
        told = self._warnings()
        self.assertTrue(told.user_id)
        self.assertTrue(all(user.has_group("base.group_system") for user in told.user_id))
        self.assertEqual(len(told), len(told.user_id))
        self.assertIn("proxy_mode", told[0].note)
        self.assertIn("10.0.0.1", told[0].note)

    def test_an_office_among_other_guests_is_no_proxy(self):
        self._ask_often("8.8.8.8", *["10.0.0.1"] * 5)
        self.assertFalse(self._warnings())

    def test_a_flood_from_one_public_address_is_no_proxy(self):
        with patch.object(guest_module, "ASKS_PER_NETWORK", 2):
            self._ask_often(*["8.8.8.8"] * 5)
        self.assertFalse(self._warnings())
