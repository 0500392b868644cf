import base64
import logging
from collections import defaultdict

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

_logger = logging.getLogger(__name__)

PRINTED_AT_ONCE = 20
"""Starting the printer takes longer than printing some more pages."""


class MailMail(models.Model):
    """Documents of returns that are printed before the mail leaves, by a job of our own.

    Printing a slip takes longer than all the rest of accepting a return; nobody should wait for
    it, least of all a batch with its rows locked, nor the other mails of the database.
    """

    _inherit = "mail.mail"

    rma_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Return Documents Of",
        readonly=True,
        help="Template whose reports are printed and attached before the mail leaves.",
    )

    state = fields.Selection(
        selection_add=[("rma_printing", "Slip Being Printed"), ("sent",)],
        ondelete={"rma_printing": lambda mails: mails.write({"state": "outgoing"})},
    )

    # === PRINTING === #

    @api.model
    def _cron_print_for_rma(self):
        """Print what mails about returns wait for; they leave then."""
        domain = Domain("state", "=", "rma_printing")
        waiting = self.search(domain, order="id")
        remaining = len(waiting)
        for mail_ids in split_every(PRINTED_AT_ONCE, waiting.ids):
            # somebody may have cancelled or deleted one meanwhile
            mails = self.browse(mail_ids).try_lock_for_update().filtered_domain(domain)
            mails._print_for_rma()
            remaining -= len(mail_ids)
            if not self.env["ir.cron"]._commit_progress(len(mail_ids), remaining=remaining):
                break

    def _print_for_rma(self):
        """Print and attach the documents of mails, several in one go, and let these leave."""
        if len(self) > 1:
            self._attach_rma_reports_at_once()
        self._attach_rma_reports()
        self.state = "outgoing"
        self._trigger_rma_sending()

    def _trigger_rma_sending(self):
        """Have mails leave as soon as the transaction is committed: those that something is to be
        printed for by the job that prints, the others by the mail queue."""
        to_print = self.filtered(lambda mail: mail.state == "rma_printing")
        xmlids = ["sale_rma.ir_cron_rma_print"] if to_print else []
        xmlids += ["mail.ir_cron_mail_scheduler_action"] if self - to_print else []
        for xmlid in xmlids:
            # not env.ref, which asks the database each time
            cron_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
            # sudo: a job that looks for itself what is to be done
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    def _attach_rma_reports_at_once(self):
        """Print the documents of several mails together. Those for which this does not work are
        left to be printed one by one."""
        for template, mails in self._filter_rma_reports().grouped("rma_template_id").items():
            try:
                with self.env.cr.savepoint():
                    mails._attach_printed(template)
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

        They say what is true now that the mail leaves: customers pack by the items and send to the
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
                raise  # the job tries the mail again
            except Exception:
                _logger.warning("No document for the mail about %s", rma.name, exc_info=True)
