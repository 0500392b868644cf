"""Days were told in UTC: refunds that are still to come are due on the day of the one clock."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    returns = env["sale.rma"]
    open_returns = returns.search([("state", "in", ("requested", "accepted", "processing"))])
    env.add_to_compute(returns._fields["date_refund_due"], open_returns)
    open_returns.flush_recordset(["date_refund_due"])
