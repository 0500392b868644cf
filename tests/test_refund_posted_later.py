"""R9: with credit notes left in draft the customer is told of the money once, when accounting posts
the credit note."""

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestRefundPostedLater(SaleRmaCommon):
    def _count_told(self, rma):
        notified = self.env.ref("sale_rma.mt_rma_notified")
        told = rma.history_ids.filtered(lambda message: message.subtype_id == notified)
        return len(told.filtered(lambda message: "anna@example.com" in message.body))

    def _done(self, **values):
        self.company.rma_refund_posting = "draft"
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 1, state="processing")
        self._process(rma, **values)
        return rma

    def test_told_when_it_is_posted_and_once(self):
        rma = self._done()
        before = self._count_told(rma)
        rma.refund_ids.action_post()
        self.assertEqual(self._count_told(rma), before + 1)
        mails = self.env["mail.mail"].search([("model", "=", "sale.rma"), ("res_id", "=", rma.id)])
        self.assertIn("57.50", " ".join(mails.mapped("body_html")))
        rma.refund_ids.button_draft()
        rma.refund_ids.action_post()
        self.assertEqual(self._count_told(rma), before + 1)

    def test_told_while_the_return_stays_open(self):
        rma = self._done(close=False)
        before = self._count_told(rma)
        rma.refund_ids.action_post()
        self.assertEqual((rma.state, self._count_told(rma)), ("processing", before + 1))

    def test_an_accountant_without_rights_on_returns_tells_too(self):
        rma = self._done()
        before = self._count_told(rma)
        accountant = self._make_user("ada", "account.group_account_invoice")
        rma.refund_ids.with_user(accountant).action_post()
        self.assertEqual(self._count_told(rma), before + 1)

    def test_posted_at_once_it_is_told_with_the_state_only(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 1, state="processing")
        before = self._count_told(rma)
        self._process(rma)
        self.assertEqual((rma.refund_ids.state, self._count_told(rma)), ("posted", before + 1))
