import logging

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)

# The form sends mail to whatever address is typed. Past this many in an hour the receipts of its
# statements wait for the scheduled job, whether an order fits or not, which must not show; the
# statements themselves never wait.
RECEIPTS_PER_ADDRESS = 5
RECEIPTS_PER_COMPANY = 100


class SaleRmaWithdrawal(models.Model):
    """The receipt on a durable medium: mail with PDF (law-eu.md L6)."""

    _inherit = "sale.rma.withdrawal"

    def _send_receipt(self):
        """Mail the receipts now, or let them wait their turn when the form is being abused.

        One that another transaction is in the way of is left to the job, so that the statement
        is recorded all the same.
        """
        for withdrawal in self:
            if withdrawal._is_receipt_to_wait():
                withdrawal._add_event("held")
                continue
            try:
                with self.env.cr.savepoint():
                    withdrawal._mail_receipt()
            except (OperationalError, ConcurrencyError):
                _logger.info("The receipt of %s is left to the job", withdrawal.name, exc_info=True)
                withdrawal._add_event("held")
                self.env.ref("sale_rma.ir_cron_withdrawal_receipts")._trigger()

    def _is_receipt_to_wait(self):
        """Whether mailing the receipt now would make a mail cannon of the form."""
        self.ensure_one()
        if self.channel != "form":
            return False
        recent = [
            ("channel", "=", "form"),
            ("submitted_at", ">", fields.Datetime.now() - relativedelta(hours=1)),
        ]
        to_address = self.search_count([*recent, ("email", "=", self.email)])
        of_company = self.search_count([*recent, ("company_id", "=", self.company_id.id)])
        return to_address > RECEIPTS_PER_ADDRESS or of_company > RECEIPTS_PER_COMPANY

    def _cron_send_receipts(self):
        """Mail the receipts that wait, a few to each address."""
        waiting = self.search(
            [
                ("event_ids.kind", "=", "held"),
                ("event_ids", "not any", [("kind", "in", ("mailed", "failed", "bounced"))]),
            ],
            order="id",
            limit=RECEIPTS_PER_COMPANY,
        )
        for withdrawals in waiting.grouped("email").values():
            withdrawals[:RECEIPTS_PER_ADDRESS]._mail_receipt()

    def _mail_receipt(self):
        """Mail the receipts, each with its PDF. If the PDF cannot be made the mail goes all the
        same: it says everything itself."""
        for withdrawal in self:
            company = withdrawal.company_id
            texts = withdrawal._get_texts()
            pdf = withdrawal._get_receipt_pdf()
            subject = f"{company.name}: {texts['receipt_title']} {withdrawal.name}"
            body = self.env["ir.qweb"]._render(
                "sale_rma.withdrawal_receipt_mail",
                {"doc": withdrawal, "texts": texts, "has_pdf": bool(pdf)},
                minimal_qcontext=True,
            )
            withdrawal.with_context(mail_post_autofollow=False).message_post(
                author_id=company.partner_id.id,
                email_from=company.email_formatted,
                subject=subject,
                body=body,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                outgoing_email_to=withdrawal.email,
                email_layout_xmlid="mail.mail_notification_layout",
                attachment_ids=pdf.ids,
                mail_auto_delete=False,
            )

    # === DELIVERY === #

    def _log_receipt_mail(self, mail, failure_reason):
        """Write down whether a mail to the consumer went out, and tell colleagues if it did not.

        :param mail.mail mail: the mail
        :param str failure_reason: why it did not go out
        """
        self.ensure_one()
        address = mail.email_to or self.email
        if email_normalize(address) != email_normalize(self.email):
            return
        if failure_reason:
            self._add_event("failed", note=f"{address}: {failure_reason}")
            self._report_missing_receipt()
        else:
            self._add_event("mailed", note=f"{mail.subject} ({address})")

    def _message_receive_bounce(self, email, partner):
        """Override of `mail`: a receipt that came back is written down."""
        result = super()._message_receive_bounce(email, partner)
        for withdrawal in self:
            withdrawal._add_event("bounced", note=email)
            withdrawal._report_missing_receipt()
        return result

    def _report_missing_receipt(self):
        self.ensure_one()
        summary = self.env._("The receipt did not reach the consumer")
        if summary in self.activity_ids.mapped("summary"):
            return
        for user in self.company_id._get_rma_staff():
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)
