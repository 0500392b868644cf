"""Mails that wait for a slip leave by the job that prints it; they were printed by the queue."""


def migrate(cr, version):
    cr.execute(
        "UPDATE mail_mail SET state = 'rma_printing'"
        " WHERE state = 'outgoing' AND rma_template_id IS NOT NULL"
    )
