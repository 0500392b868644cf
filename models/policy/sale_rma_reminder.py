from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class SaleRma(models.Model):
    """Customers who have not sent an accepted return are reminded: once when they are expected to
    have sent it, once before it closes. Nothing is sent where the settings ask for nothing."""

    _inherit = "sale.rma"

    date_reminded = fields.Datetime(string="Reminded of the Parcel On", readonly=True, copy=False)
    date_expiry_reminded = fields.Datetime(
        string="Reminded of the Last Day On", readonly=True, copy=False
    )

    @api.model
    def _cron_remind(self):
        """Remind whom the settings say, once each; a mail is committed with the note of it."""
        due = [(rma, "date_expiry_reminded") for rma in self._find_expiry_to_remind()]
        told = {rma for rma, _name in due}
        # one mail at a time: the last day is what matters more
        due += [(rma, "date_reminded") for rma in self._find_unsent_to_remind() if rma not in told]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(due))
        for rma, name in due:
            own = rma.try_lock_for_update(allow_referencing=True)
            if own and own.state == "accepted" and not own[name]:
                own[name] = fields.Datetime.now()
                own._remind(name)
            if not crons._commit_progress(1):
                break

    @api.model
    def _find_unsent_to_remind(self):
        """Return accepted returns that were to be sent by now, and of which nothing shows it."""
        domains = [
            Domain("company_id", "=", company.id)
            & Domain(
                "date_accepted",
                "<=",
                fields.Datetime.subtract(fields.Datetime.now(), days=company.rma_reminder_days),
            )
            for company in self.env["res.company"].search([("rma_reminder_days", ">", 0)])
        ]
        domain = Domain("date_reminded", "=", False) & Domain("date_proof", "=", False)
        found = self.search(domain & Domain("state", "=", "accepted") & Domain.OR(domains))
        return found.filtered(lambda rma: rma._is_to_be_sent())

    @api.model
    def _find_expiry_to_remind(self):
        """Return accepted returns whose last day comes soon, and of which nothing shows that they
        were sent."""
        domains = []
        for company in self.env["res.company"].search([("rma_expiry_reminder_days", ">", 0)]):
            today = self.env["sale.rma.clock"]._get_company_day(company)
            last = fields.Date.add(today, days=company.rma_expiry_reminder_days)
            domains.append(
                Domain("company_id", "=", company.id)
                & Domain("date_expiry", ">=", today)
                & Domain("date_expiry", "<=", last)
            )
        domain = Domain("date_expiry_reminded", "=", False) & Domain("date_proof", "=", False)
        domain &= Domain("rma_type", "not in", self._get_types_without_expiry())
        found = self.search(domain & Domain("state", "=", "accepted") & Domain.OR(domains))
        return found.filtered(lambda rma: rma._is_to_be_sent())

    def _is_to_be_sent(self):
        """Whether a parcel is awaited and nothing shows that it is on its way; the number on a
        label we gave shows nothing."""
        self.ensure_one()
        is_typed = self.tracking_ref and self.tracking_ref not in self._get_label_numbers()
        return self._is_parcel_awaited() and not is_typed

    def _get_label_numbers(self):
        """Return the tracking numbers of the labels we gave; a hook for the room that asks for
        them."""
        return ()

    def _remind(self, name):
        """Write to the customer, in his language."""
        self.ensure_one()
        rma = self.with_context(lang=self.partner_id.lang or self.env.lang)
        texts = [
            rma.env._(
                "You asked to return items (%(rma)s), and they have not arrived yet.", rma=rma.name
            )
        ]
        if rma._get_label_numbers():
            texts.append(rma.env._("Your return label is on the page of the return."))
        if rma.date_expiry:
            texts.append(
                rma.env._(
                    "Please send them by %(date)s.", date=format_date(rma.env, rma.date_expiry)
                )
            )
        texts.append(rma.env._("If they are on their way, there is nothing to do."))
        rma._post_to_customer(" ".join(texts))
