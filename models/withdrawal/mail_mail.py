from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail`: what became of the acknowledgement of a withdrawal is evidence."""
        # sudo: written down whoever's action or job sends the mail
        for mail in self.sudo().filtered(
            lambda mail: mail.model == "sale.rma.withdrawal" and mail.email_to
        ):
            withdrawal = self.env["sale.rma.withdrawal"].sudo().browse(mail.res_id).exists()
            if withdrawal:
                withdrawal._log_receipt_mail(
                    mail, failure_type and (failure_reason or failure_type)
                )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
