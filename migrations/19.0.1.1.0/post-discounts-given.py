"""What discounts took off which lines is written down when they are given. Orders that have a
return already get the best reading there is now; the others at their first return."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT DISTINCT order_id FROM sale_rma")
    orders = env["sale.order"].browse(row[0] for row in cr.fetchall())
    orders._keep_missing_discount_shares()
