from odoo.http import request

from odoo.addons.mail.controllers.thread import ThreadController


class RmaThreadController(ThreadController):
    """What customers post in the thread of a return: words and own files, nothing else."""

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Override of `mail`: whoever is no colleague chooses no recipient, kind or sender."""
        is_guarded = isinstance(thread, request.env.registry["sale.rma.posting"])
        if not is_guarded or request.env.user._is_internal():
            return super()._prepare_message_data(post_data, thread=thread, **kwargs)
        taken = thread._get_customer_message(post_data)
        values = super()._prepare_message_data(taken, thread=thread, **kwargs)
        if kwargs.get("from_create"):
            values.update(message_type="comment", subtype_xmlid="mail.mt_comment")
        return values
