from odoo import api, models
from odoo.fields import Domain

from ..rights.sale_rma_access_token import take_key_out


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail`: messages that mails to many leave behind have no key either."""
        for vals in vals_list:
            take_key_out(vals)
        return super().create(vals_list)

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

    def _get_forbidden_access(self, operation):
        """Override of `mail`: customers write in the threads of returns by the portal's route,
        which leaves nothing but the words to them; following a return opens no other way."""
        forbidden = super()._get_forbidden_access(operation)
        if operation == "read" or self.env.user._is_internal():
            return forbidden
        guarded = self.env.registry["sale.rma.posting"]
        others = (self - forbidden).sudo()  # only the name of the model is looked at
        return forbidden + others.filtered(
            lambda message: isinstance(self.env.get(message.model), guarded)
        ).sudo(False)
