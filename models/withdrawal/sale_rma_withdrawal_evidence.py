import hashlib
import json
import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Letters and digits that are not mistaken for each other when read out.
NUMBER_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

# What the consumer declared, when and how: what the content hash runs over.
EVIDENCE_FIELDS = (
    "channel",
    "company_id",
    "contract",
    "customer_name",
    "email",
    "ip",
    "items",
    "lang",
    "login",
    "name",
    "order_id",
    "part",
    "rma_id",
    "statement",
    "submitted_at",
    "timezone",
    "token",
)


class SaleRmaWithdrawal(models.Model):
    """A withdrawal as evidence: numbered, hashed, and kept for as long as it may be asked for."""

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _make_number(self):
        """Return an acknowledgement number that tells nobody how many withdrawals there are."""
        signs = "".join(secrets.choice(NUMBER_SIGNS) for _sign in range(8))
        return f"W-{signs[:4]}-{signs[4:]}"

    def _get_content(self):
        """Return the values of the fields that are evidence."""
        self.ensure_one()
        content = {}
        for field_name in EVIDENCE_FIELDS:
            value = self[field_name]
            content[field_name] = value.id if isinstance(value, models.BaseModel) else value
        return content

    @api.model
    def _hash_content(self, content):
        """Return the SHA-256 of these values: of their JSON with sorted keys, in UTF-8."""
        values = {name: content.get(name) or None for name in EVIDENCE_FIELDS}
        values["submitted_at"] = fields.Datetime.to_string(values["submitted_at"])
        encoded = json.dumps(values, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(encoded).hexdigest()

    def _add_event(self, kind, **values):
        """Write down what became of the withdrawals."""
        # sudo: nobody has the right to write events; the callers know what happened
        return (
            self.env["sale.rma.withdrawal.event"]
            .sudo()
            .create([{"withdrawal_id": record.id, "kind": kind, **values} for record in self])
        )

    def _check_submitted(self):
        """:raise UserError: no statement that was handed in, as in a form not saved yet"""
        if not all(self.mapped("submitted_at")):
            raise UserError(self.env._("There is no receipt of what was not handed in."))

    @api.model
    def _get_outdated_domain(self):
        """Return the domain of what has been kept long enough, by each company's setting, and is
        not on hold."""
        now = fields.Datetime.now()
        # sudo: all companies that have any, by their own settings
        groups = self.sudo()._read_group([], ["company_id"])
        companies = self.env["res.company"].sudo().union(*(company for (company,) in groups))
        return Domain("is_on_hold", "=", False) & Domain.OR(
            Domain("company_id", "in", group.ids)
            & Domain("submitted_at", "<", now - relativedelta(years=max(years, 1)))
            for years, group in companies.grouped("rma_withdrawal_retention_years").items()
        )

    def _cron_delete_outdated(self):
        """Delete the withdrawals whose retention period is over."""
        outdated = self.search(self._get_outdated_domain(), limit=1000)
        # what they opened follows its own rules
        outdated.unlink()
        self.env["ir.cron"]._commit_progress(
            len(outdated), remaining=self.search_count(self._get_outdated_domain(), limit=1)
        )
