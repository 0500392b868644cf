import hashlib
import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)


class SaleRmaWithdrawal(models.Model):
    """The acknowledgement's file: made once, named once by an event with its SHA-256, and that
    very file or none is what is mailed and downloaded. What else hangs on the withdrawal is never
    it."""

    _inherit = "sale.rma.withdrawal"

    @api.depends("event_ids.file_hash")
    def _compute_is_intact(self):
        """Extended: the acknowledgement's file is the one that was made, and what the consumer
        sent is what came."""
        super()._compute_is_intact()
        for withdrawal in self:
            # sudo: the evidence's own files; a yes or no gets out
            kept = withdrawal.sudo().event_ids.filtered(lambda event: event.kind == "attached")
            withdrawal.is_intact &= not withdrawal._is_receipt_altered() and all(
                self._hash_file(event.attachment_id.raw) == event.file_hash for event in kept
            )

    def _get_receipt_pdf(self):
        """Return the acknowledgement as PDF, made once: what is mailed, mailed again or downloaded
        is the same file. To be called as superuser, for somebody who may have the acknowledgement.

        :return: `ir.attachment`, empty if the machine cannot make one, or if the file is not the
            one that was made any more: then colleagues are told
        """
        self.ensure_one()
        made = self._get_receipt_event()
        if not made:
            return self._make_receipt_pdf()
        if self._is_receipt_altered():
            self._report_altered_receipt()
            return self.env["ir.attachment"]
        return made.attachment_id

    def _get_receipt_event(self):
        """Return the event that names the acknowledgement's file, empty if none was made yet."""
        # sudo: the reference only; who may have the file was decided before
        return self.sudo().event_ids.filtered(lambda event: event.kind == "made")

    def _is_receipt_altered(self):
        """Whether the acknowledgement's file has not the content any more that it was made with."""
        made = self._get_receipt_event()
        return bool(made) and self._hash_file(made.attachment_id.raw) != made.file_hash

    @api.model
    def _hash_file(self, content):
        """Return the SHA-256 of a file.

        :param bytes content: of the file
        """
        return hashlib.sha256(content or b"").hexdigest()

    def _make_receipt_pdf(self):
        """Print the acknowledgement, and write down which file it is.

        :raise ConcurrencyError: another transaction made it since this one began
        """
        # sudo: the token only names the lock
        self._lock_token(self.sudo().token)  # two that print it at once would make two
        content = self._render_receipt_pdf()
        # sudo: nobody has the right to change a withdrawal's files
        attachments = self.env["ir.attachment"].sudo()
        if not content:
            return attachments
        receipt = attachments.create(
            {
                "name": f"{self._get_report_base_filename()}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        try:
            made = self._add_event(
                "made", attachment_id=receipt.id, file_hash=self._hash_file(receipt.raw)
            )
            made.flush_recordset()
        except IntegrityError as error:
            raise ConcurrencyError(f"The receipt of {self.name} was being made") from error
        return receipt

    def _render_receipt_pdf(self):
        """Return the acknowledgement as PDF, nothing if the machine cannot make one."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                content, _type = self.env["ir.actions.report"]._render_qweb_pdf(
                    "sale_rma.action_report_sale_rma_withdrawal", self.ids
                )
        except OperationalError:
            raise  # tried again by the job
        except Exception:
            _logger.warning("No PDF for the receipt of %s", self.name, exc_info=True)
            return None
        return content

    def _notify_altered_receipt(self):
        """Return the action that says in words why there is no file. No error: it would undo that
        it is written down."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("The receipt is not handed out"),
                "message": self.env._(
                    "The file of the receipt of %(withdrawal)s is not the file that was made: it "
                    "was changed outside Odoo. Restore it from a backup; its SHA-256 is kept with "
                    "the withdrawal.",
                    withdrawal=self.name,
                ),
            },
        }

    def _report_altered_receipt(self):
        """Write down, once, that the file is not the one that was made, and tell colleagues."""
        _logger.warning("The file of the receipt of %s is not the one made", self.name)
        if "altered" in self.event_ids.mapped("kind"):
            return
        localized = self._localize()
        localized._add_event("altered", note=self._get_receipt_event().attachment_id.name)
        for user in self.company_id._get_rma_staff():
            localized.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=localized.env._("The receipt's file was changed"),
                user_id=user.id,
            )
