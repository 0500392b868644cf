from odoo import api, fields, models
from odoo.fields import Domain


class SaleRma(models.Model):
    """The last day for the goods of an accepted return."""

    _inherit = "sale.rma"

    def _cron_expire(self):
        """Close accepted returns that nothing came for in time."""
        past = self.env["sale.rma.clock"]._get_past_domain("date_expiry")
        domain = Domain("state", "=", "accepted") & past
        domain &= Domain("rma_type", "not in", self._get_types_without_expiry())
        due = self.search(domain, order="id")
        remaining = len(due)
        for rma in due:
            # somebody may be receiving, or have changed the date, at this moment
            expired = rma.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
            if expired and not any(expired.line_ids.mapped("qty_received")):
                expired._cancel_documents()
                expired._change_state("expired")
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _set_expiry(self):
        """Give accepted returns the last day for their goods, unless somebody chose one."""
        for company, rmas in (
            self.filtered(lambda rma: not rma.date_expiry and not rma._is_all_unsent())
            .grouped("company_id")
            .items()
        ):
            # sudo: a setting that customers are told
            if days := company.sudo().rma_expiry_days:
                for day, of_day in rmas.grouped(lambda rma: rma._get_last_day(days)).items():
                    # sudo: the rights were checked, the date is the program's
                    of_day.sudo().date_expiry = day

    def _get_last_day(self, days):
        """Return the last day for the goods of a return that is accepted now.

        :param int days: what the company gives
        """
        self.ensure_one()
        today = self.env["sale.rma.clock"]._get_company_day(self.company_id)
        return fields.Date.add(today, days=days)

    @api.model
    def _get_types_without_expiry(self):
        """Return the kinds of returns that no cron closes: who withdrew has withdrawn, however
        late the goods are. A hook for rooms with more of them."""
        return ("withdrawal",)
