from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

RETURN_FIELDS = (
    "name company_id order_id partner_id partner_shipping_id email rma_type state date_requested "
    "date_accepted date_received date_done date_proof tracking_ref customer_note public_note "
    "close_reason amount_estimated amount_refunded"
)
LINE_FIELDS = "product_id quantity product_uom_id reason_id resolution note"
WITHDRAWAL_FIELDS = (
    "name company_id submitted_at timezone customer_name contract part items email statement lang "
    "channel login ip matched_order_id content_hash is_on_hold"
)
EVENT_FIELDS = "date kind note"
INQUIRY_FIELDS = "name company_id email_from partner_id state create_date"
GUEST_FIELDS = "order_ref email lang create_date"
UPLOAD_FIELDS = "name order_id create_date"


class SaleRmaPersonalData(models.AbstractModel):
    """What this addon keeps about one person: to hand it over (GDPR art. 15) and to erase it
    (art. 17). To be called for sales managers only, who checked who it is that asks."""

    _name = "sale.rma.personal.data"
    _description = "Personal Data of Returns"

    @api.model
    def _find(self, partner, email):
        """Return {name: records, as superuser} of what is about a person, in the companies that
        are chosen.

        :param partner: `res.partner`, with all its contacts; may be empty
        :param str email: as typed; may be empty
        """
        email = email_normalize(email or "")
        in_companies = Domain("company_id", "in", self.env.companies.ids)
        env = self.sudo().env  # sudo: all that is kept, also what the manager's lists do not show
        partners = env["res.partner"].with_context(active_test=False)
        partners = partners.search([("id", "child_of", partner.ids)]) if partner else partners

        def find(model, partner_field, email_field, company=in_companies):
            about = Domain(partner_field, "in", partners.ids)
            if email and email_field:
                about |= Domain(email_field, "ilike", email)
            # `ilike` also finds longer addresses
            return (
                env[model]
                .search(about & company)
                .filtered(
                    lambda record: (
                        record.mapped(partner_field) & partners
                        or (email_field and email_normalize(record[email_field] or "") == email)
                    )
                )
            )

        of_order = Domain("order_id.company_id", "in", self.env.companies.ids)
        return {
            "returns": find("sale.rma", "partner_id", "email"),
            "withdrawals": find("sale.rma.withdrawal", "matched_order_id.partner_id", "email"),
            "messages": find("sale.rma.inquiry", "partner_id", "email_from"),
            "guest_requests": find(
                "sale.rma.guest.request",
                "order_id.partner_id",
                "email",
                company=of_order | Domain("order_id", "=", False),
            ),
            "uploads": find("sale.rma.upload", "order_id.partner_id", None, company=of_order),
        }

    # === EXPORT === #

    @api.model
    def _export(self, found):
        """Return what is kept as plain data for JSON. Notes colleagues wrote to themselves are
        not in it.

        :param dict found: see `_find`
        """
        return {
            "exported_at": fields.Datetime.to_string(fields.Datetime.now()) + " UTC",
            "returns": [self._export_return(rma) for rma in found["returns"]],
            "withdrawals": [self._export_withdrawal(record) for record in found["withdrawals"]],
            "messages": [
                {**self._read(record, INQUIRY_FIELDS), "thread": self._export_thread(record)}
                for record in found["messages"]
            ],
            "guest_requests": [self._read(row, GUEST_FIELDS) for row in found["guest_requests"]],
            "uploads": [self._read(row, UPLOAD_FIELDS) for row in found["uploads"]],
        }

    def _export_return(self, rma):
        return {
            **self._read(rma, RETURN_FIELDS),
            "items": [
                {
                    **self._read(line, LINE_FIELDS),
                    "photos": line.attachment_ids.mapped("name"),
                }
                for line in rma.line_ids
            ],
            "proofs": rma.proof_attachment_ids.mapped("name"),
            "thread": self._export_thread(rma),
        }

    def _export_withdrawal(self, withdrawal):
        return {
            **self._read(withdrawal, WITHDRAWAL_FIELDS),
            "events": [self._read(event, EVENT_FIELDS) for event in withdrawal.event_ids],
            "thread": self._export_thread(withdrawal),
        }

    def _export_thread(self, record):
        """Return the messages of a thread that are not internal, oldest first."""
        return [
            {
                "date": fields.Datetime.to_string(message.date),
                "author": message.author_id.name or message.email_from or "",
                "subject": message.subject or "",
                "text": html2plaintext(message.body or ""),
                "files": message.attachment_ids.mapped("name"),
            }
            for message in record.message_ids.sorted("id")
            if not message.is_internal and not message.subtype_id.internal
        ]

    def _read(self, record, names):
        """Return fields as plain values, records by their names."""
        values = {}
        for name in names.split():
            value = record[name]
            if isinstance(value, models.BaseModel):
                value = value.display_name
            elif record._fields[name].type == "datetime":
                value = fields.Datetime.to_string(value)
            values[name] = value or None
        return values

    # === ERASURE === #

    @api.model
    def _erase(self, found):
        """Erase all that nothing obliges to keep. Returns, and withdrawals of an order, are kept
        for as long as the law asks; they are told.

        :param dict found: see `_find`
        :return: records that are kept, {name: records}
        """
        erasable = found["withdrawals"]._filter_erasable()
        erasable.with_env(self.env)._erase()
        for name in ("messages", "guest_requests", "uploads"):
            records = found[name]
            if records and "company_id" in records._fields:
                self.env["sale.rma.erasure"]._log(records)
            records.unlink()
        return {"returns": found["returns"], "withdrawals": found["withdrawals"] - erasable}
