from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Override of `mail`: who writes about documents of ours may change them, also where mails
        go to many; `mail` asks only for the right to read them there.

        :raise AccessError: for whoever may not
        """
        for composer in self:
            documents = self.env.get(composer.model)
            if isinstance(documents, self.env.registry["sale.rma.posting"]):
                documents.browse(composer._evaluate_res_ids())._check_posting()
        return super()._action_send_mail(auto_commit=auto_commit)
