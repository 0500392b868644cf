"""State changes need POST and a token; a page whose address is a key keeps it for itself."""

import inspect
import json
import re
import threading
import time

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from .common_portal import PortalCommon

NOISE = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models", "werkzeug")
WATCHED = (
    "sale.rma",
    "sale.rma.line",
    "sale.rma.upload",
    "sale.rma.guest.request",
    "sale.rma.withdrawal",
    "sale.rma.withdrawal.event",
    "sale.rma.inquiry",
    "mail.mail",
    "mail.message",
    "mail.activity",
    "ir.attachment",
    "ir.cron.trigger",
    "stock.picking",
)


@tagged("post_install", "-at_install")
class TestHttpMethods(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3))
        cls.line = cls.order.order_line
        cls.token = cls.order._portal_ensure_token()
        cls.rma = cls._create_rma(cls.order, 1, state="accepted")
        cls.guest = (
            cls.env["sale.rma.guest.request"]
            .sudo()
            .create({"order_ref": "x", "email": cls.customer.email, "order_id": cls.order.id})
        )
        cls.guest_token = cls.guest._get_link().rsplit("/", 1)[1]
        cls.withdrawal = cls.env["sale.rma.withdrawal"].sudo()._submit(cls._declare("b" * 64))
        cls.withdrawal._get_receipt_pdf()

    @classmethod
    def _declare(cls, token, **values):
        return {
            "channel": "form",
            "company_id": cls.company.id,
            "contract": "the shirts",
            "customer_name": "Anna Martin",
            "email": "anna@example.com",
            "items": [],
            "lang": "en",
            "login": False,
            "order_id": False,
            "part": "the blue one",
            "statement": "I withdraw.",
            "token": token,
            "signed_at": int(time.time()),
            **values,
        }

    def _sign(self, **values):
        declared = self._declare("c" * 64, **values)
        return hash_sign(self.env(su=True), "sale_rma.withdrawal", declared)

    def _our_rules(self):
        """All routes of this addon, as Odoo knows them."""
        threading.current_thread().dbname = self.env.cr.dbname  # which is what Odoo looks at
        for rule in self.env["ir.http"].routing_map().iter_rules():
            endpoint = inspect.unwrap(rule.endpoint.func)
            if endpoint.__module__.startswith("odoo.addons.sale_rma."):
                yield rule

    def _fill(self, rule):
        """The address of a route, for documents that are really there."""
        names = {"rma_id": self.rma.id, "order_id": self.order.id, "page": 1}
        names |= {"token": self.guest_token, "number": self.withdrawal.token}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(names[match[1]]), rule.rule)

    def _posted(self):
        """All that any of our forms would need to do something, but no token of the form."""
        return {
            **self._line_values(self.line),
            "step": "send",
            "request_key": "k" * 20,
            "access_token": self.rma._portal_ensure_token(),
            "tracking_ref": "6A12345",
            "order_ref": self.order.name,
            "email": "anna@example.com",
            "customer_name": "Anna",
            "contract": self.order.name,
            "state": self._sign(),
        }

    def _snapshot(self):
        self.env.invalidate_all()
        counts = {model: self.env[model].sudo().search_count([]) for model in WATCHED}
        return counts, self.rma.state, self.rma.tracking_ref, self.rma.date_proof

    # === METHODS === #

    def test_our_routes_are_known(self):
        paths = {rule.rule for rule in self._our_rules()}
        self.assertGreaterEqual(len(paths), 17)
        self.assertIn("/withdraw/confirm", paths)

    def test_nothing_is_written_but_by_a_post_with_the_forms_token(self):
        self.authenticate("rma_customer", "rma_customer")
        before = self._snapshot()
        for rule in self._our_rules():
            path = self._fill(rule)
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "POST", "JSON"):
                with self.subTest(path=path, method=method), mute_logger(*NOISE):
                    response = self._send(path, method)
                    self.assertLess(response.status_code, 500, response.text[:300])
                    self.assertEqual(self._snapshot(), before)

    def _send(self, path, method):
        values = self._posted()
        if method == "JSON":
            rpc = {"jsonrpc": "2.0", "method": "call", "params": {"values": values}}
            headers = {"Content-Type": "application/json"}
            return self.url_open(path, data=json.dumps(rpc), headers=headers)
        return self.url_open(path, method=method, allow_redirects=False, params=values, data=values)

    def test_the_same_values_do_something_when_sent_properly(self):
        """Or the test before would prove nothing."""
        self.authenticate("rma_customer", "rma_customer")
        token = self._page("/returns").xpath("//form//input[@name='csrf_token']/@value")[0]
        values = {**self._posted(), "csrf_token": token}
        del values["access_token"]
        for path, model in (
            ("/returns", "sale.rma.guest.request"),
            ("/withdraw/confirm", "sale.rma.withdrawal"),
            (f"/my/returns/{self.rma.id}/proof", "mail.message"),
            (f"/my/orders/{self.order.id}/return", "sale.rma"),
            (f"/my/returns/{self.rma.id}/cancel", "mail.message"),
        ):
            before = self.env[model].sudo().search_count([])
            self.assertIn(self._post_form(path, values).status_code, (200, 303))
            self.env.invalidate_all()
            self.assertGreater(self.env[model].sudo().search_count([]), before, path)
        self.assertEqual(self.rma.state, "cancel")

    def test_every_http_route_of_ours_has_its_methods_and_limits(self):
        for rule in self._our_rules():
            routing = rule.endpoint.routing
            self.assertIn("max_content_length", routing, rule.rule)
            if routing["type"] == "http":
                self.assertLessEqual({*routing["methods"]}, {"GET", "POST"}, rule.rule)
                self.assertIn("rma_max_fields", routing, rule.rule)

    # === SIZE === #

    @mute_logger(*NOISE)
    def test_a_form_of_half_a_million_fields_is_not_read(self):
        for rule in self._our_rules():
            path = self._fill(rule)
            for body in (b"a=&" * 400_000, b"a&" * 60_000):
                start = time.process_time()
                response = self.url_open(
                    path,
                    data=body,
                    method="POST",
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                    allow_redirects=False,
                    timeout=60,
                )
                self.assertIn(response.status_code, (400, 405, 413, 415), path)
                self.assertLess(time.process_time() - start, 5.0, path)

    # === KEYS === #

    def test_pages_whose_address_is_a_key_are_kept_by_nobody(self):
        rma_token = self.rma._portal_ensure_token()
        for path in (
            f"/my/returns/{self.rma.id}?access_token={rma_token}",
            f"/my/returns/{self.rma.id}?access_token={rma_token}&report_type=pdf",
            f"/my/orders/{self.order.id}/return?access_token={self.token}",
            f"/withdraw?order_id={self.order.id}&access_token={self.token}",
            f"/returns/{self.guest_token}",
            "/returns/forged",
            f"/withdraw/receipt/{self.withdrawal.token}",
            f"/withdraw/receipt/{self.withdrawal.name}",
        ):
            headers = self._get(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store", path)
            self.assertEqual(headers["Referrer-Policy"], "no-referrer", path)
            self.assertEqual(headers["X-Robots-Tag"], "noindex", path)

    def test_other_pages_are_as_odoo_makes_them(self):
        for path in ("/returns", "/withdraw", "/withdraw/form"):
            self.assertNotEqual(self._get(path).headers.get("Cache-Control"), "no-store")

    # === THE RECEIPT'S KEY === #

    def _confirm(self, state, **values):
        token = self._page("/withdraw").xpath("//form//input[@name='csrf_token']/@value")[0]
        values = {"state": state, "csrf_token": token, **values}
        return self._post_form("/withdraw/confirm", values)

    def test_the_receipts_key_is_in_no_address(self):
        response = self._confirm(self._sign())
        withdrawal = self.env["sale.rma.withdrawal"].search([("token", "=", "c" * 64)])
        self.assertEqual(response.headers["Location"], f"/withdraw/receipt/{withdrawal.name}")
        for _reload in range(2):
            page = self._page(response.headers["Location"])
            self.assertIn(withdrawal.name, self._text(self._by_id(page, "withdrawal_number")))
            self.assertNotIn("c" * 64, html.tostring(page).decode())
        pdf = self._get(self._by_id(page, "withdrawal_download").get("href"))
        self.assertEqual(pdf.content, withdrawal._get_receipt_pdf().raw)

    def test_the_number_alone_opens_nothing(self):
        response = self._get(f"/withdraw/receipt/{self.withdrawal.name}")
        self.assertEqual((response.status_code, response.headers["Location"]), (303, "/withdraw"))
        self._confirm(self._sign())  # in this browser another one was submitted
        response = self._get(f"/withdraw/receipt/{self.withdrawal.name}?report_type=pdf")
        self.assertEqual((response.status_code, response.headers["Location"]), (303, "/withdraw"))

    def test_an_address_with_the_key_leads_to_the_one_without(self):
        response = self._get(f"/withdraw/receipt/{self.withdrawal.token}")
        self.assertTrue(response.headers["Location"].endswith(self.withdrawal.name))
        self.assertIn(self.withdrawal.name, self.url_open(response.headers["Location"]).text)

    # === A SIGNED STATEMENT EXPIRES === #

    def _old(self, **values):
        return self._sign(signed_at=int(time.time()) - 25 * 3600, **values)

    def test_an_old_statement_is_not_submitted_and_nothing_typed_is_lost(self):
        response = self._confirm(self._old())
        page = self._html(response)
        self.assertFalse(self.env["sale.rma.withdrawal"].search([("token", "=", "c" * 64)]))
        values = self._form_values(page, form="")
        typed = {name: values[name] for name in ("customer_name", "email", "contract", "part")}
        self.assertEqual(
            typed,
            {
                "customer_name": "Anna Martin",
                "email": "anna@example.com",
                "contract": "the shirts",
                "part": "the blue one",
            },
        )
        self.assertIn("open for very long", response.text)

    def test_an_old_statement_of_a_known_customer_comes_back_with_its_items(self):
        item = {"sale_line_id": self.line.id, "quantity": 2.0, "description": "2 x Shirt"}
        known = {"channel": "link", "order_id": self.order.id, "items": [item]}
        known |= {"contract": self.order.name, "part": ""}
        page = self._html(self._confirm(self._old(**known), access_token=self.token))
        self.assertEqual(page.xpath(f"//input[@name='quantity_{self.line.id}']/@value"), ["2"])
        self.assertTrue(page.xpath(f"//input[@name='line_{self.line.id}']/@checked"))

    def test_an_old_statement_opens_no_order_without_its_key(self):
        item = {"sale_line_id": self.line.id, "quantity": 2.0, "description": "2 x Shirt"}
        known = {"channel": "link", "order_id": self.order.id, "items": [item]}
        known |= {"contract": self.order.name, "part": ""}
        page = self._html(self._confirm(self._old(**known)))
        values = self._form_values(page, form="")
        self.assertEqual((values["contract"], values["part"]), (self.order.name, "2 x Shirt"))
        self.assertFalse(page.xpath(f"//input[@name='quantity_{self.line.id}']"))

    def test_an_old_statement_that_was_submitted_opens_its_receipt(self):
        self._confirm(self._sign())
        response = self._confirm(self._old())
        self.assertIn("/withdraw/receipt/W-", response.headers["Location"])
