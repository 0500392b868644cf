"""A refund is owed until the money is back (docs/law.md L17, L22)."""

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestLawMoneyBack(SaleRmaCommon):
    def _pay(self, moves):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({})._create_payments()

    def _create_done(self, paid=True):
        order = self._create_order((self.shirt, 1))
        self._deliver(order)
        invoice = self._invoice(order)
        if paid:
            self._pay(invoice)
        return self._create_rma(order, rma_type="withdrawal", state="done")

    def _is_late(self, rma):
        with freeze_time("2031-01-01 10:00"):
            rma.invalidate_recordset(["is_late"])
            found = rma in self.env["sale.rma"].search([("is_late", "=", True)])
            self.assertEqual(found, rma.is_late)
            return found

    def test_L17_is_late_until_the_credit_note_is_paid_back(self):
        rma = self._create_done()
        self.assertFalse(rma.is_late)
        self.assertTrue(self._is_late(rma))
        self._pay(rma.refund_ids)
        self.assertFalse(self._is_late(rma))

    def test_L17_a_draft_credit_note_does_not_stop_the_clock(self):
        self.company.rma_refund_posting = "draft"
        rma = self._create_done()
        self.assertEqual((rma.state, rma.refund_ids.state), ("done", "draft"))
        self.assertTrue(self._is_late(rma))

    def test_what_was_never_paid_is_settled_by_its_credit_note(self):
        self.assertFalse(self._is_late(self._create_done(paid=False)))

    def test_a_salesperson_without_accounting_sees_it_too(self):
        rma = self._create_done()
        clerk = self._make_user("clerk", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(self._is_late(rma.with_user(clerk)))
