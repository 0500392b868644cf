from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

# Most open activities about one order; what no order is known of is one matter for all.
ASKED_PER_ORDER = 3
DIGEST_HOURS = 1
DIGEST_LINES = 20


class ResCompany(models.Model):
    _inherit = "res.company"

    rma_withdrawal_digest_at = fields.Datetime(
        help="When colleagues were last told of withdrawals that fit no order."
    )


class SaleRmaWithdrawal(models.Model):
    """What colleagues are asked and told: whoever floods the form is no reason to flood them."""

    _inherit = "sale.rma.withdrawal"

    def _ask_staff(self, summary, note=""):
        """Schedule an activity for the staff, unless they were asked already: once for all that
        no order is known of, a few times for an order.

        :param str summary: in the company's language
        """
        self.ensure_one()
        order = self.matched_order_id
        same_matter = Domain("company_id", "=", self.company_id.id) & Domain(
            "matched_order_id", "=", order.id
        )
        for user in self.company_id._get_rma_staff():
            asked = [("user_id", "=", user.id), ("summary", "=", summary)]
            open_matters = self.search_count(same_matter & Domain("activity_ids", "any", asked))
            if open_matters < (ASKED_PER_ORDER if order else 1):
                self.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, note=note, user_id=user.id
                )
                if not order:  # which `mail` tells them of
                    self.company_id.rma_withdrawal_digest_at = fields.Datetime.now()

    @api.model
    def _send_digests(self):
        """Tell the staff, once an hour, of the statements that fit no order and that they were
        not told of one by one."""
        now = fields.Datetime.now()
        asked = Domain("kind", "=", "asked") & Domain("date", ">", now - relativedelta(days=1))
        unplaced = self.search(
            Domain("matched_order_id", "=", False)
            & self._get_to_check_domain()
            & Domain("event_ids", "any", asked)
        )
        for company, withdrawals in unplaced.grouped("company_id").items():
            since = company.rma_withdrawal_digest_at or now - relativedelta(days=1)
            if since > now - relativedelta(hours=DIGEST_HOURS):
                continue
            untold = withdrawals.filtered(
                lambda withdrawal, since=since: any(
                    event.kind == "asked" and event.date > since for event in withdrawal.event_ids
                )
            )
            if untold:
                company.rma_withdrawal_digest_at = now
                untold[0]._localize()._send_digest(untold)

    def _send_digest(self, withdrawals):
        """Tell the staff of the company of many statements in one message."""
        company = self.company_id
        lines = Markup().join(
            Markup("<li>%s: %s</li>") % (withdrawal.name, withdrawal.customer_name)
            for withdrawal in withdrawals[:DIGEST_LINES]
        )
        subject = self.env._("Withdrawals to place: %(count)s", count=len(withdrawals))
        text = self.env._(
            "%(count)s statements fit no order by themselves. They wait under Withdrawals.",
            count=len(withdrawals),
        )
        self.env["mail.thread"].with_context(mail_notify_force_send=True).message_notify(
            author_id=company.partner_id.id,
            email_from=company.email_formatted,
            body=Markup("<p>%s</p><ul>%s</ul>") % (text, lines),
            partner_ids=company._get_rma_staff().partner_id.ids,
            subject=subject,
        )
