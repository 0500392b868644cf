from odoo import SUPERUSER_ID, api

BATCH = 1000


def migrate(cr, version):
    """What SQL alone does not know: what came back on finished returns, and what was given back in
    another currency than the order's."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    lines = env["sale.rma.line"]
    done = lines.search([("rma_id.state", "=", "done")])
    for start in range(0, len(done), BATCH):
        batch = done[start : start + BATCH]
        env.add_to_compute(lines._fields["qty_returned"], batch)
        batch.flush_recordset(["qty_returned"])
        env.invalidate_all()
    foreign = env["account.move"].search([("rma_id", "!=", False), ("state", "=", "posted")])
    foreign = foreign.filtered(lambda move: move.currency_id != move.rma_id.currency_id).rma_id
    env.add_to_compute(foreign._fields["amount_refunded"], foreign)
    foreign.flush_recordset(["amount_refunded"])
