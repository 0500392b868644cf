from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.late_refund import get_late_part

# Days before the last one, at which the manager is reminded.
REMIND_DAYS = 3
REMIND_BATCH = 500


class SaleRma(models.Model):
    """Money that is owed and late: seen before the day, told apart from late parcels, with what it
    costs (docs/law.md L17, L22)."""

    _inherit = "sale.rma"

    is_refund_late = fields.Boolean(search="_search_is_refund_late")
    late_message = fields.Char(string="Late", compute="_compute_late_message")
    amount_late_exposure = fields.Monetary(
        string="Cost of the Delay",
        compute="_compute_amount_late_exposure",
        compute_sudo=True,  # what is owed on the return, for whoever sees it
        help="What the law adds to a refund of a withdrawal that is so late: in France by "
        "L.242-4 of the code de la consommation, elsewhere the legal interest of the settings.",
    )
    date_refund_reminded = fields.Date(
        readonly=True, copy=False, help="Last day of the refund that its manager was reminded of."
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"date_refund_reminded"}

    def _search_is_refund_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_refund_late_domain()
        return domain if True in value else ~domain

    @api.depends("is_late", "is_refund_late")
    def _compute_late_message(self):
        for rma in self:
            rma.late_message = ""
            if rma.is_refund_late:
                rma.late_message = self.env._("Money")
            elif rma.is_late:
                rma.late_message = self.env._("Parcel")

    @api.depends("is_refund_late")
    def _compute_amount_late_exposure(self):
        clock = self.env["sale.rma.clock"]
        for rma in self:
            rma.amount_late_exposure = 0.0
            if rma.rma_type != "withdrawal" or not rma.is_refund_late:
                continue
            company = rma.company_id
            days = (clock._get_company_day(company) - rma.date_refund_due).days
            rate = company.rma_legal_interest_rate
            part = get_late_part(days, rate, company.country_id.code)
            rma.amount_late_exposure = rma.currency_id.round(rma._get_amount_owed() * part)

    def _get_amount_owed(self):
        """Return what is to be given back and was not, tax included, in the order's currency."""
        self.ensure_one()
        owed = 0.0
        for move in self.refund_ids.filtered(lambda move: move.state in ("draft", "posted")):
            whole = move._get_total_in(self.currency_id)
            if move.state == "posted" and move.amount_total:
                whole *= abs(move.amount_residual / move.amount_total)
            owed += whole
        return owed + (self.amount_estimated if self.state in self._get_live_states() else 0.0)

    # === BEFORE THE DAY === #

    def _cron_remind_refunds(self):
        """Have managers give money back before it is late: once for each last day."""
        soon = fields.Date.add(fields.Date.today(), days=REMIND_DAYS)
        owed = Domain("state", "in", self._get_live_states()) | self._get_unpaid_domain()
        due = self.search(
            owed
            & Domain("date_refund_due", "!=", False)
            & Domain("date_refund_due", "<=", soon)
            & (
                Domain("date_refund_reminded", "=", False)
                | Domain("date_refund_reminded", "<", soon - timedelta(days=2 * REMIND_DAYS))
            ),
            order="date_refund_due, id",
            limit=REMIND_BATCH,
        )
        for rma in due.filtered(lambda rma: rma.date_refund_reminded != rma.date_refund_due):
            rma.date_refund_reminded = rma.date_refund_due
            for user in rma.user_id or rma.company_id._get_rma_staff():
                localized = rma.with_context(lang=user.lang)
                localized.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=rma.date_refund_due,
                    summary=localized.env._("Give the money back"),
                    user_id=user.id,
                )
