from odoo import api, models
from odoo.fields import Domain

from ...tools.context_marks import OURS
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

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Override of `mail`: whoever holds a return's link may write in its thread, and with it
        would reach each message there to react on it."""
        message = super()._get_with_access(message_id, mode=mode, **kwargs)
        return message - message._filter_rma_internal()

    def _get_forbidden_access(self, operation):
        """Override of `mail`: customers write in the threads of returns by the portal's route,
        which leaves nothing but the words to them; following a return opens no other way. Nor do
        they read what is between colleagues (R8), which `mail` keeps only as far as it is written
        by somebody: the history has reasons, names and places in it."""
        forbidden = super()._get_forbidden_access(operation)
        others = self - forbidden
        if operation == "read":
            return forbidden + others._filter_rma_internal()
        forbidden += others._filter_rma_guarded()
        is_ours = self.env.context.get("rma_posting") is OURS
        if operation == "create" and not is_ours and self.env.user._is_internal():
            forbidden += others._filter_rma_of_readers()
        return forbidden

    def _filter_rma_of_readers(self):
        """Return those on documents of ours that their writer may only read: the discussion's
        own route writes there in his name; here he could take any other."""
        closed = self.browse()
        messages = self.sudo()  # only what they are about is looked at
        for model, about in messages.grouped("model").items():
            if isinstance(self.env.get(model), self.env.registry["sale.rma.posting"]):
                documents = self.env[model].browse(about.mapped("res_id"))
                kept = set(documents._filtered_access("write").ids)
                closed += about.filtered(lambda message, kept=kept: message.res_id not in kept)
        return closed.with_env(self.env)

    def _filter_rma_internal(self):
        """Return those of our threads that are between colleagues, for who is none."""
        ours = self._filter_rma_guarded().sudo()  # as there
        internal = ours.filtered(
            lambda message: (
                message.is_internal or not message.subtype_id or message.subtype_id.internal
            )
        )
        return internal.with_env(self.env)

    def _filter_rma_guarded(self):
        """Return those in threads of ours, for customers; for colleagues none."""
        if self.env.user._is_internal():
            return self.browse()
        guarded = self.env.registry["sale.rma.posting"]
        # sudo: only of what model they are, and whether they are internal, is looked at
        ours = self.sudo().filtered(
            lambda message: isinstance(self.env.get(message.model), guarded)
        )
        return ours.with_env(self.env)
