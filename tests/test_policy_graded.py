"""Money that goes by itself once the returns desk has looked at everything."""

from unittest.mock import patch

from odoo.tests import tagged

from .common_desk import DeskCommon


@tagged("post_install", "-at_install")
class TestRefundOnGrading(DeskCommon):
    def test_what_was_graded_is_refunded_by_the_job(self):
        self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1000)
        )
        policy = self.env["sale.rma.policy"].create({"name": "Rule", "refund_on": "graded"})
        policy.action_activate()
        rma = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        rma.action_accept()
        parcel = self._open_parcel(rma)
        self._scan("4006381333931", parcel)
        self._grade(parcel, "as_new", "restock")
        self.env["sale.rma"].sudo()._cron_refund_by_rule()
        self.assertFalse(rma.rule_refund)
        parcel.desk_finish()
        self.assertEqual((rma.rule_refund, rma.refund_ids.ids), ("due", []))
        self.env["sale.rma"].sudo()._cron_refund_by_rule()
        self.assertEqual((rma.rule_refund, rma.line_ids.qty_refunded), ("done", 1))
