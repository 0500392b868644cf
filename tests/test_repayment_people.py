from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentPeople(SaleRmaRepaymentCommon):
    """Issue 17.5, 17.6 and 17.8: paid by people, told truly, and when the law's clock stops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", "account.group_account_invoice")

    def _owe(self, pay_by="manual", **values):
        """Return a return whose money is owed, and its row."""
        order, _payment = self._buy(**values)
        rma = self._return(order)
        rma.repayment_ids.way = pay_by
        return rma, rma.repayment_ids

    def _open_pay(self, rows, user=None, **values):
        wizards = self.env["sale.rma.repayment.pay"].with_user(user or self.clerk)
        return wizards.with_context(active_ids=rows.ids).create(values)

    # === TICKED === #

    def test_ticked_with_reference_and_day(self):
        rma, row = self._owe()
        cash = self.company_data["default_journal_cash"]
        day = fields.Date.today() - timedelta(days=2)
        self._open_pay(row, reference="R-17", date=day, journal_id=cash.id).action_pay()
        self.assertEqual((row.state, row.reference), ("done", "R-17"))
        payment = row.payment_id
        self.assertEqual((payment.journal_id, payment.date, payment.amount), (cash, day, 60))
        self.assertEqual(payment.payment_type, "outbound")
        self.assertEqual((rma.repayment_state, rma.amount_repaid), ("done", 60))
        self.assertBooksClosed(rma)

    def test_ticked_without_a_screen(self):
        rma, row = self._owe()
        row.with_user(self.clerk).action_done("R-17")
        self.assertEqual((row.state, row.reference, rma.amount_repaid), ("done", "R-17", 60))
        self.assertBooksClosed(rma)

    def test_ticked_twice_is_refused(self):
        _rma, row = self._owe()
        row.action_done()
        with self.assertRaises(UserError):
            row.action_done()

    def test_what_the_provider_gives_back_is_not_ticked(self):
        _rma, row = self._owe("transaction")
        with self.assertRaisesRegex(UserError, "choose the way"):
            row.action_done()

    def test_what_is_paid_by_hand_is_not_sent(self):
        _rma, row = self._owe()
        with self.assertRaisesRegex(UserError, "not sent from here"):
            row.action_send()

    def test_journal_of_another_company_is_refused(self):
        _rma, row = self._owe()
        other = self.setup_other_company()["default_journal_bank"]
        with self.assertRaises(UserError):
            self._open_pay(row, self.env.user, journal_id=other.id).action_pay()

    def test_blocked_credit_note_is_not_sent(self):
        rma, row = self._owe("transaction")
        rma.refund_ids.action_toggle_block_payment()
        with self.assertRaisesRegex(UserError, "blocked"):
            row.action_send()

    def test_selected_are_sent_and_the_rest_is_told(self):
        self._script()
        _rma, first = self._owe("transaction")
        _rma, second = self._owe()
        action = (first | second).with_user(self.clerk).action_send_selected()
        self.assertEqual((first.state, second.state), ("sent", "planned"))
        self.assertIn("Left out: 1", action["params"]["message"])

    def test_payment_of_a_ticked_row_cancelled_in_accounting_is_owed_again(self):
        rma, row = self._owe()
        row.action_done()
        row.payment_id.action_draft()
        row.payment_id.action_cancel()
        self.assertEqual(row.state, "failed")
        self.assertEqual(sum(r[1] for r in self._rows(rma, "planned")), 60)

    def test_planned_anew(self):
        rma, row = self._owe()
        row.action_cancel()
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])

    # === TOLD === #

    def test_history_has_a_row_for_each_change(self):
        self._script("pending")
        rma, row = self._owe("transaction")
        self._send(row)
        row.transaction_id._set_done()
        bodies = rma.history_ids.sorted("id").mapped("body")
        texts = [body for body in bodies if "Repayment of" in body]
        for text, state in zip(texts, ("sent", "pending", "done"), strict=True):
            self.assertIn(f": {state}", text)

    def test_customer_is_told_what_is_true(self):
        self._script("timeout after", knows_keys=False)
        rma, row = self._owe("transaction")
        self.assertRegex(rma._get_repayment_texts()[0], "60.00 will go back to you: to your Card")
        self._send(row)
        self.assertRegex(rma._get_repayment_texts()[0], "We are checking whether .*60.00")
        row.transaction_id._set_pending()
        self.assertRegex(rma._get_repayment_texts()[0], "sent on .*3 to 5 days, up to 10")
        row.transaction_id._set_done()
        self.assertRegex(rma._get_repayment_texts()[0], "60.00 went back on .*Card")
        row.transaction_id._set_error("no", extra_allowed_states=("done",))
        self.assertEqual(len(rma._get_repayment_texts()), 1)
        self.assertIn("will go back", rma._get_repayment_texts()[0])

    def test_customer_is_told_the_last_digits(self):
        order = self._create_order(self._line(self.vase, 2, 30.0, self.no_tax))
        token = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "payment_details": "4242",
                "partner_id": self.customer.id,
                "provider_ref": "x",
            }
        )
        self._pay(order, token_id=token.id)
        self._deliver(order)
        self._invoice(order)
        self.assertIn("4242", self._return(order)._get_repayment_texts()[0])

    def test_mail_tells_it(self):
        rma, _row = self._owe("transaction")
        body = rma._get_state_template("done")._render_field("body_html", rma.ids)[rma.id]
        self.assertIn("will go back to you", body)

    # === THE LAW'S CLOCK === #

    def _make_late(self, rma):
        rma.sudo().date_received = fields.Datetime.now() - timedelta(days=20)
        rma.env.flush_all()

    def _is_late(self, rma):
        rma.invalidate_recordset(["is_refund_late", "is_late"])
        found = self.env["sale.rma"].search([("is_refund_late", "=", True), ("id", "=", rma.id)])
        self.assertEqual(bool(found), rma.is_refund_late)
        return rma.is_refund_late

    def test_clock_stops_when_the_money_is_there(self):
        self._script("pending")
        rma, row = self._owe("transaction")
        self._make_late(rma)
        self.assertTrue(self._is_late(rma))
        self._send(row)
        self.assertTrue(self._is_late(rma), "pending is not there")
        row.transaction_id._set_done()  # accounting does not know of it yet
        self.assertFalse(self._is_late(rma))
        self.assertEqual(rma._get_amount_owed(), 0)
        row.transaction_id._post_process()
        self.assertFalse(self._is_late(rma))
        row.transaction_id._set_error("no", extra_allowed_states=("done",))
        self.assertTrue(self._is_late(rma), "it is owed again")
        self.assertEqual(rma._get_amount_owed(), 60)

    def test_clock_runs_for_what_is_left(self):
        rma, _row = self._owe()
        self._make_late(rma)
        self._register_payment(rma.refund_ids, 25)
        self.assertTrue(self._is_late(rma))
        self.assertEqual(rma._get_amount_owed(), 35)

    def test_set_off_is_not_late(self):
        order = self._sell(self._create_draft_order(self._line(self.vase, 2, 30.0, self.no_tax)))
        rma = self._return(order)
        self._make_late(rma)
        self.assertFalse(self._is_late(rma))

    # === RIGHTS === #

    def test_rows_of_another_company_are_closed(self):
        _rma, row = self._owe()
        company = self.setup_other_company()["company"]
        stranger = self._make_user(
            "stranger",
            "account.group_account_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["amount"])

    def test_customer_reads_no_rows(self):
        _rma, row = self._owe()
        portal = self._make_user("portal_x", "base.group_portal", partner_id=self.customer.id)
        with self.assertRaises(AccessError):
            row.with_user(portal).read(["amount"])
