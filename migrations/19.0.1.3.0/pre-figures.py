from odoo.tools import SQL


def migrate(cr, version):
    """What lists and reports add up is stored now: filled here as far as SQL knows it, so that the
    update does not compute it return by return (post-figures.py does the rest)."""
    cr.execute(
        SQL(
            """
            ALTER TABLE sale_rma ADD COLUMN IF NOT EXISTS amount_refunded numeric;
            ALTER TABLE sale_rma ADD COLUMN IF NOT EXISTS date_refunded date;
            ALTER TABLE sale_rma ADD COLUMN IF NOT EXISTS date_todo date;
            ALTER TABLE sale_rma_line ADD COLUMN IF NOT EXISTS qty_returned numeric;

            UPDATE sale_rma SET amount_refunded = 0;

            UPDATE sale_rma rma
               SET amount_refunded = given.amount, date_refunded = given.day
              FROM (
                  SELECT rma_id,
                         SUM(CASE move_type WHEN 'out_refund' THEN 1 ELSE -1 END * amount_total)
                             AS amount,
                         MAX(COALESCE(invoice_date, date))
                             FILTER (WHERE move_type = 'out_refund') AS day
                    FROM account_move
                   WHERE rma_id IS NOT NULL AND state = 'posted'
                GROUP BY rma_id
              ) given
             WHERE given.rma_id = rma.id;

            UPDATE sale_rma rma
               SET date_todo = CASE state
                       WHEN 'accepted' THEN LEAST(date_refund_due, date_expiry)
                       ELSE date_refund_due
                   END
             WHERE state IN ('requested', 'accepted', 'processing')
                OR EXISTS (
                    SELECT FROM account_move move
                     WHERE move.rma_id = rma.id
                       AND move.move_type = 'out_refund'
                       AND (move.state = 'draft' OR move.state = 'posted'
                            AND move.payment_state IN ('not_paid', 'partial'))
                );

            UPDATE sale_rma_line line
               SET qty_returned = CASE
                       WHEN rma.state IN ('requested', 'accepted', 'processing', 'done')
                       THEN line.quantity
                       ELSE 0
                   END
              FROM sale_rma rma
             WHERE rma.id = line.rma_id;
            """
        )
    )
