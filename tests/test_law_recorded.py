"""Withdrawals that reach the shop any other way than by its function, and what a colleague may do
with them (docs/law.md L9, L16, L28, N12)."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SaleRmaCommon

NOW = "2026-11-13 10:00:00"


@tagged("post_install", "-at_install")
class TestLawRecorded(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", "sales_team.group_sale_salesman_all_leads")
        cls.startClassPatcher(freeze_time(NOW))
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 1))

    def _record(self, user=None, **values):
        wizard = (
            self.env["sale.rma.withdrawal.record"]
            .with_user(user or self.clerk)
            .create(
                {
                    "order_id": self.order.id,
                    "date_received": "2026-11-12 09:00:00",
                    "statement": "I withdraw.",
                    **values,
                }
            )
        )
        wizard.action_record()
        return self.env["sale.rma.withdrawal"].search([("channel", "=", wizard.channel)], limit=1)

    def test_L9_a_letter_has_evidence_receipt_and_case(self):
        withdrawal = self._record(channel="letter")
        rma = withdrawal.rma_ids
        self.assertEqual((rma.state, rma.rma_type), ("accepted", "withdrawal"))
        self.assertEqual(rma.date_informed, datetime(2026, 11, 12, 9))
        self.assertEqual(str(rma.date_refund_due), "2026-11-26")
        self.assertEqual((withdrawal.login, withdrawal.is_intact), ("clerk", True))
        self.assertIn("written", withdrawal.event_ids.mapped("kind"))
        self.assertIn("recorded", withdrawal.event_ids.mapped("kind"))

    def test_L9_the_day_is_one_on_which_it_can_have_come(self):
        for day in ("0001-01-01 00:00:00", "1900-01-01 00:00:00", "2025-11-12 09:00:00"):
            with self.assertRaisesRegex(UserError, "before"):
                self._record(date_received=day)
        with self.assertRaisesRegex(UserError, "too long ago"):
            self._record(order_id=False, customer_name="Anna", date_received="1900-01-01 00:00:00")
        with self.assertRaisesRegex(UserError, "still to come"):
            self._record(date_received="2026-11-14 09:00:00")

    def test_L9_the_letter_is_kept_and_nobody_changes_it(self):
        letter = self.env["ir.attachment"].with_user(self.clerk)
        letter = letter.create({"name": "letter.txt", "raw": b"I withdraw"})
        withdrawal = self._record(statement=False, attachment_ids=[Command.set(letter.ids)])
        kept = withdrawal.event_ids.filtered(lambda event: event.kind == "attached").attachment_id
        self.assertEqual(kept.raw, b"I withdraw")
        with self.assertRaises(UserError):
            kept.sudo().raw = b"I keep it"
        letter.unlink()
        self.assertTrue(withdrawal.is_intact)

    def test_L9_without_an_address_the_receipt_is_posted(self):
        self.order.partner_id.email = False
        withdrawal = self._record(channel="letter")
        self.assertEqual((withdrawal.receipt_state, withdrawal.email), ("paper", False))
        self.assertEqual(withdrawal.rma_ids.state, "accepted")
        with self.assertRaisesRegex(UserError, "by post"):
            withdrawal.with_user(self.clerk).action_send_receipt()

    def test_L9_some_items_only(self):
        rma = self._record(line_ids=[self._declare(self.mug, 1), self._declare(self.shirt, 0)])
        self.assertEqual(rma.rma_ids.line_ids.product_id, self.mug)

    def _declare(self, product, quantity):
        line = self.order.order_line.filtered(lambda line: line.product_id == product)
        return Command.create({"sale_line_id": line.id, "quantity": quantity})

    def test_L8_part_of_an_item(self):
        wizard = Form(self.env["sale.rma.withdrawal.record"])
        wizard.order_id, wizard.statement = self.order, "I keep one shirt."
        with wizard.line_ids.edit(0) as line:
            self.assertEqual((line.product_id, line.quantity), (self.shirt, 2))
            line.quantity = 1
        wizard.save().action_record()
        items = {line.product_id: line.quantity for line in self.order.rma_ids.line_ids}
        self.assertEqual(items, {self.shirt: 1, self.mug: 1})

    def test_L8_no_more_than_ordered_and_something(self):
        for quantity in (3, -1, float("nan"), 0):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._record(line_ids=[self._declare(self.shirt, quantity)])

    def test_L9_without_an_order_it_is_looked_for(self):
        withdrawal = self._record(
            channel="phone",
            order_id=False,
            contract=self.order.name,
            customer_name="Anna Martin",
            email="anna@example.com",
        )
        self.assertFalse(withdrawal.rma_ids)
        withdrawal._follow_up()
        self.assertEqual(withdrawal.rma_ids.order_id, self.order)

    def test_L9_what_was_posted_in_time_is_in_time(self):
        with freeze_time("2027-01-20 10:00"):
            late = self._record(channel="phone", date_received="2027-01-19 10:00:00")
            self.assertEqual((late.doubt, late.rma_ids.ids), ("late", []))
            values = {"date_received": "2027-01-19 10:00:00", "date_sent": "2026-11-20"}
            self.assertEqual(self._record(channel="letter", **values).rma_ids.state, "accepted")

    def test_L9_confirmed_twice_it_is_one(self):
        wizard = self.env["sale.rma.withdrawal.record"].create(
            {"order_id": self.order.id, "statement": "I withdraw."}
        )
        before = self.env["sale.rma.withdrawal"].search_count([])
        wizard.action_record()
        wizard.action_record()
        self.assertEqual(self.env["sale.rma.withdrawal"].search_count([]), before + 1)

    def test_L9_nothing_said_a_day_to_come_and_foreign_items_are_refused(self):
        foreign = self._create_order((self.shirt, 1)).order_line
        for values in (
            {"statement": " "},
            {"date_received": "2026-11-30 09:00:00"},
            {"date_sent": "2026-11-13"},
            {"email": "no address"},
            {"line_ids": [Command.create({"sale_line_id": foreign.id, "quantity": 1})]},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._record(**values)

    def test_L9_only_who_runs_returns_records(self):
        stocker = self._make_user("stocker", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self._record(user=stocker)

    def test_N12_a_mailed_withdrawal_becomes_one_with_a_click(self):
        inquiry = (
            self.env["sale.rma.inquiry"]
            .sudo()
            .create(
                {
                    "name": "Widerruf",
                    "company_id": self.company.id,
                    "email_from": "Anna Martin <anna@example.com>",
                }
            )
        )
        inquiry.message_post(body="I withdraw", message_type="email")
        action = inquiry.with_user(self.clerk).action_record_withdrawal()
        wizard = self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])
        self.assertEqual((wizard.channel, wizard.email), ("mail", "anna@example.com"))
        wizard.order_id = self.order
        wizard.action_record()
        self.assertEqual((self.order.rma_ids.state, inquiry.state), ("accepted", "done"))
        self.assertIn("I withdraw", self.order.rma_ids.withdrawal_id.statement)

    # === WHAT A COLLEAGUE MAY DO === #

    def test_L16_a_withdrawal_of_a_clerk_is_accepted_at_once(self):
        rma = self._create_rma(self.order, rma_type="withdrawal").with_user(self.clerk)
        rma.action_request()
        self.assertEqual((rma.state, bool(rma.date_informed)), ("accepted", True))
        self.assertTrue(rma.has_planned_receipt)

    def test_L16_a_request_that_becomes_a_withdrawal_waits_for_no_answer(self):
        rma = self._create_rma(self.order, state="requested").with_user(self.clerk)
        rma.rma_type = "withdrawal"
        self.assertEqual(rma.state, "accepted")

    def test_L28_a_withdrawal_is_refused_on_a_ground_of_the_law_only(self):
        rma = self._create_rma(self.order, {self.mug: 1}, rma_type="withdrawal")
        rma = rma.with_user(self.clerk)
        rma.action_request()
        with self.assertRaisesRegex(UserError, "article 16"):
            rma.action_refuse(reason="no")
        rma.line_ids.refusal_ground = "bespoke"
        rma.action_refuse()
        self.assertEqual(rma.state, "refused")
        self.assertIn("Made to the consumer's specifications", rma.close_reason)
        self.assertFalse(rma.has_planned_receipt)

    def test_L4_a_customer_does_not_cancel_a_withdrawal(self):
        rma = self._create_rma(self.order, {self.mug: 1}, rma_type="withdrawal", state="accepted")
        self.assertFalse(rma._can_customer_cancel())
        with self.assertRaises(UserError):
            rma._customer_cancel()
        other = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        self.assertTrue(other._can_customer_cancel())

    def test_L16_a_manager_changes_the_type_by_a_button_with_a_reason(self):
        rma = self._create_rma(self.order, {self.mug: 1}, rma_type="withdrawal", state="accepted")
        values = {"rma_id": rma.id, "rma_type": "claim", "reason": "it came broken"}
        model = self.env["sale.rma.withdrawal.type"]
        with self.assertRaises(AccessError):
            model.with_user(self.clerk).create(values)
        model.create(values).action_confirm()
        self.assertEqual(rma.rma_type, "claim")
        self.assertIn("it came broken", " ".join(rma.message_ids.mapped("body")))
