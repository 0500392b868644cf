"""What the program makes as superuser takes no defaults from outside: neither those of the
context, nor those that anybody may set for himself."""

from odoo.tests import tagged

from .common_attacks import AttackCommon

FORGED = {
    "default_auto_post": "monthly",
    "default_invoice_date_due": "2099-01-01",
    "default_narration": "Pay twice",
    "default_note": "Carry it out at night",
    "default_priority": "1",
    "default_user_id": 1,
    "default_date_deadline": "2099-01-01 10:00:00",
    "default_commitment_date": "2099-01-01 10:00:00",
    "default_signed_by": "Somebody",
}


@tagged("post_install", "-at_install")
class TestProgramDefaults(AttackCommon):
    def _run_return(self, **context):
        """Run a return whole, exchange included, with a context that its user sends."""
        order = self._create_sold((self.shirt, 2), user_id=self.colleague.id)
        rma = self._as(self._create_rma(order, {self.shirt: 1}), self.colleague, **context)
        rma.action_accept()
        wizard = rma.env["sale.rma.process"].browse(rma.action_process()["res_id"])
        wizard.line_ids.write({"exchange": True, "exchange_product_id": self.mug.id})
        wizard.action_process()
        self.env.invalidate_all()
        return self.env["sale.rma"].browse(rma.id)

    def _describe(self, rma):
        """What of the documents a default could have given."""
        refund, receipt, exchange = rma.refund_ids, rma.picking_ids, rma.exchange_order_ids
        return {
            "auto_post": refund.auto_post,
            "narration": refund.narration,
            "refund_user": refund.invoice_user_id,
            "note": receipt.note,
            "receipt": (receipt.priority, receipt.user_id),
            "exchange": (exchange.user_id, exchange.commitment_date, exchange.signed_by),
            "copies": self.env["account.move"].search_count(
                [("auto_post_origin_id", "in", refund.ids)]
            ),
        }

    def test_context_gives_documents_nothing(self):
        honest = self._describe(self._run_return())
        self.assertEqual(self._describe(self._run_return(**FORGED)), honest)

    def test_nobodys_own_default_repeats_a_credit_note(self):
        """A credit note that Odoo repeats each month would be paid each month."""
        honest = self._describe(self._run_return())
        defaults = self.env["ir.default"].with_user(self.colleague).sudo()
        defaults.set("account.move", "auto_post", "monthly", user_id=self.colleague.id)
        self.assertEqual(self._describe(self._run_return()), honest)
