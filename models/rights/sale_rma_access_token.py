import re

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import NO_ACCESS

# A link to the page of a return, with the key behind it.
KEYED_LINK = re.compile(
    r"((?:/my/returns/\d+|/mail/view)\?[^\"'\s<>]*?)access_token=[\w-]+(?:&amp;|&)?"
)


def take_key_out(values):
    """Take the key out of the links in the values of a message about a return."""
    body = values.get("body")
    if values.get("model") == "sale.rma" and body and "access_token=" in body:
        values["body"] = type(body)(KEYED_LINK.sub(r"\1", body))


class SaleRma(models.Model):
    """The customer's key (issue 12, 5): whoever holds the token of a return may cancel it, show
    that it was posted and read what the customer reads. So no field shows it, nor can it be
    searched for; links have it for those only who may act for the customer
    (`_may_act_for_customer`); mails have it for the customer only."""

    _inherit = "sale.rma"

    access_token = fields.Char(groups=NO_ACCESS)

    # === LINKS === #

    def _portal_ensure_token(self):
        # sudo: nobody may read the field; to give the key away is the caller's to decide
        return super(SaleRma, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: as above
        return super(SaleRma, self.sudo())._sign_token(pid)

    def get_portal_url(self, *args, **kwargs):
        """Override of `portal`: with the key for those only who may act for the customer; others
        come in by their own rights."""
        self.ensure_one()
        # sudo: the address of a page says nothing; its key is taken out again
        url = super(SaleRma, self.sudo()).get_portal_url(*args, **kwargs)
        if self._may_act_for_customer():
            return url
        key = f"access_token={self._portal_ensure_token()}"
        return url.replace(f"{key}&", "").replace(f"?{key}", "")

    def _get_document_url(self, document):
        """Return the link to a document of the return, such as a credit note, for whoever this is:
        the customer's; for colleagues, who come in by their own rights, one without its key;
        nothing for who may neither read it nor act for the customer."""
        self.ensure_one()
        if not self.env.su and document.with_env(self.env).has_access("read"):
            return document.access_url
        # sudo: a document of the customer's own return
        return document.sudo().get_portal_url() if self._may_act_for_customer() else None

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """Override of `portal`: as `get_portal_url`."""
        self.check_access("read")
        may_act = self._may_act_for_customer()
        # sudo: read access was checked
        return super(SaleRma, self.sudo())._get_share_url(
            redirect=redirect,
            signup_partner=signup_partner and may_act,
            pid=pid if may_act else None,
            share_token=share_token and may_act,
        )

    # === MAILS === #

    def _message_create(self, values_list):
        """Override of `mail`: the thread is read by colleagues who may not act for the customer,
        so what is written there has links without the key."""
        for values in values_list:
            # in place: notifications are made of the same values
            take_key_out(values)
        return super()._message_create(values_list)

    def _notify_by_email_render_layout(self, message, recipients_group, **kwargs):
        """Override of `mail`: in the customer's own mail the links have the key."""
        body = super()._notify_by_email_render_layout(message, recipients_group, **kwargs)
        if not self or recipients_group.get("notification_group_name") != "portal_customer":
            return body
        link = rf"/my/returns/{self.id}\?(?!access_token=)"
        # sudo: it goes to the customer, whoever writes
        key = f"/my/returns/{self.id}?access_token={self.sudo()._portal_ensure_token()}&amp;"
        return Markup(re.sub(link, key, body))
