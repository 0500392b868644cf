"""A lock date on today's month: the credit note takes the first open day, and the return can be
accepted."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestLockDates(SaleRmaMoneyCommon):
    def _lock(self, name):
        """Close the books up to the end of this month; return the first open day."""
        self.env.flush_all()
        last = fields.Date.today() + relativedelta(day=31)
        self.company[name] = last
        return last + relativedelta(days=1)

    def _credit_under(self, lock):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="processing")
        first_open = self._lock(lock)
        wizard = self._open_process(rma)
        # what came back stays in Returns: Odoo books no transfer in a closed period
        wizard.line_ids.qty_restock = 0.0
        wizard.action_process()
        self.assertEqual(rma.refund_ids.state, "posted")
        self.assertEqual(rma.refund_ids.date, first_open)
        self.assertEqual(set(rma.refund_ids.line_ids.mapped("date")), {first_open})
        self.assertSettled(order)

    def test_credit_note_is_after_the_global_lock_date(self):
        self._credit_under("fiscalyear_lock_date")

    def test_credit_note_is_after_the_lock_date_of_taxes(self):
        self._credit_under("tax_lock_date")

    def test_credit_note_is_after_the_lock_date_of_sales(self):
        self._credit_under("sale_lock_date")

    def test_credit_note_is_after_the_lock_date_for_ever(self):
        self._credit_under("hard_lock_date")

    def test_draft_credit_note_is_posted_on_the_first_open_day(self):
        self.company.rma_refund_posting = "draft"
        rma = self._create_rma(self._create_sold((self.shirt, 2)), {self.shirt: 1}, state="done")
        first_open = self._lock("fiscalyear_lock_date")
        rma.refund_ids.action_post()
        self.assertEqual(rma.refund_ids.date, first_open)

    def test_day_that_accounting_chose_is_kept(self):
        self.company.rma_refund_posting = "draft"
        rma = self._create_rma(self._create_sold((self.shirt, 2)), {self.shirt: 1}, state="done")
        chosen = self._lock("tax_lock_date") + relativedelta(days=5)
        rma.refund_ids.invoice_date = chosen
        rma.refund_ids.action_post()
        self.assertEqual(rma.refund_ids.date, chosen)

    def test_return_can_be_accepted_while_the_books_are_closed(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), {self.shirt: 1})
        first_open = self._lock("fiscalyear_lock_date")
        rma.action_accept()
        self.assertEqual(rma.picking_ids.scheduled_date.date(), first_open)

    def test_receipt_is_awaited_at_once_while_only_taxes_are_closed(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), {self.shirt: 1})
        self._lock("tax_lock_date")
        rma.action_accept()
        self.assertEqual(rma.picking_ids.scheduled_date.date(), fields.Date.today())
