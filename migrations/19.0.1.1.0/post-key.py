from odoo.tools import SQL


def migrate(cr, version):
    """Take the customers' keys out of the threads of returns, where every reader found them."""
    cr.execute(
        SQL(
            """
            UPDATE mail_message
               SET body = regexp_replace(
                   body,
                   '((/my/returns/[0-9]+|/mail/view)[?][^"''[:space:]<>]*?)'
                   'access_token=[a-zA-Z0-9_-]+(&amp;|&)?',
                   '\\1',
                   'g'
               )
             WHERE model = 'sale.rma' AND body LIKE '%%access_token=%%'
            """
        )
    )
