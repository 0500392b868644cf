from odoo import models
from odoo.tools import email_normalize

from ...tools.context_marks import OURS


class SaleRma(models.Model):
    """The thread of a return: who is written to and where, posting for many."""

    _inherit = "sale.rma"

    # === RECIPIENTS === #

    def _mail_get_partners(self, introspect_fields=False):
        """Override of `mail`: what customers may not know of has none to write to (R8)."""
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        for rma in self - self._filter_customer_visible():
            partners[rma.id] = self.env["res.partner"]
        return partners

    def _message_add_default_recipients(self):
        """Override of `mail`: what customers may not know of proposes nobody (R8)."""
        recipients = super()._message_add_default_recipients()
        for rma in self - self._filter_customer_visible():
            recipients[rma.id].update(email_to_lst=[], partners=self.env["res.partner"])
        return recipients

    def _get_notice_email(self):
        """Return the address notices go to, normalized, if it is not the customer's own."""
        email = email_normalize(self.email)
        return email if email != self.partner_id.email_normalized else False

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Override of `mail`: the customer is written to at the address given on the return."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        notice_email = self and self._get_notice_email()
        if not notice_email:
            return recipients
        emails = {data["email_normalized"] for data in recipients}
        redirected = []
        for data in recipients:
            if data["id"] == self.partner_id.id and data["notif"] == "email":
                if notice_email in emails:
                    continue
                data = {**data, "id": False, "uid": False, "email_normalized": notice_email}
            redirected.append(data)
        return redirected

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Override of `portal`: the customer's button opens the return, at either address."""
        groups = super(SaleRma, self.with_context(rma_own_link=OURS))._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        notice_email = self._get_notice_email()
        return [
            (name, self._is_customer_data(notice_email), self._prepare_customer_group(data))
            if name == "portal_customer"
            else (name, belongs, data)
            for name, belongs, data in groups
        ]

    def _is_customer_data(self, notice_email):
        customer_id = self.partner_id.id
        return lambda data: (
            data["id"] == customer_id or (notice_email and data["email_normalized"] == notice_email)
        )

    def _prepare_customer_group(self, data):
        customer_id = self.partner_id.id
        # sudo: as `portal` does, whoever may post may have the customer's link made
        rma_sudo = self.sudo()
        url = rma_sudo.get_portal_url(
            query_string=f"&pid={customer_id}&hash={rma_sudo._sign_token(customer_id)}"
        )
        button = {"url": self.get_base_url() + url, "title": self.env._("View your return")}
        return {**data, "button_access": button}

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail`: name the order beside the return."""
        values = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        if self:
            order = self.sudo().order_id.name  # the name only
            values["subtitles"] = [values["record"].name, self.env._("Order %s", order)]
        return values

    # === POSTING === #

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """Override of `mail`: who is put in charge of what is under way follows it and is told."""
        followers = super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)
        # sudo: users are not readable for everybody
        manager = self.env["res.users"].sudo().browse(updated_values.get("user_id") or ())
        if manager.active and any(rma.state != "draft" for rma in self):
            template = "mail.message_user_assigned" if manager != self.env.user else False
            followers.append((manager.partner_id.id, default_subtype_ids, template))
        return followers

    def _message_post_after_hook(self, message, msg_values):
        """Override of `mail`: what is sent to the customer with the composer is in the history."""
        if msg_values.get("message_type") == "comment" and msg_values.get("email_layout_xmlid"):
            emails = {self.partner_id.email_normalized, self._get_notice_email()} - {False}
            addresses = set(message.partner_ids.mapped("email_normalized")) & emails
            if addresses:
                text = self.env._("Customer told: %(subject)s", subject=message.subject or "")
                self._log_history("notified", {self.id: f"{text} ({', '.join(addresses)})"})
        return super()._message_post_after_hook(message, msg_values)
