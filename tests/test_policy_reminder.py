"""Reminders of parcels that were not sent: where the settings ask for them, once each."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReminder(SaleRmaCommon):
    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000)
        )
        self.settings = self.company.sudo()
        self.settings.rma_expiry_days = 30

    def _accept(self, days_ago, **values):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), state="accepted")
        rma.sudo().write({"date_accepted": fields.Datetime.now() - timedelta(days_ago), **values})
        return rma

    def _count(self, rma):
        """Run the job, and return how many reminders the customer got in all."""
        self.env["sale.rma"].sudo()._cron_remind()
        return len(rma.message_ids.filtered(lambda m: "have not arrived yet" in (m.body or "")))

    def test_nothing_is_sent_where_nothing_was_asked(self):
        self.assertEqual(self._count(self._accept(100)), 0)

    def test_of_the_parcel_once(self):
        self.settings.rma_reminder_days = 7
        rma, young = self._accept(8), self._accept(3)
        self.assertEqual((self._count(rma), self._count(young), self._count(rma)), (1, 0, 1))
        reminder = rma.message_ids.filtered(lambda m: "not arrived" in (m.body or ""))
        self.assertIn(self.customer, reminder.sudo().notified_partner_ids)

    def test_not_where_it_was_sent_or_came(self):
        self.settings.rma_reminder_days = 7
        posted, numbered, here = (self._accept(8) for _number in range(3))
        posted.sudo().date_proof = fields.Datetime.now()
        numbered.tracking_ref = "1Z 999"
        self._receive(here)
        self.assertEqual([self._count(rma) for rma in (posted, numbered, here)], [0, 0, 0])

    def test_before_the_last_day_once_and_not_both_at_once(self):
        self.settings.write({"rma_reminder_days": 7, "rma_expiry_reminder_days": 3})
        soon = fields.Date.today() + timedelta(2)
        rma = self._accept(8, date_expiry=soon)
        self.assertEqual(self._count(rma), 1)
        self.assertTrue(rma.date_expiry_reminded)
        self.assertFalse(rma.date_reminded)
        later = self._accept(1, date_expiry=fields.Date.today() + timedelta(10))
        self.assertEqual(self._count(later), 0)

    def test_looked_up_in_as_many_queries_for_many(self):
        self.settings.rma_reminder_days = 7
        rmas = self.env["sale.rma"].sudo()
        counts = []
        for _number in range(2):
            self._accept(8)
            self._accept(8)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rmas._find_unsent_to_remind()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
