from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _message_fetch(self, domain, *, thread=None, **kwargs):
        """Override of `mail`: who was told is in the history of a return; beside the message itself
        it would only be noise."""
        if thread is not None and thread._name == "sale.rma":
            told = self.env.ref("sale_rma.mt_rma_notified")
            domain = Domain(True if domain is None else domain) & Domain(
                "subtype_id", "!=", told.id
            )
        return super()._message_fetch(domain, thread=thread, **kwargs)
