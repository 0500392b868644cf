"""Withdrawals of before have a receipt, but nothing that says which of their files it is."""

import hashlib

from odoo import SUPERUSER_ID, api

# The best reading of what is there: made by the system or in the customer's own request, named as
# receipts are, hence before what a colleague may have put beside it; the oldest of those.
FIND = """
    SELECT DISTINCT ON (withdrawal.id) withdrawal.id, file.id
      FROM sale_rma_withdrawal withdrawal
      JOIN ir_attachment file
        ON file.res_model = 'sale.rma.withdrawal'
       AND file.res_id = withdrawal.id
       AND file.mimetype = 'application/pdf'
 LEFT JOIN res_users maker ON maker.id = file.create_uid
     WHERE NOT EXISTS (
               SELECT 1
                 FROM sale_rma_withdrawal_event event
                WHERE event.withdrawal_id = withdrawal.id AND event.kind = 'made')
  ORDER BY withdrawal.id,
           (file.create_uid = %s OR maker.share) DESC NULLS LAST,
           (file.name LIKE '%%' || withdrawal.name || '.pdf') DESC,
           file.id
"""


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(FIND, [SUPERUSER_ID])
    found = cr.fetchall()
    files = {file.id: file for file in env["ir.attachment"].browse(row[1] for row in found)}
    env["sale.rma.withdrawal.event"].create(
        [
            {
                "withdrawal_id": withdrawal_id,
                "kind": "made",
                "attachment_id": file_id,
                "file_hash": hashlib.sha256(files[file_id].raw or b"").hexdigest(),
                "note": env._("Which file it is was found when the addon was upgraded."),
            }
            for withdrawal_id, file_id in found
        ]
    )
