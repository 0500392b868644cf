"""What earlier withdrawals were about was sent, and the shop learned of them when they were asked
for. Written before the new fields would be computed from what the orders say today."""

COLUMNS = """
    ALTER TABLE sale_rma_line ADD COLUMN IF NOT EXISTS qty_unsent numeric;
    ALTER TABLE sale_rma ADD COLUMN IF NOT EXISTS date_informed timestamp;
    UPDATE sale_rma_line SET qty_unsent = 0 WHERE qty_unsent IS NULL;
    UPDATE sale_rma
       SET date_informed = date_requested
     WHERE rma_type = 'withdrawal' AND date_informed IS NULL;
"""


def migrate(cr, version):
    cr.execute(COLUMNS)
