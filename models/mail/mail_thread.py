from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize
from odoo.tools.mail import generate_tracking_message_id

# Headers that say by being there that no person wrote the mail, and values that say it.
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")
AUTOMATIC_PRECEDENCE = ("auto_reply", "bulk", "junk", "list")


class MailThread(models.AbstractModel):
    """What comes in at the address for returns has a brake."""

    _inherit = "mail.thread"

    @api.model
    def _is_rma_route(self, routes):
        """Whether a mail is for returns, their withdrawals or their inquiries."""
        documents = self.env.registry["sale.rma.posting"]
        return any(isinstance(self.env[route[0]], documents) for route in routes or ())

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Override of `mail`: what a mail says, and of whom, is posted as superuser, wherever its
        caller says. Odoo's own mail servers do so; the script for mail transfer agents has to log
        in as an administrator.

        :raise AccessError: somebody else hands in a mail for returns
        """
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if self._is_rma_route(routes) and not self.env.is_system():
            raise AccessError(
                self.env._(
                    "Mails for returns are handed in by the mail server or an administrator."
                )
            )
        return routes

    @api.model
    def _is_automatic_mail(self, message):
        """Whether a program wrote the mail by itself (RFC 3834), such as an answer of somebody
        who is away.

        :param email.message.EmailMessage message: that came in
        """
        submitted = (message.get("Auto-Submitted") or "no").partition(";")[0].strip().lower()
        precedence = (message.get("Precedence") or "").strip().lower()
        return (
            submitted != "no"
            or precedence in AUTOMATIC_PRECEDENCE
            or (message.get("Return-Path") or "").strip() == "<>"
            or any((message.get(name) or "no").lower() != "no" for name in AUTOMATIC_HEADERS)
        )

    def _message_parse_post_process(self, message, message_dict, routes):
        """Override of `mail`: what a program wrote is marked, where it is for returns."""
        values = super()._message_parse_post_process(message, message_dict, routes)
        if self._is_rma_route(routes) and self._is_automatic_mail(message):
            values["rma_is_automatic"] = True
        return values

    def _get_notify_valid_parameters(self):
        """Override of `mail`: the mark reaches those that are told of a message."""
        return super()._get_notify_valid_parameters() | {"rma_is_automatic"}

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Override of `mail`: it counts the records of the model that an address leads to, and a
        mail about returns seldom becomes one; here every mail counts."""
        if self._is_rma_route(routes):
            sender = email_normalize(message_dict.get("email_from")) or ""
            is_automatic = self._is_automatic_mail(message)
            brake = self.env["sale.rma.mail.sender"].sudo()  # of the gateway
            if brake._is_braked(sender, message_dict, routes, is_automatic):
                if brake._is_to_be_told(sender) and not is_automatic:
                    self._tell_rma_sender(message, message_dict)
                return True
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _tell_rma_sender(self, message, message_dict):
        """Tell, once, that further mails are not read, as `mail` does."""
        body = self.env["ir.qweb"]._render(
            "mail.message_notification_limit_email",
            {"email": message_dict.get("to")},
            minimal_qcontext=True,
            raise_if_not_found=False,
        )
        reference = generate_tracking_message_id("loop-detection-bounce-email")
        self._routing_create_bounce_email(
            message_dict["email_from"],
            body,
            message,
            references=f"{message_dict['message_id']} {reference}",
        )
