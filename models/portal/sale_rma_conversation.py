from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

MAX_MESSAGE = 5000  # signs
MAX_MESSAGE_FILES = 5
MESSAGES_SHOWN = 100


class SaleRma(models.Model):
    """What customer and shop write each other, on the page of the return: it is part of the page
    and a plain form, so that it needs no script and weighs nothing.

    The methods are called as superuser, after the return's access was checked (a login that may
    read it, or its token).
    """

    _inherit = "sale.rma"

    def _get_conversation(self):
        """Return the messages that the customer may read, the latest first (R8): what people
        wrote, no mail of a change of state, nothing between colleagues."""
        self.ensure_one()
        messages = self.env["mail.message"].sudo()  # access to the return was checked
        written = self._fields["website_message_ids"].get_comodel_domain(self)
        open_to_all = Domain("is_internal", "=", False)
        open_to_all &= Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
        not_empty = Domain("body", "!=", False) | Domain("attachment_ids", "!=", False)
        return messages.search(
            Domain(written) & Domain("res_id", "=", self.id) & open_to_all & not_empty,
            order="id desc",
            limit=MESSAGES_SHOWN,
        )

    def _customer_write(self, text, files):
        """Take what the customer writes, for the manager.

        :param str text: as typed
        :param list files: (name, content)
        :return: in words what is wrong; nothing where it was taken
        """
        self.ensure_one()
        text = text.replace("\0", "").strip()
        if not text and not files:
            return self.env._("Write a few words, or choose a file.")
        if len(text) > MAX_MESSAGE:
            return self.env._("At most %(count)s signs are possible.", count=MAX_MESSAGE)
        if len(files) > MAX_MESSAGE_FILES:
            return self.env._("At most %(count)s files are possible.", count=MAX_MESSAGE_FILES)
        try:
            files = self._clean_proofs(files)
        except ValidationError as error:
            return str(error)
        uploads = self.env["sale.rma.upload"]
        attachments = self.env["ir.attachment"]
        for name, content in files:
            attachments |= uploads._create_attachment(name, content, "mail.compose.message", 0)
        self.message_post(
            author_id=self._get_acting_partner().id,
            body=plaintext2html(text) if text else "",
            attachment_ids=attachments.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return None
