from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...tools.context_marks import OURS
from ..rights.sale_rma_access_token import take_key_out

# What says who said something, when, about what: given once, when it is said.
SAID_ONCE = {
    "author_guest_id",
    "author_id",
    "create_date",
    "date",
    "email_from",
    "is_internal",
    "message_type",
    "model",
    "parent_id",
    "res_id",
    "subtype_id",
}
CLOCKS_DIFFER = timedelta(minutes=10)


class MailMessage(models.Model):
    """What is said in the threads of returns, withdrawals and inquiries stands as it was said."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail`: messages that mails to many leave behind have no key either."""
        for vals in vals_list:
            take_key_out(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `mail`: in threads of ours nobody becomes the author of something else.

        :raise AccessError: what was said once would change
        """
        if not self.env.su and SAID_ONCE & vals.keys() and (ours := self._filter_rma_posted()):
            # sudo: names only
            names = ", ".join(ours.sudo().mapped("record_name") or [self._description])
            raise AccessError(
                self.env._(
                    "%(messages)s: who said something, when and about what cannot be changed. "
                    "Write a new message instead.",
                    messages=names,
                )
            )
        return super().write(vals)

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
        if self.env.user._is_internal():
            if operation == "create" and not is_ours:
                forbidden += others._filter_rma_of_readers()
            forbidden += (self - forbidden)._filter_rma_forged(operation)
        return forbidden

    # === WHAT IS SAID STANDS === #

    def _filter_rma_forged(self, operation):
        """Return those in threads of ours that no colleague writes, changes or deletes: the
        history and what the program posted, which are the program's, what others said, and what
        would be said in the customer's name. An administrator of the whole may change what people
        said, as in all of Odoo, but not the history."""
        user = self.env.user
        history_ids = self.env["sale.rma"]._get_history_subtype_ids()

        def is_forged(message):
            if message.subtype_id.id in history_ids:
                return True
            if user._is_system():
                return False
            if operation == "create":
                return message._is_rma_forged_by(user)
            return message.author_id != user.partner_id or message.message_type != "comment"

        # sudo: only who wrote them, and about what, is looked at
        return self._filter_rma_posted().sudo().filtered(is_forged).with_env(self.env)

    def _is_rma_forged_by(self, user):
        """Whether a new message would have been said by somebody outside, or at another time.
        Templates are sent in a colleague's or the company's name. Called as superuser."""
        self.ensure_one()
        if abs((self.date or fields.Datetime.now()) - fields.Datetime.now()) > CLOCKS_DIFFER:
            return True
        author = self.author_id
        if author == user.partner_id:
            return False
        if author:
            users = author.with_context(active_test=False).user_ids
            is_shop = author.commercial_partner_id.ref_company_ids
            return not is_shop and not any(not user.share for user in users)
        sender = email_normalize(self.email_from)
        document = self.env[self.model].browse(self.res_id)
        return bool(self.author_guest_id) or sender in document._get_rma_customer_addresses()

    def _filter_rma_posted(self):
        """Return those in threads of ours."""
        guarded = self.env.registry["sale.rma.posting"]
        # sudo: only of what model they are is looked at
        ours = self.sudo().filtered(
            lambda message: isinstance(self.env.get(message.model), guarded)
        )
        return ours.with_env(self.env)

    # === WHO READS === #

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
        return self.browse() if self.env.user._is_internal() else self._filter_rma_posted()
