from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

DATES = (
    "date_requested",
    "date_accepted",
    "date_received",
    "date_done",
    "date_informed",
    "date_expiry",
    "date_refund_due",
)


class SaleRma(models.Model):
    """How a return stands, for other programs (docs/api.md)."""

    _inherit = "sale.rma"

    @api.model
    def follow(self, external_ref, company_id=None):
        """Tell how a return stands.

        :param str external_ref: what the caller calls the return
        :param int company_id: which company's, where several have one of this reference
        :return: dict with what `process` answers (`refunds`, `exchanges` and `repayments` in all),
            `dates` (by the names of the fields: moments in UTC, days as they are), `lines`
            (quantities in the sold line's unit), `amount_estimated` (tax included) and
            `messages`: what customer and shop wrote to each other, oldest first, as text
        :raise UserError: no such return
        :raise AccessError: no right to read it
        """
        rma = self._get_by_external_ref(external_ref, company_id)
        return {
            **rma._describe_processed(),
            "amount_estimated": rma.amount_estimated,
            "tracking_ref": rma.tracking_ref or None,
            "dates": rma._describe_dates(),
            "lines": [line._describe() for line in rma.line_ids],
            "messages": rma._describe_messages(),
        }

    def _describe_dates(self):
        self.ensure_one()
        dates = {}
        for name in DATES:
            field = self._fields[name]
            dates[name] = field.to_string(self[name]) if self[name] else None
        return dates

    def _describe_messages(self):
        """Return what customers see of the conversation (R8), oldest first."""
        self.ensure_one()
        messages = self.env["mail.message"]
        found = messages.search(
            messages._get_search_domain_share()
            & Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", ("comment", "email", "email_outgoing")),
            order="id",
        )
        return [
            {
                "id": message.id,
                "date": fields.Datetime.to_string(message.date),
                "author": message.author_id.name or message.email_from or "",
                "is_customer": not message.author_id.user_ids.filtered(
                    lambda user: user._is_internal()
                ),
                "text": html2plaintext(message.body or ""),
            }
            for message in found
        ]
