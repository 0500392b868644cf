"""Returns done before repayments were kept: what their credit notes still owe gets rows, to be
looked at by somebody who knows whether it was paid. Nothing is sent."""

from odoo import SUPERUSER_ID, api

BATCH = 200


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    refunds = env["account.move"].search(
        [
            ("rma_id", "!=", False),
            ("move_type", "=", "out_refund"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
        ]
    )
    for start in range(0, len(refunds), BATCH):
        env["sale.rma.repayment"]._plan_earlier(refunds[start : start + BATCH])
        env.flush_all()
        env.invalidate_all()
