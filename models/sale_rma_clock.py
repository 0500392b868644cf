from collections import defaultdict

import pytz

from odoo import api, fields, models
from odoo.fields import Domain


class SaleRmaClock(models.AbstractModel):
    """What day it is: the one answer for every term, window, due date and document of returns.

    A day is the consumer's where the consumer does something (declares, receives, posts a parcel)
    and the company's where the company does (sends, receives back, pays), docs/law.md L15 and L17.
    """

    _name = "sale.rma.clock"
    _description = "Days of Customer Returns"

    # === ZONES === #

    @api.model
    def _get_consumer_zone(self, partner, company):
        """Return the time zone a consumer lives in: the partner's own, else that of the country,
        else the company's.

        :return: `pytz` time zone
        """
        # sudo: where somebody lives decides on terms, whoever asks for them
        partner = partner.sudo()
        company_zone = company.sudo()._get_rma_timezone()
        if partner.tz:
            return pytz.timezone(partner.tz)
        # pytz names the zone where most people live first
        names = pytz.country_timezones.get(partner.country_id.code or "", [])
        if not names or company_zone.zone in names:
            return company_zone
        return pytz.timezone(names[0])

    # === DAYS === #

    @api.model
    def _get_day(self, moment, zone):
        """Return the date of a moment (UTC, default now) in a time zone."""
        moment = moment or fields.Datetime.now()
        return pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    def _get_company_day(self, company, moment=None):
        """Return the company's date at a moment (UTC, default now)."""
        # sudo: the zone of the company's calendar, which not everybody may read
        return self._get_day(moment, company.sudo()._get_rma_timezone())

    @api.model
    def _get_consumer_day(self, partner, company, moment=None):
        """Return the consumer's date at a moment (UTC, default now)."""
        return self._get_day(moment, self._get_consumer_zone(partner, company))

    @api.model
    def _get_past_domain(self, field_name, companies=None):
        """Return the domain of records whose date lies before their company's today.

        :param str field_name: a date, of a model with `company_id`
        :param companies: those of the records, if known
        """
        if companies is None:
            # sudo: all that the search may meet, archived ones too
            companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        by_day = defaultdict(list)
        for company in companies:
            by_day[self._get_company_day(company)].append(company.id)
        return Domain.OR(
            Domain("company_id", "in", ids) & Domain(field_name, "<", day)
            for day, ids in by_day.items()
        )
