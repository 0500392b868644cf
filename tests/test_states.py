"""The way of a return through its states (docs/rules.md)."""

from datetime import timedelta
from functools import partial

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon

# {state: {what can be done: the state after it}}; everything else is refused
ALLOWED = {
    "draft": {"request": "requested", "accept": "accepted", "cancel": "cancel"},
    "requested": {
        "accept": "accepted",
        "refuse": "refused",
        "cancel": "cancel",
        "draft": "draft",
    },
    "accepted": {"cancel": "cancel", "process": "accepted", "plan_receipt": "accepted"},
    "processing": {"process": "processing", "plan_receipt": "processing"},
    "done": {"reopen": "processing"},
    "refused": {"draft": "draft"},
    "expired": {"draft": "draft"},
    "cancel": {"draft": "draft"},
}
ACTIONS = ("request", "accept", "refuse", "cancel", "draft", "reopen", "process", "plan_receipt")


@tagged("post_install", "-at_install")
class TestStates(SaleRmaCommon):
    def _create_in_state(self, state):
        order = self._create_sold((self.shirt, 2))
        if state in ("draft", "requested", "accepted", "processing", "done"):
            return self._create_rma(order, state=state)
        rma = self._create_rma(order, state="accepted" if state == "expired" else "requested")
        if state == "refused":
            rma.action_refuse(reason="Too late")
        elif state == "cancel":
            rma.action_cancel("By mistake")
        else:
            self._expire(rma)
        return rma

    def _expire(self, rma):
        rma.date_expiry = fields.Date.today() - timedelta(days=1)
        self._run_expiry()

    def _run_expiry(self):
        with self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_rma_expire").method_direct_trigger()

    def _count_customer_mails(self, rma):
        comment = self.env.ref("mail.mt_comment")
        return len(rma.message_ids.filtered(lambda message: message.subtype_id == comment))

    def test_withdrawal_does_not_expire(self):
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, rma_type="withdrawal", state="accepted")
        with self.assertRaisesRegex(UserError, "may be sent back until"):
            self._expire(rma)
        with freeze_time(fields.Date.today() + timedelta(days=400)):
            self._run_expiry()
        self.assertEqual(rma.state, "accepted")

    # === EVERY STATE, EVERY ACTION === #

    def test_every_step_is_done_from_its_states_and_refused_in_words_from_others(self):
        for state, allowed in ALLOWED.items():
            rma = self._create_in_state(state)
            self.assertEqual(rma.state, state)
            for action in ACTIONS:
                with self.subTest(state=state, action=action):
                    self._try(rma, action, allowed.get(action))
            with self.subTest(state=state, action="unlink"):
                self._try_to_delete(rma, is_allowed=state in ("draft", "cancel"))

    def _try(self, rma, action, new_state):
        reason = ["By mistake"] if action in ("cancel", "refuse") else []
        do = partial(getattr(rma, f"action_{action}"), *reason)
        savepoint = self.env.cr.savepoint()
        if new_state:
            do()
            self.assertEqual(rma.state, new_state)
        else:
            label = dict(rma._fields["state"]._description_selection(self.env))[rma.state]
            with self.assertRaises(UserError) as caught:
                do()
            self.assertIn(f"{rma.name} ({label})", str(caught.exception))
        savepoint.close(rollback=True)

    def _try_to_delete(self, rma, is_allowed):
        if is_allowed:
            rma.unlink()
            self.assertFalse(rma.exists())
        else:
            with self.assertRaisesRegex(UserError, "Only draft and cancelled"):
                rma.unlink()

    def test_each_change_is_told_to_the_customer_once_and_drafts_never(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)))
        self.assertEqual(self._count_customer_mails(rma), 0)
        steps = [
            (rma.action_request, 1),
            (rma.action_draft, 1),
            (rma.action_accept, 2),
            (lambda: self._receive(rma), 3),
            # what was given is told, also where the return stays open
            (lambda: self._process(rma, {"qty_refund": 1}, close=False), 4),
            (lambda: self._process(rma), 5),
            (rma.action_reopen, 6),
        ]
        for step, mails in steps:
            step()
            self.assertEqual(self._count_customer_mails(rma), mails)

    def test_cancelled_draft_is_told_to_nobody(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)))
        rma.action_cancel("By mistake")
        self.assertEqual(self._count_customer_mails(rma), 0)

    def test_receiving_on_the_screen_is_told_once(self):
        for close in (True, False):
            rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
            before = self._count_customer_mails(rma)
            self._process(rma, close=close)
            self.assertEqual(self._count_customer_mails(rma), before + 1)

    def test_dates_tell_when_each_state_was_reached(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)))
        self.assertFalse(rma.date_requested)
        rma.action_accept()
        self.assertTrue(rma.date_requested and rma.date_accepted and rma.date_expiry)
        self._receive(rma)
        self.assertTrue(rma.date_received)
        self._process(rma)
        self.assertTrue(rma.date_done)
        rma.action_reopen()
        self.assertFalse(rma.date_done)

    # === ALL OR NOTHING === #

    def test_one_in_the_wrong_state_stops_all(self):
        rmas = self._create_in_state("draft") | self._create_in_state("done")
        with self.assertRaisesRegex(UserError, rmas[1].name), self.cr.savepoint():
            rmas.action_request()
        self.assertEqual(rmas.mapped("state"), ["draft", "done"])

    def test_one_that_cannot_be_accepted_stops_all(self):
        order, other = self._create_sold((self.shirt, 2)), self._create_sold((self.shirt, 2))
        rmas = self._create_rma(order) | self._create_rma(other)
        self._create_rma(other, 1, state="requested")
        with self.assertRaisesRegex(ValidationError, "at most 1 Units"), self.cr.savepoint():
            rmas.action_accept()
        self.assertEqual(rmas.mapped("state"), ["draft", "draft"])
        self.assertFalse(rmas.picking_ids)
        self.assertFalse(any(self._count_customer_mails(rma) for rma in rmas))

    def test_many_are_processed_together(self):
        rmas = self._create_in_state("accepted") | self._create_in_state("processing")
        wizards = self.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in rmas])
        wizards.action_process()
        self.assertEqual(rmas.mapped("state"), ["done", "done"])
        self.assertEqual(rmas.line_ids.mapped("qty_refunded"), [2, 2])

    def test_each_action_works_on_many(self):
        rmas = self._create_in_state("draft") | self._create_in_state("draft")
        for action, state in (
            ("request", "requested"),
            ("draft", "draft"),
            ("accept", "accepted"),
            ("cancel", "cancel"),
            ("draft", "draft"),
            ("request", "requested"),
            ("refuse", "refused"),
        ):
            reason = ["By mistake"] if action in ("cancel", "refuse") else []
            getattr(rmas, f"action_{action}")(*reason)
            self.assertEqual(rmas.mapped("state"), [state, state])

    def test_nothing_happens_to_no_return_at_all(self):
        for action in ("request", "accept", "refuse", "cancel", "draft", "reopen", "plan_receipt"):
            self.assertTrue(getattr(self.env["sale.rma"], f"action_{action}")())

    # === REQUESTING AND ACCEPTING === #

    def test_return_without_items_is_refused_in_words(self):
        rma = self.env["sale.rma"].create({"order_id": self._create_sold((self.shirt, 1)).id})
        for action in (rma.action_request, rma.action_accept):
            with self.assertRaisesRegex(UserError, "has no items"):
                action()

    def test_state_is_not_written_nor_given(self):
        rma = self._create_in_state("draft")
        order = self._create_sold((self.shirt, 1))
        for write in (
            lambda: rma.write({"state": "done"}),
            lambda: rma.web_save({"state": "accepted"}, {}),
            lambda: self.env["sale.rma"].create({"order_id": order.id, "state": "accepted"}),
            lambda: self.env["sale.rma"].create_for_order(order.id, [], state="accepted"),
            lambda: (
                self.env["sale.rma"]
                .with_context(default_state="accepted")
                .create({"order_id": order.id})
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                write()
        self.assertEqual(rma.state, "draft")

    # === CLOSING === #

    def test_reason_is_kept_and_a_new_draft_forgets_it(self):
        rma = self._create_in_state("refused")
        self.assertEqual(rma.close_reason, "Too late")
        rma.action_draft()
        self.assertFalse(rma.close_reason)

    def test_cancelling_takes_the_draft_documents_along(self):
        rma = self._create_in_state("accepted")
        # sudo: the links are written by the program only
        move = (
            self.env["account.move"]
            .sudo()
            .create({"move_type": "out_refund", "partner_id": self.customer.id, "rma_id": rma.id})
        )
        exchange = (
            self.env["sale.order"]
            .sudo()
            .create({"partner_id": self.customer.id, "source_rma_id": rma.id})
        )
        rma.action_cancel("By mistake")
        self.assertEqual((move.state, exchange.state), ("cancel", "cancel"))
        self.assertEqual(rma.picking_ids.state, "cancel")

    def test_cancelling_is_refused_when_something_is_done(self):
        rma = self._create_in_state("accepted")
        exchange = self._create_order((self.mug, 1))
        exchange.sudo().source_rma_id = rma  # written by the program only
        with self.assertRaisesRegex(UserError, f"cannot be cancelled: {exchange.name}"):
            rma.action_cancel("By mistake")

    # === EXPIRY === #

    def test_nothing_came_in_time(self):
        rma = self._create_in_state("expired")
        self.assertEqual(rma.picking_ids.state, "cancel")
        self.assertEqual(rma.order_id.order_line.qty_returnable, 2)

    def test_what_came_in_part_or_is_in_time_does_not_expire(self):
        in_time = self._create_in_state("accepted")
        in_time.date_expiry = fields.Date.today()
        self._create_in_state("expired")
        partly = self._create_in_state("accepted")
        self._receive(partly, {self.shirt: 1})
        self._expire(partly)
        self.assertEqual((in_time.state, partly.state), ("accepted", "processing"))

    def test_expiry_follows_the_setting_unless_a_day_was_chosen(self):
        today = fields.Date.today()
        self.company.rma_expiry_days = 10
        self.assertEqual(self._create_in_state("accepted").date_expiry, today + timedelta(days=10))
        chosen = self._create_in_state("draft")
        chosen.date_expiry = today + timedelta(days=3)
        chosen.action_accept()
        self.assertEqual(chosen.date_expiry, today + timedelta(days=3))
        self.company.rma_expiry_days = 0
        self.assertFalse(self._create_in_state("accepted").date_expiry)

    def test_goods_that_come_too_late_can_still_be_taken(self):
        rma = self._create_in_state("expired")
        rma.action_draft()
        rma.action_accept()
        self._receive(rma)
        self._process(rma)
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 2))

    # === REOPENING === #

    def test_only_sales_managers_reopen(self):
        rma = self._create_in_state("done")
        user = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            rma.with_user(user).action_reopen()
        manager = self._make_user("sales_manager", "sales_team.group_sale_manager")
        rma.with_user(manager).action_reopen()
        self.assertEqual(rma.state, "processing")

    def test_reopened_return_waits_for_what_is_left(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 5, state="accepted")
        self._receive(rma, {self.shirt: 2})
        self._process(rma)
        self._create_rma(order, 2, state="requested")
        rma.action_reopen()
        self.assertEqual((rma.line_ids.quantity, rma.line_ids._get_qty_planned()), (3, 1))
        self.assertEqual(order.order_line.qty_returnable, 0)

    def test_reopening_is_refused_in_words_when_others_took_everything(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, 2, state="accepted")
        nothing = {"qty_received": 0, "qty_restock": 0, "qty_refund": 2}
        self._process(rma, nothing)
        other = self._create_rma(order, 2, state="requested")
        with self.assertRaisesRegex(UserError, "Shirt.*at most 0"), self.cr.savepoint():
            rma.action_reopen()
        self.assertEqual(rma.state, "done")
        other.action_cancel("By mistake")
        rma.action_reopen()
        self.assertEqual(rma.state, "processing")

    def test_credit_note_cancelled_later_is_made_again(self):
        rma = self._create_in_state("done")
        rma.refund_ids.button_draft()
        rma.refund_ids.button_cancel()
        self.assertEqual(rma.line_ids.qty_refunded, 0)
        rma.action_reopen()
        self._process(rma)
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 2))
        self.assertEqual(sorted(rma.refund_ids.mapped("state")), ["cancel", "posted"])

    # === THE SCREEN === #

    def test_processing_opens_the_screen(self):
        rma = self._create_in_state("accepted")
        action = rma.action_process()
        self.assertEqual(action["res_model"], "sale.rma.process")
        self.assertEqual(self.env["sale.rma.process"].browse(action["res_id"]).rma_id, rma)

    def test_second_button_keeps_the_return_open(self):
        rma = self._create_in_state("processing")
        self._open_process(rma).action_process_keep_open()
        self.assertEqual(rma.state, "processing")
        self.assertEqual(rma.line_ids.qty_refunded, 2)

    def test_items_of_another_return_cannot_be_processed(self):
        rma, other = self._create_in_state("accepted"), self._create_in_state("accepted")
        wizard = self._open_process(rma)
        item = Command.create({"rma_line_id": other.line_ids.id, "qty_refund": 1})
        with self.assertRaisesRegex(UserError, "another return"):
            wizard.line_ids = [item]

    def test_same_return_is_not_processed_by_two_screens_at_once(self):
        rma = self._create_in_state("accepted")
        wizards = self._open_process(rma) | self._open_process(rma)
        with self.assertRaisesRegex(UserError, "only once at a time"):
            wizards.action_process()
