import logging

from psycopg2 import OperationalError

from odoo import fields, models

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Documents of returns that are printed when the mail leaves.

    Printing a slip takes longer than all the rest of accepting a return; nobody should wait for
    it, least of all a batch with its rows locked.
    """

    _inherit = "mail.mail"

    rma_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Return Documents Of",
        readonly=True,
        help="Template whose reports are printed and attached when the mail leaves.",
    )

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Override of `mail`: they leave after the transaction that made them, and the queue may
        have taken them too: one that is gone by then stops no other."""
        return super(MailMail, self.exists()).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send(self, *args, **kwargs):
        """Override of `mail`: as in `send`, for each batch, which may have waited for others."""
        return super(MailMail, self.exists())._send(*args, **kwargs)

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Override of `mail`: print and attach what waits, now that this mail is locked. Printed
        for all mails beforehand, the queue would go on from what it read long ago."""
        self._attach_rma_reports()
        return super()._prepare_outgoing_list(*args, **kwargs)

    def _attach_rma_reports(self):
        """Print the documents, each mail's by itself. If one cannot be printed, its mail goes all
        the same: it has a link to the document.

        They say what is true when the mail leaves: customers pack by the items and send to the
        address of now. A return that was refused or cancelled meanwhile has no slip any more, so
        that nobody sends goods with it; the mail that tells so follows.
        """
        for mail in self.filtered(lambda mail: mail.rma_template_id and mail.model == "sale.rma"):
            rma = self.env["sale.rma"].browse(mail.res_id).exists()
            if not rma or rma._is_mail_overtaken(mail.rma_template_id):
                mail.rma_template_id = False
                continue
            try:
                with self.env.cr.savepoint():
                    values = mail.rma_template_id._generate_template(
                        rma.ids, ("report_template_ids",)
                    )
                    files = values.get(rma.id, {}).get("attachments", [])
                    mail.attachment_ids = rma._prepare_attachment_commands(files)
                    mail.rma_template_id = False  # sent again, it has them
            except OperationalError:
                raise  # the queue tries the mail again
            except Exception:
                _logger.warning("No document for the mail about %s", rma.name, exc_info=True)
