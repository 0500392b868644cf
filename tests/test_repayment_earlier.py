from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentEarlier(SaleRmaRepaymentCommon):
    """Issue 17: returns done before rows were kept (migrations/19.0.1.3.0/post-repayments.py)."""

    def _make_earlier(self):
        order, _payment = self._buy()
        rma = self._return(order)
        rma.repayment_ids.sudo().unlink()
        self.assertEqual(rma.repayment_state, "nothing")
        return rma

    def test_what_is_open_is_planned_to_be_looked_at_and_not_sent(self):
        provider = self._script()
        rma = self._make_earlier()
        self.env["sale.rma.repayment"].sudo()._plan_earlier(rma.refund_ids)
        row = rma.repayment_ids
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])
        self.assertTrue(row.is_to_check)
        self._run_cron()
        with self.assertRaisesRegex(UserError, "has the money already"):
            row.action_send()
        with self.assertRaises(UserError):
            row.action_send_selected()
        self.assertEqual(provider.asked, [])
        row.action_checked()
        self._send(row)
        self.assertEqual((row.state, provider.moved), ("done", {row.key: 60}))

    def test_late_without_rows_as_before(self):
        rma = self._make_earlier()
        unpaid = self.env["sale.rma"].search(self.env["sale.rma"]._get_unpaid_domain())
        self.assertIn(rma, unpaid)
        self._register_payment(rma.refund_ids)
        unpaid = self.env["sale.rma"].search(self.env["sale.rma"]._get_unpaid_domain())
        self.assertNotIn(rma, unpaid)
