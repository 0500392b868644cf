from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentOnce(SaleRmaRepaymentCommon):
    """Issue 17.2 (P1 to P5): money moves once, whatever happens in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order, cls.payment = cls._buy()
        cls.rma = cls._return(cls.order)
        cls.row = cls.rma.repayment_ids

    def _activities(self):
        return self.rma.activity_ids.filtered(lambda x: x.summary == "Look at a repayment")

    # === AS IT SHOULD BE === #

    def test_sent_once_and_booked(self):
        provider = self._script()
        self._send(self.row)
        self.assertEqual(self.row.state, "done")
        self.assertEqual(provider.moved, {self.row.key: 60})
        self.assertEqual(self.row.transaction_id.source_transaction_id, self.payment)
        self.assertEqual(self.row.payment_id, self.row.transaction_id.payment_id)
        self.assertEqual((self.rma.repayment_state, self.rma.amount_repaid), ("done", 60))
        self.assertBooksClosed(self.rma)

    def test_nothing_is_sent_before_the_commit(self):
        provider = self._script()
        self.row.action_send()
        self.assertEqual((self.row.state, self.row.transaction_id.state), ("sent", "draft"))
        self.assertEqual(provider.asked, [])
        self._run(self.row)
        self.assertEqual(provider.asked, [self.row.key])

    def test_sending_twice_is_refused_and_asks_once(self):
        provider = self._script()
        self._send(self.row)
        with self.assertRaises(UserError):
            self.row.action_send()
        self._run(self.row)
        self._run_cron()
        self.assertEqual(len(provider.asked), 1)

    def test_in_foreign_currency(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": self.foreign.id}
        )
        order, _payment = self._buy(pricelist_id=pricelist.id)
        rma = self._return(order)
        self._script()
        self._send(rma.repayment_ids)
        self.assertEqual(rma.repayment_state, "done")
        self.assertBooksClosed(rma)

    # === NO ANSWER === #

    def test_timeout_is_unknown_never_failed(self):
        for step in ("timeout before", "timeout after", "server error", "nonsense"):
            with self.subTest(step=step):
                order, _payment = self._buy()
                row = self._return(order).repayment_ids
                self._script(step)
                self._send(row)
                self.assertEqual((row.state, row.transaction_id.state), ("unknown", "draft"))

    def test_asking_again_sends_the_same_refund_by_the_same_key(self):
        for step in ("timeout before", "timeout after"):
            with self.subTest(step=step):
                order, payment = self._buy()
                row = self._return(order).repayment_ids
                provider = self._script(step)
                self._send(row)
                refund = row.transaction_id
                self._let_pass(row)
                row.action_retry()
                self._run(row)
                self.assertEqual((row.state, row.transaction_id), ("done", refund))
                self.assertEqual(payment.child_transaction_ids, refund)
                self.assertEqual(provider.asked, [row.key, row.key])
                self.assertEqual(provider.moved, {row.key: 60})
                self.assertBooksClosed(row.rma_id)

    def test_scheduler_asks_again_by_itself_where_the_provider_knows_keys(self):
        provider = self._script("timeout after")
        self._send(self.row)
        self._let_pass(self.row, minutes=5)
        self._run_cron()
        self.assertEqual((self.row.state, provider.moved), ("done", {self.row.key: 60}))
        self.assertFalse(self._activities())

    def test_provider_that_knows_no_keys_is_not_asked_again_and_people_are_told(self):
        provider = self._script("timeout after", knows_keys=False)
        self._send(self.row)
        self._let_pass(self.row, hours=1)
        self._run_cron()
        self.assertIn(self.row.transaction_id.reference, self._activities().note)
        with self.assertRaisesRegex(UserError, "second time"):
            self.row.action_retry()
        self.assertEqual(provider.asked, [self.row.key])

    def test_key_too_old_is_not_used_again(self):
        provider = self._script("timeout after")
        self._send(self.row)
        self._let_pass(self.row, hours=24)
        with self.assertRaisesRegex(UserError, "second time"):
            self.row.action_retry()
        self._run_cron()
        self.assertEqual(len(provider.asked), 1)
        self.assertEqual(len(self._activities()), 1)

    def test_not_asked_while_somebody_waits_for_the_answer(self):
        self._script("timeout after")
        self._send(self.row)
        with self.assertRaisesRegex(UserError, "at this moment"):
            self.row.action_retry()

    def test_what_is_not_known_is_not_planned_again(self):
        self._script("timeout after", knows_keys=False)
        self._send(self.row)
        self.rma.refund_ids._plan_repayments()
        self.assertEqual(self._rows(self.rma), [("transaction", 60, "unknown")])

    # === CRASHES === #

    def test_killed_between_commit_and_sending(self):
        provider = self._script()
        self.row.action_send()  # and nobody is left to send
        self._run_cron()
        self.assertEqual((self.row.state, provider.moved), ("done", {self.row.key: 60}))

    def test_killed_between_sending_and_answer(self):
        for step in ("crash before", "crash after"):
            with self.subTest(step=step):
                order, _payment = self._buy()
                row = self._return(order).repayment_ids
                provider = self._script(step)
                self._send_and_die(row)
                self.assertEqual((row.state, row.attempts), ("sent", 1))
                self._let_pass(row, minutes=5)
                self._run_cron()
                self._run_cron()
                self.assertEqual((row.state, provider.moved), ("done", {row.key: 60}))
                self.assertEqual(set(provider.asked), {row.key})

    def test_killed_between_sending_and_answer_of_a_provider_without_keys(self):
        provider = self._script("crash after", knows_keys=False)
        self._send_and_die(self.row)
        self._let_pass(self.row, minutes=5)
        self._run_cron()
        self.assertEqual((self.row.state, len(provider.asked)), ("unknown", 1))
        self.assertTrue(self._activities())

    def test_serialization_failure_after_the_answer_does_not_send_again(self):
        provider = self._script("serialization after", knows_keys=False)
        self._send(self.row)
        self.assertEqual((self.row.state, len(provider.asked)), ("unknown", 1))

    def test_failing_accounts_do_not_lose_the_answer(self):
        self._script()
        transactions = type(self.env["payment.transaction"])
        with patch.object(transactions, "_create_payment", side_effect=UserError("locked")):
            self._send(self.row)
        self.assertEqual((self.row.state, self.row.payment_id.id), ("done", False))
        self.assertEqual(self._rows(self.rma), [("transaction", 60, "done")], "not planned again")
        self.row.transaction_id._post_process()
        self.assertBooksClosed(self.rma)

    # === THE PROVIDER'S WORDS === #

    def test_pending_then_done(self):
        for step in ("pending", "received"):
            with self.subTest(step=step):
                order, _payment = self._buy()
                row = self._return(order).repayment_ids
                self._script(step)
                self._send(row)
                self.assertEqual((row.state, row.rma_id.amount_repaid), ("pending", 0))
                row.transaction_id._set_done()
                row.transaction_id._set_done()  # webhook twice
                row.transaction_id._post_process()
                self.assertEqual((row.state, row.rma_id.amount_repaid), ("done", 60))
                self.assertBooksClosed(row.rma_id)

    def test_webhook_before_the_answer(self):
        provider = self._script()
        self.row.action_send()
        self.row.transaction_id._set_done()
        self.assertEqual(self.row.state, "done")
        self._run(self.row)
        self.assertEqual(provider.asked, [])

    def test_answer_twice(self):
        provider = self._script("done twice")
        self._send(self.row)
        self.assertEqual((self.row.state, provider.moved), ("done", {self.row.key: 60}))
        self.assertBooksClosed(self.rma)

    def test_refused_is_failed_and_owed_by_another_way(self):
        self._script("refuse")
        self._send(self.row)
        self.assertEqual(
            self._rows(self.rma), [("transaction", 60, "failed"), ("manual", 60, "planned")]
        )
        self.assertEqual(self.rma.repayment_state, "failed")
        self.assertTrue(self._activities())

    def test_failed_is_tried_again_with_another_refund(self):
        provider = self._script("refuse", "done")
        self._send(self.row)
        self.row.action_retry()
        new = self.rma.repayment_ids.filtered(lambda row: row.state == "sent")
        self._run(new)
        self.assertEqual(
            self._rows(self.rma), [("transaction", 60, "failed"), ("transaction", 60, "done")]
        )
        self.assertEqual(provider.moved, {new.key: 60})
        self.assertEqual(self.rma.repayment_state, "done")
        self.assertBooksClosed(self.rma)

    def test_failing_days_later_opens_the_debt_again(self):
        self._script()
        self._send(self.row)
        self.rma.sudo().date_refund_reminded = fields.Date.today()
        payment = self.row.payment_id
        self.row.transaction_id._set_error("bank closed", extra_allowed_states=("done",))
        self.assertEqual(
            self._rows(self.rma), [("transaction", 60, "failed"), ("manual", 60, "planned")]
        )
        self.assertEqual(payment.move_id.reversal_move_ids.state, "posted")
        self.assertEqual(self.rma.refund_ids.amount_residual, 60)
        self.assertEqual((self.rma.repayment_state, self.rma.amount_repaid), ("failed", 0))
        self.assertFalse(self.rma.date_refund_reminded)
        self.assertIn("bank closed", self._activities().note)
        self.rma.repayment_ids[-1].action_done("cash")
        self.assertBooksClosed(self.rma)

    def test_arrives_although_it_was_given_up(self):
        self._script("timeout after", knows_keys=False)
        self._send(self.row)
        self._let_pass(self.row)
        self.row.action_cancel()
        self.assertEqual(self._rows(self.rma), [("manual", 60, "planned")])
        self.row.transaction_id._set_done(extra_allowed_states=("cancel",))
        self.assertEqual(self._rows(self.rma), [("transaction", 60, "done")])

    def test_arrives_although_it_was_paid_by_hand_meanwhile_and_people_are_told(self):
        self._script("timeout after", knows_keys=False)
        self._send(self.row)
        self._let_pass(self.row)
        self.row.action_cancel()
        self.rma.repayment_ids[-1].action_done("cash")
        self.row.transaction_id._set_done(extra_allowed_states=("cancel",))
        self.assertIn("more than is owed", self._activities()[-1].note)

    def test_people_saw_that_it_was_paid(self):
        self._script("timeout after", knows_keys=False)
        self._send(self.row)
        self.row.action_done("page of the provider")
        self.assertEqual((self.row.state, self.row.reference), ("done", "page of the provider"))
        self.assertBooksClosed(self.rma)

    # === CAP === #

    def test_never_more_than_was_captured(self):
        provider = self._script()
        child = self.payment._create_child_transaction(25, is_refund=True)
        child._set_done()  # by hand, after it was planned
        self._send(self.row)
        self.assertEqual(provider.asked, [])
        self.assertEqual(
            self._rows(self.rma), [("transaction", 35, "planned"), ("manual", 25, "planned")]
        )

    def test_what_is_not_known_counts(self):
        self._script("timeout before", knows_keys=False)
        order, payment = self._buy()
        first = self._return(order, {self.vase: 1}).repayment_ids
        self._send(first)
        self.assertEqual(payment._get_amount_left(), 30)

    def test_paid_in_accounting_meanwhile_is_not_sent(self):
        provider = self._script()
        self.row.action_send()
        with self.assertRaises(UserError):
            self.row.with_user(self.env.user).action_send()
        self._run(self.row)
        self.assertEqual(provider.moved, {self.row.key: 60})

    def test_cancelled_credit_note_is_not_sent(self):
        provider = self._script()
        self.row.action_send()
        self.rma.refund_ids.button_draft()
        self._run(self.row)
        self.assertEqual((self.row.state, provider.asked), ("cancel", []))
        self.assertEqual(self.row.transaction_id.state, "cancel")

    # === RIGHTS === #

    def test_sending_takes_the_right_to_invoicing(self):
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        clerk = self._make_user("clerk", "account.group_account_invoice")
        for method in ("action_send", "action_done", "action_retry"):
            with self.assertRaises(AccessError):
                getattr(self.row.with_user(seller), method)()
        self._script()
        self._send(self.row.with_user(clerk))
        self.assertEqual((self.row.state, self.row.user_id), ("done", clerk))
