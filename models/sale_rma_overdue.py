from odoo import api, fields, models
from odoo.fields import Domain


class SaleRma(models.Model):
    """Accepted returns whose last day is over."""

    _inherit = "sale.rma"

    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.depends("state", "date_expiry")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain(self.company_id))
        for rma in self:
            rma.is_late = rma in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_late_domain()
        return domain if True in value else ~domain

    def _get_late_domain(self, companies=None):
        """Return the domain of returns that are overdue where their company is: here those whose
        goods are; a hook for rooms that wait for something else.

        :param companies: those of the returns, if known
        """
        expired = self.env["sale.rma.clock"]._get_past_domain("date_expiry", companies)
        return Domain("state", "=", "accepted") & expired
