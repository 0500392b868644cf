from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _message_fetch(self, domain, *, thread=None, **kwargs):
        """Override of `mail`: who was told is in the history of a return; beside the message itself
        it would only be noise."""
        if thread is not None and thread._name == "sale.rma":
            # not env.ref, which asks the database each time
            told_id = self.env["ir.model.data"]._xmlid_to_res_id("sale_rma.mt_rma_notified")
            domain = Domain(True if domain is None else domain)
            domain &= Domain("subtype_id", "!=", told_id)
        return super()._message_fetch(domain, thread=thread, **kwargs)
