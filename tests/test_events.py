"""Other programs are told what happens to returns: signed, in order, until they have taken it."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import SaleRmaCommon


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted, and answers what it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install")
class TestEvents(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = HTTPServer(("127.0.0.1", 0), Receiver)
        cls.addClassCleanup(cls.server.server_close)
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(cls.server.shutdown)
        cls.events = cls.env["sale.rma.event"].sudo()
        cls.webhook = (
            cls.env["sale.rma.webhook"]
            .sudo()
            .create(
                {
                    "name": "Marketplace",
                    "company_id": cls.company.id,
                    "url": f"http://127.0.0.1:{cls.server.server_port}/returns",
                    "secret": "s3cret",
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.server.taken, self.server.answers = [], []
        # kept in the test's transaction
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000)
        )

    def _send(self):
        """Send what is due; return the events the receiver was told, in order."""
        self.server.taken.clear()
        self.events._cron_send()
        return [json.loads(body)["event"] for _headers, body in self.server.taken]

    def test_each_step_is_told_in_order(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="accepted")
        self._process(rma)
        self.assertEqual(self._send(), ["requested", "accepted", "arrived", "refunded", "done"])
        self.assertEqual(self._send(), [])

    def test_money_that_went_back_is_told_once(self):
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, 1, state="accepted")
        # the invoice is paid, so that the credit note is owed
        payments = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        payments.sudo().create({}).action_create_payments()
        self._process(rma)
        rows = rma.sudo().repayment_ids.filtered(lambda row: row.state == "planned")
        self.assertTrue(rows)
        self._send()
        rows._change_state("done")
        rows._change_state("done")
        self.assertEqual(self._send(), ["repaid"])
        (payload,) = (json.loads(body) for _headers, body in self.server.taken)
        self.assertEqual(payload["rma"]["repayments"][0]["id"], rows[0].id)

    def test_what_is_sent_is_signed_and_versioned(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="requested")
        self._send()
        headers, body = self.server.taken[0]
        payload = json.loads(body)
        expected = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Rma-Signature"], expected)
        self.assertEqual(headers["X-Rma-Key"], payload["key"])
        self.assertEqual((payload["version"], payload["rma"]["name"]), (1, rma.name))
        self.assertEqual(payload["rma"]["state"], "requested")
        self.assertEqual(payload["rma"]["lines"][0]["quantity"], 1)

    def test_what_is_not_taken_is_sent_again_with_the_same_key_and_nothing_overtakes(self):
        self._create_rma(self._create_sold((self.shirt, 1)), 1, state="accepted")
        self.server.answers = [500]
        self.assertEqual(self._send(), ["requested"])
        first = self.server.taken[0][0]["X-Rma-Key"]
        self.assertEqual(self._send(), [])  # its time has not come, the later one waits for it
        self.events.search([]).date_next = fields.Datetime.now()
        self.assertEqual(self._send(), ["requested", "accepted"])
        self.assertEqual(self.server.taken[0][0]["X-Rma-Key"], first)

    def test_one_return_does_not_hold_up_another(self):
        self._create_rma(self._create_sold((self.shirt, 1)), 1, state="accepted")
        self._create_rma(self._create_sold((self.mug, 1)), 1, state="requested")
        self.server.answers = [500]
        self.assertEqual(self._send(), ["requested", "requested"])

    def test_address_that_never_answers_is_given_up_and_shown(self):
        self._create_rma(self._create_sold((self.shirt, 1)), 1, state="requested")
        self.webhook.url = "http://127.0.0.1:1/nobody"
        for _attempt in range(12):
            self.events.search([]).date_next = fields.Datetime.now() - timedelta(seconds=1)
            self._send()
        event = self.events.search([("webhook_id", "=", self.webhook.id)])
        self.assertEqual((event.state, event.attempts), ("failed", 12))
        self.assertEqual(self.webhook.failed_count, 1)
        self.webhook.url = f"http://127.0.0.1:{self.server.server_port}/returns"
        event.action_send_again()
        self.assertEqual(self._send(), ["requested"])
        self.assertEqual(event.state, "sent")

    def test_only_what_was_asked_for_is_told(self):
        self.webhook.write({"on_requested": False})
        self._create_rma(self._create_sold((self.shirt, 1)), 1, state="accepted")
        self.assertEqual(self._send(), ["accepted"])
        self.webhook.active = False
        self._create_rma(self._create_sold((self.mug, 1)), 1, state="accepted")
        self.assertFalse(self.events.search([("state", "=", "waiting")]))

    def test_only_administrators_keep_addresses(self):
        manager = self._make_user("hooks", "sales_team.group_sale_manager")
        for records in (self.webhook, self.events):
            with self.assertRaises(AccessError):
                records.with_user(manager).check_access("read")

    def test_address_that_is_none_is_refused(self):
        for url in ("", "shop.example.com", "file:///etc/passwd", "javascript:1", "http://[::1"):
            with self.subTest(url=url), self.assertRaises(ValidationError), self.cr.savepoint():
                self.webhook.url = url or "x"
