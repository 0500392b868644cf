"""What a return's credit note says on paper and to other programs."""

from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestCreditNoteDocument(SaleRmaMoneyCommon):
    def test_reference_is_the_invoices_number(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="done")
        self.assertEqual(rma.refund_ids.ref, rma.refund_ids.reversed_entry_id.name)
        self.assertEqual(rma.refund_ids.invoice_origin, order.name)

    def test_return_is_named_on_paper(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="done")
        reports = self.env["ir.actions.report"]
        for move, is_named in ((rma.refund_ids, True), (order.invoice_ids[0], False)):
            page, _type = reports._render_qweb_html("account.report_invoice", move.ids)
            self.assertEqual(rma.name in page.decode(), is_named)
