import logging

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError, OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from ...tools.mail_address import NO_ANSWER_HEADERS, get_mailbox
from .sale_rma_withdrawal_throttle import PER_MINUTE, PER_MINUTE_AT_ONCE

_logger = logging.getLogger(__name__)

# Nothing more is to be done about an acknowledgement that one of these tells of.
SETTLED = ("written", "mailed", "failed", "bounced", "repeated")
# Statements looked at in a run, from each end of the queue.
WAITING_READ = 1000


class SaleRmaWithdrawal(models.Model):
    """The acknowledgement on a durable medium: mail with PDF (docs/law.md L6)."""

    _inherit = "sale.rma.withdrawal"

    def _send_acknowledgement(self):
        """Mail the acknowledgement now, or let it wait its turn when the form is being abused.

        One that another transaction is in the way of is left to the job, so that the statement
        is recorded all the same.
        """
        self.ensure_one()
        if not self.email:
            return  # on paper: a colleague prints and posts it
        try:
            with self.env.cr.savepoint():
                is_done = self._write_acknowledgement(
                    self.order_id, most_a_minute=PER_MINUTE_AT_ONCE
                )
        except (OperationalError, ConcurrencyError):
            _logger.info("The receipt of %s is left to the job", self.name, exc_info=True)
            is_done = False
        if not is_done:
            self._add_event("held")
            self._plan_acknowledgements()

    @api.model
    def _plan_acknowledgements(self, minutes=0):
        """Start the job that writes what waits, when this is committed or some minutes later."""
        at = fields.Datetime.now() + relativedelta(minutes=minutes)
        self.env.ref("sale_rma.ir_cron_withdrawal_receipts")._trigger(at=(minutes and at) or None)

    def _write_acknowledgement(self, order, budget=None, most_a_minute=PER_MINUTE):
        """Write the acknowledgement, once, whoever tries: the event that is written with it tells
        so, and the database refuses a second one.

        :param order: that is known of the statement, if any
        :param ReceiptBudget budget: read already, for many
        :return: whether it is written; not: it has to wait
        :raise ConcurrencyError: another transaction is at it
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise ConcurrencyError(f"The receipt of {self.name} was being written")
        if set(SETTLED) & set(self.event_ids.mapped("kind")):
            return True
        budget = budget or self._get_receipt_budget(order)
        address, is_own = self._get_receipt_address(order, budget)
        mailbox = get_mailbox(address)
        if budget.is_reached(self, order, mailbox, is_own):
            return False
        if not order and budget.is_minute_full(most_a_minute):
            return False
        try:
            self._add_event("written", note=address, mailbox=mailbox, order_id=order.id)
            self.env.flush_all()
        except IntegrityError as error:
            raise ConcurrencyError(f"The receipt of {self.name} was being written") from error
        budget.add(self, order, mailbox)
        self._mail_receipt(address)
        return True

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of the statements whose acknowledgements wait their turn."""
        return Domain("event_ids.kind", "=", "held") & Domain(
            "event_ids", "not any", [("kind", "in", SETTLED)]
        )

    def _cron_send_receipts(self):
        """Write the acknowledgements that wait, as many a minute as may be, each in a transaction
        of its own and mailed at once."""
        domain = self._get_waiting_domain()
        newest = self.search(domain, order="id desc", limit=WAITING_READ)
        waiting = newest
        if len(newest) == WAITING_READ:
            waiting |= self.search(domain, order="id", limit=WAITING_READ).sorted(
                "id", reverse=True
            )
        known = waiting.filtered("matched_order_id")
        budget = waiting._get_receipt_budget(known.matched_order_id)
        is_minute_full, is_job = False, self.env.context.get("ir_cron_progress_id")
        for withdrawal in self._sort_fairly(waiting, known):
            order = withdrawal.matched_order_id
            try:
                with self.env.cr.savepoint():
                    is_done = withdrawal._write_acknowledgement(order, budget=budget)
            except (OperationalError, ConcurrencyError):
                _logger.info("The receipt of %s is tried again", withdrawal.name, exc_info=True)
                is_done = False
            if is_done and is_job and not self.env["ir.cron"]._commit_progress(1):
                break
            if budget.is_minute_full(PER_MINUTE):
                is_minute_full = True
                break
        if self.search_count(domain, limit=1):
            # what waits for its mailbox waits longer
            self._plan_acknowledgements(minutes=1 if is_minute_full else 10)

    def _mail_receipt(self, address=None):
        """Mail the acknowledgements, each with its PDF. If the PDF cannot be made the mail goes
        all the same: it says everything itself.

        It leaves when the transaction is committed, also a job's, whose mails wait for the hourly
        queue otherwise.

        :param str address: where to; the one that was typed by default
        """
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
            context = {"mail_post_autofollow": False, "mail_notify_force_send": True}
            # superuser: `mail` attaches nothing of others to what a portal customer posts
            poster = withdrawal.with_user(SUPERUSER_ID).with_context(**context)
            poster.message_post(
                author_id=company.partner_id.id,
                email_from=company.email_formatted,
                subject=subject,
                body=body,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                outgoing_email_to=address or withdrawal.email,
                email_layout_xmlid="mail.mail_notification_layout",
                attachment_ids=pdf.ids,
                mail_auto_delete=False,
                mail_headers=NO_ANSWER_HEADERS,
            )
        if self:
            # what does not leave at once leaves with the queue, which is started then
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # === DELIVERY === #

    def _log_receipt_mail(self, mail, failure_reason):
        """Write down whether a mail to the consumer went out, and tell colleagues if it did not.

        :param mail.mail mail: the mail
        :param str failure_reason: why it did not go out
        """
        self.ensure_one()
        address = mail.email_to or self.email
        written = self.event_ids.filtered(lambda event: event.kind == "written")
        if get_mailbox(address) not in {self.mailbox, *written.mapped("mailbox")}:
            return
        if failure_reason:
            self._add_event("failed", note=f"{address}: {failure_reason}")
            self._report_missing_receipt()
        else:
            self._add_event("mailed", note=f"{mail.subject} ({address})")

    def _message_receive_bounce(self, email, partner):
        """Override of `mail`: an acknowledgement that came back is written down."""
        result = super()._message_receive_bounce(email, partner)
        for withdrawal in self:
            bounced = withdrawal.event_ids.filtered(lambda event: event.kind == "bounced")
            if email not in bounced.mapped("note"):  # once, however often somebody says so
                withdrawal._add_event("bounced", note=email)
                withdrawal._report_missing_receipt()
        return result

    def _report_missing_receipt(self):
        self.ensure_one()
        withdrawal = self._localize()
        withdrawal._ask_staff(withdrawal.env._("The receipt did not reach the consumer"))
