import re

from stdnum.exceptions import ValidationError as StdnumError
from stdnum.iso7064 import mod_37_36

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_split, unfold_references

from ...tools.mail_address import get_mailbox
from ..sale_rma_reference import compact

# A reference somewhere in a mail: letters, year, number, check character.
QUOTED_REFERENCE = re.compile(
    r"\b([A-Z]+)\W{0,2}(\d{4})\W{0,2}(\d{5,12})\W{0,2}([0-9A-Z])\b", re.IGNORECASE
)
# Most of a mail that is searched for references, and most references that are looked up.
MAX_SEARCHED = 20000
MAX_REFERENCES = 10
# Most open activities about what others write to a return.
MAX_ASKED = 5


class SaleRma(models.Model):
    """Mails that come in at the company's address for returns.

    An answer finds its return by the mail's headers (`mail` does that), a new mail by the
    reference in its subject or text. Nothing is lost: what belongs nowhere becomes a
    `sale.rma.inquiry`. Nobody gets into a customer's thread by knowing a reference: what others
    write is a note for colleagues.
    """

    _name = "sale.rma"
    _inherit = ["sale.rma", "sale.rma.mailbox"]

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Override of `mail`: a mail is no return, which needs an order.

        :return: the document whose thread the mail joins
        """
        company = self._get_mail_company(custom_values)
        self._hush(msg_dict)
        if document := self._find_answered_document(msg_dict):
            return document
        returns = self._find_quoted_returns(msg_dict, company)
        sender = email_normalize(msg_dict.get("email_from"))
        own = returns.filtered(lambda rma: rma._is_customer_address(sender))
        if own_told := own._filter_customer_visible():
            return own_told[0]
        if returns:
            returns[0]._take_as_note(msg_dict)
            return returns[0]
        return self.env["sale.rma.inquiry"]._create_from_mail(msg_dict, company)

    def message_update(self, msg_dict, update_vals=None):
        """Override of `mail`: answers join the thread; those of strangers as a note."""
        result = super().message_update(msg_dict, update_vals=update_vals)
        for rma in self:
            if not rma._is_party(msg_dict):
                rma._take_as_note(msg_dict)
        return result

    def _is_asked_about(self, user, sender):
        """Whether a colleague has an open activity about this sender, or enough of them."""
        activities = self.activity_ids.filtered(
            lambda activity: activity.user_id == user and "@" in (activity.summary or "")
        )
        senders = {
            get_mailbox(email)
            for summary in activities.mapped("summary")
            for email in email_split(summary)
        }
        return get_mailbox(sender) in senders or len(activities) >= MAX_ASKED

    @api.model
    def _get_mail_company(self, custom_values):
        company_id = (custom_values or {}).get("company_id")
        return self.env["res.company"].browse(company_id).exists() or self.env.company

    @api.model
    def _find_answered_document(self, msg_dict):
        """Return the message for staff or the withdrawal whose mail this one answers: the address
        is that of returns, so `mail` does not look for them."""
        headers = msg_dict.get("references") or msg_dict.get("in_reply_to") or ""
        message_ids = [reference.strip() for reference in unfold_references(headers)][-32:]
        message = (
            self.env["mail.message"]
            .sudo()  # the gateway looks for where a mail belongs
            .search(
                [
                    ("message_id", "in", message_ids),
                    ("model", "in", ("sale.rma.inquiry", "sale.rma.withdrawal")),
                ],
                order="id desc",
                limit=1,
            )
        )
        return self.env[message.model].browse(message.res_id).exists() if message else None

    @api.model
    def _find_quoted_returns(self, msg_dict, company):
        """Return the company's returns whose references a mail quotes, the subject's first."""
        text = "\n".join(
            [
                msg_dict.get("subject") or "",
                html2plaintext(msg_dict.get("body") or "")[:MAX_SEARCHED],
            ]
        )
        returns = self.browse()
        for match in list(QUOTED_REFERENCE.finditer(text))[:MAX_REFERENCES]:
            quoted = compact("".join(match.groups()))
            try:
                mod_37_36.validate(quoted)
            except StdnumError:
                continue
            found = self.search(
                [
                    ("company_id", "=", company.id),
                    ("name", "ilike", match[3]),
                    ("name", "=like", f"%{quoted[-1]}"),
                ]
            )
            returns |= found.filtered(lambda rma, quoted=quoted: compact(rma.name) == quoted)
        return returns

    def _is_party(self, msg_dict):
        """Whether a mail comes from the customer, a colleague or a follower."""
        self.ensure_one()
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        return bool(
            self._is_customer_address(email_normalize(msg_dict.get("email_from")))
            or author & self.message_partner_ids
            or author.user_ids.filtered(lambda user: user._is_internal())
        )

    def _take_as_note(self, msg_dict):
        """Have `mail` post a mail where only colleagues see it, and tell the manager: once for
        each sender, and not at all of what a program wrote."""
        self.ensure_one()
        msg_dict["is_internal"] = True
        msg_dict.pop("parent_id", None)  # whose author would be written to
        if msg_dict.get("rma_is_automatic"):
            return
        sender = msg_dict.get("email_from") or ""
        users = self.user_id.filtered("active") or self.company_id._get_rma_staff()
        for user in users:
            if self._is_asked_about(user, sender):
                continue
            self.with_context(lang=user.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.with_context(lang=user.lang).env._(
                    "Mail from somebody else: %(sender)s", sender=sender
                ),
                user_id=user.id,
            )
