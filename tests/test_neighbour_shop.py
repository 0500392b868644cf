"""Beside the web shop and Odoo's demo provider: bought, sent back, money back (issue 17, proof).
Run by `make test NEIGHBOURS=1`; `make demo SHOP=1` shows the same in the browser."""

from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestNeighbourShop(SaleRmaRepaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls.env.ref("payment.payment_provider_demo", raise_if_not_found=False)
        demo = demo and demo.sudo()
        if not demo or demo.module_state != "installed" or "website" not in cls.env:
            cls.skipTest(cls, "payment_demo or website_sale is not installed")
        cls.provider = demo.copy({"company_id": cls.company.id}).with_env(cls.env)
        cls.provider.write({"state": "test", "is_published": True, "journal_id": cls.bank.id})
        cls.supports[cls.provider.id] = "partial"
        cls.website = (
            cls.env["website"].sudo().create({"name": "Shop", "company_id": cls.company.id})
        )

    def test_whole_and_in_parts_the_money_goes_back_once(self):
        order, payments = self._buy(4, amounts=(50, 70), website_id=self.website.id)
        first = self._return(order, 1)
        self.assertEqual(self._rows(first), [("transaction", 30, "planned")])
        self._send(first.repayment_ids)
        second = self._return(order, 3)
        self._send(second.repayment_ids)
        for rma in (first, second):
            self.assertEqual(rma.repayment_state, "done")
            self.assertFalse([x for x in rma.refund_ids.mapped("amount_residual") if x])
        refunds = payments.child_transaction_ids
        self.assertEqual(-sum(refunds.mapped("amount")), 120)
        self.assertEqual(set(refunds.mapped("state")), {"done"})
