"""Once what was not sent is given back, what was sent may be awaited: it is due later."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    returns = env["sale.rma"]
    open_returns = returns.search(
        [("rma_type", "=", "withdrawal"), ("state", "in", ("accepted", "processing"))]
    )
    env.add_to_compute(returns._fields["date_refund_due"], open_returns)
    open_returns.flush_recordset(["date_refund_due"])
