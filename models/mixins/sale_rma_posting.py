from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from ...tools.context_marks import OURS


class SaleRmaPosting(models.AbstractModel):
    """Documents whose thread is open to people outside, and no relay.

    Customers may read a return, and reading is enough to write in its thread (`_mail_post_access`)
    by the page's own route, which takes their words and their files. The methods behind that route
    take recipients, senders, dates and types as well: called from outside they ask for the right
    to change the document, as they do on a sales order.
    """

    _name = "sale.rma.posting"
    _description = "Thread Open to People Outside"
    _inherit = ["mail.thread"]

    def _check_posting(self):
        """Refuse who may not have mails written from the shop's server.

        :raise AccessError: for whoever may not change the documents
        """
        if not self.env.su and not self._may_post():
            names = ", ".join(self._filtered_access("read").mapped("display_name"))
            raise AccessError(
                self.env._(
                    "You may not send messages about %(document)s from here: write in the "
                    "discussion on its page.",
                    document=names or self._description,
                )
            )

    def _may_post(self):
        """Whether this user may write to whom he likes about the documents."""
        return self.env.user._is_internal() and self.has_access("write")

    def _get_rma_customer_addresses(self):
        """Return the normalised addresses of the customer; a hook for documents that have more
        than those of their fields."""
        self.ensure_one()
        addresses = {self[name] for name in ("email", "email_from") if name in self}
        if "partner_id" in self:
            addresses.add(self.partner_id.email)
        return {email_normalize(address) for address in addresses if address}

    def message_post(self, **kwargs):
        """Override of `mail`: see above.

        :raise AccessError: for whoever may not change the document
        """
        self._check_posting()
        return super().message_post(**kwargs)

    def message_notify(self, **kwargs):
        """Override of `mail`: as `message_post`."""
        self._check_posting()
        return super().message_notify(**kwargs)

    def message_post_with_source(self, source_ref, **kwargs):
        """Override of `mail`: as `message_post`."""
        self._check_posting()
        return super().message_post_with_source(source_ref, **kwargs)

    def message_mail_with_source(self, source_ref, **kwargs):
        """Override of `mail`: as `message_post`."""
        self._check_posting()
        return super().message_mail_with_source(source_ref, **kwargs)

    def _message_create(self, values_list):
        """Override of `mail`: what gets here was checked by the method that posts."""
        posting = self.with_context(rma_posting=OURS)
        return super(SaleRmaPosting, posting)._message_create(values_list)

    @api.private
    def message_change_thread(self, new_thread, new_parent_message=False):
        """Override of `mail`: not from outside."""
        return super().message_change_thread(new_thread, new_parent_message=new_parent_message)

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Override of `mail`: for the gateway, not from outside."""
        return super().message_new(msg_dict, custom_values=custom_values)

    @api.private
    def message_update(self, msg_dict, update_vals=None):
        """Override of `mail`: for the gateway, not from outside. What a program wrote is a note
        that nobody is told of."""
        self._hush(msg_dict)
        return super().message_update(msg_dict, update_vals=update_vals)

    @api.model
    def _hush(self, msg_dict):
        """Have `mail` post what a program wrote where only colleagues see it.

        :return: whether a program wrote it
        """
        if not msg_dict.get("rma_is_automatic"):
            return False
        msg_dict["is_internal"] = True
        msg_dict.pop("parent_id", None)  # whose author would be written to
        return True

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Override of `mail`: what a program wrote is told to nobody, and nobody's absence is
        told to it."""
        if kwargs.pop("rma_is_automatic", False):
            return []
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Override of `mail`: documents are no measure of mails; `sale.rma.mail.sender` is."""
        return []

    @api.model
    def _get_customer_message(self, post_data):
        """Return what is taken of what a customer posts in the portal: words and own files.

        :param dict post_data: as the page sent it
        """
        taken = ("body", "attachment_ids", "attachment_tokens")
        return {name: post_data[name] for name in taken if name in post_data}
