import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools.mail_address import get_mailbox

_logger = logging.getLogger(__name__)

KEPT_DAYS = 1


class SaleRmaMailSender(models.Model):
    """Who wrote to the address for returns of late: one row for each mail. Nobody has rights on
    this model; its rows go after a day."""

    _name = "sale.rma.mail.sender"
    _description = "Sender of Mails about Returns"
    _inherit = ["sale.rma.incoming"]
    _rec_name = "mailbox"

    mailbox = fields.Char(required=True, readonly=True, index=True)

    @api.model
    def _is_braked(self, sender, msg_dict, routes, is_automatic):
        """Count a mail; return whether its sender wrote too many of late, by the limits of `mail`
        (`mail.gateway.loop.threshold` mails in `mail.gateway.loop.minutes`).

        Colleagues, and customers who answer in the threads of their returns, are people at work:
        `mail` limits these by thread.

        :param str sender: normalized address
        :param list routes: where the mail is for, see `mail`
        """
        if not sender or (not is_automatic and self._is_known(msg_dict, routes)):
            return False
        allowed = self.env["mail.gateway.allowed"]
        if allowed.search_count([("email_normalized", "=", sender)], limit=1):
            return False
        count = self._count_lately(sender)
        self.create({"mailbox": get_mailbox(sender)})
        if count < self._get_threshold():
            return False
        _logger.info("Mail of %s about returns ignored: too many of late", sender)
        return True

    @api.model
    def _is_known(self, msg_dict, routes):
        """Whether a mail is a colleague's, or answers in threads its sender takes part in."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        if any(user._is_internal() for user in author.user_ids):
            return True
        return all(
            model == "sale.rma"
            and thread_id
            and self.env[model].browse(thread_id)._is_party(msg_dict)
            for model, thread_id, *_rest in routes
        )

    @api.model
    def _count_lately(self, sender):
        param = self.env["ir.config_parameter"].get_param
        minutes = int(param("mail.gateway.loop.minutes", 120))
        since = fields.Datetime.now() - relativedelta(minutes=minutes)
        return self.search_count(
            [("mailbox", "=", get_mailbox(sender)), ("create_date", ">=", since)]
        )

    @api.model
    def _get_threshold(self):
        return int(self.env["ir.config_parameter"].get_param("mail.gateway.loop.threshold", 20))

    @api.model
    def _is_to_be_told(self, sender):
        """Whether the mail that was counted last is the first one too many."""
        return self._count_lately(sender) == self._get_threshold() + 1

    @api.autovacuum
    def _gc_mail_senders(self):
        limit = fields.Datetime.now() - relativedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
