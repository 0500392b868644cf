import base64
import logging
from collections import defaultdict

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import split_every
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

_logger = logging.getLogger(__name__)

PRINTED_AT_ONCE = 20
"""Starting the printer takes longer than printing some more pages."""


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

    def _send(self, auto_commit=False, **kwargs):
        """Override of `mail`: as in `send`, for each batch, which may have waited for others; and
        the documents of some mails are printed in one go before these leave."""
        mails = self.exists()
        if not mails.rma_template_id or self.env["ir.mail_server"]._disable_send():
            return super(MailMail, mails)._send(auto_commit=auto_commit, **kwargs)
        for mail_ids in split_every(PRINTED_AT_ONCE, mails.ids):
            batch = self.browse(mail_ids).exists()
            if len(batch) > 1 and batch.rma_template_id:
                batch._attach_rma_reports_at_once()
                if auto_commit:  # the queue goes on from what is there after the printing
                    self.env.cr.commit()  # pylint: disable=invalid-commit
            super(MailMail, batch)._send(auto_commit=auto_commit, **kwargs)
        return True

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Override of `mail`: print and attach what still waits, now that this mail is locked."""
        self._attach_rma_reports()
        return super()._prepare_outgoing_list(*args, **kwargs)

    def _attach_rma_reports_at_once(self):
        """Print the documents of several mails together. Those for which this does not work, or
        that somebody else has in hand, are left to be printed one by one."""
        waiting = self.filtered(lambda mail: mail.state == "outgoing")._filter_rma_reports()
        for template, mails in waiting.grouped("rma_template_id").items():
            try:
                with self.env.cr.savepoint():
                    mails.try_lock_for_update()._attach_printed(template)
            except Exception:
                _logger.info("Documents of %s mails are printed one by one", len(mails))

    def _attach_printed(self, template):
        """:raise ValueError: the documents are no PDF, or cannot be told apart in the print"""
        rmas = self.env["sale.rma"].browse(self.mapped("res_id"))
        files = defaultdict(list)
        for localized, rma_ids in template._classify_per_lang(rmas.ids).values():
            for report in localized.report_template_ids:
                if report.report_type not in ("qweb-pdf", "qweb-html"):
                    raise ValueError
                streams = report._render_qweb_pdf_prepare_streams(report, {}, rma_ids)
                for rma in rmas.browse(rma_ids):
                    stream = streams[rma.id]["stream"]
                    if not stream:
                        raise ValueError
                    names = {"object": rma, "time": safe_time}
                    name = safe_eval(report.print_report_name or "''", names) or report.name
                    content = base64.b64encode(stream.getvalue())
                    files[rma.id].append((f"{name.removesuffix('.pdf')}.pdf", content))
        for mail in self:
            rma = rmas.browse(mail.res_id)
            mail.attachment_ids = rma._prepare_attachment_commands(files[rma.id])
        self.rma_template_id = False

    def _filter_rma_reports(self):
        """Return the mails that documents are to be printed for; those that are to have none any
        more leave without."""
        mails = self.filtered(lambda mail: mail.rma_template_id and mail.model == "sale.rma")
        rmas = {rma.id: rma for rma in self.env["sale.rma"].browse(mails.mapped("res_id")).exists()}
        for mail in mails:
            rma = rmas.get(mail.res_id)
            if not rma or rma._is_mail_overtaken(mail.rma_template_id):
                mail.rma_template_id = False
        return mails.filtered("rma_template_id")

    def _attach_rma_reports(self):
        """Print the documents, each mail's by itself. If one cannot be printed, its mail goes all
        the same: it has a link to the document.

        They say what is true when the mail leaves: customers pack by the items and send to the
        address of now. A return that was refused or cancelled meanwhile has no slip any more, so
        that nobody sends goods with it; the mail that tells so follows.
        """
        for mail in self._filter_rma_reports():
            rma = self.env["sale.rma"].browse(mail.res_id)
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
