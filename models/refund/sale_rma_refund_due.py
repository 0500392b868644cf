from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class SaleRma(models.Model):
    """The last day to give the money back, and what is past it (docs/law.md L17 and L18)."""

    _inherit = "sale.rma"

    date_refund_due = fields.Date(
        string="Refund Due",
        compute="_compute_date_refund_due",
        store=True,
        help="Last day to give the money back: 14 days after a withdrawal was declared "
        "(later while the goods are not back), or after the goods of a return came back.",
    )
    is_refund_late = fields.Boolean(
        compute="_compute_is_refund_late", help="The money had to be given back already (L17)."
    )

    @api.depends(
        "rma_type",
        "date_informed",
        "date_requested",
        "date_received",
        "date_proof",
        "line_ids.qty_unsent",
        "line_ids.credit_line_ids.parent_state",
        "state",
    )
    def _compute_date_refund_due(self):
        """Law: CRD art. 13, docs/law.md L17 and L18."""
        for rma in self:
            is_closed = rma._is_closed_without()
            rma.date_refund_due = False if is_closed else rma._get_refund_due()

    @api.depends("state", "date_refund_due", "refund_ids.payment_state")
    def _compute_is_late(self):
        """Override: a return is late with its money, too."""
        super()._compute_is_late()

    @api.depends("state", "date_refund_due", "refund_ids.payment_state")
    def _compute_is_refund_late(self):
        late = self.filtered_domain(self._get_refund_late_domain(self.company_id))
        for rma in self:
            rma.is_refund_late = rma in late

    def _get_late_domain(self, companies=None):
        """Override: a return is late with its money, too."""
        return super()._get_late_domain(companies) | self._get_refund_late_domain(companies)

    def _get_refund_late_domain(self, companies=None):
        """Return the domain of returns whose money is overdue where their company is.

        :param companies: those of the returns, if known
        """
        owed = (
            Domain("state", "in", self.env["sale.rma"]._get_live_states())
            | self._get_unpaid_domain()
        )
        return owed & self.env["sale.rma.clock"]._get_past_domain("date_refund_due", companies)

    @api.model
    def _get_unpaid_domain(self):
        """Return the domain of finished returns whose money is not back yet, as far as credit notes
        tell it: one is a draft, or posted and not paid out nor set against its invoice."""
        unpaid = Domain("state", "=", "draft") | (
            Domain("state", "=", "posted") & Domain("payment_state", "in", ("not_paid", "partial"))
        )
        # `any!`: whoever sees the return may know that its money is owed
        return Domain("state", "=", "done") & Domain("refund_ids", "any!", unpaid)

    def _has_unsent_owed(self):
        """Whether units that were not sent, and need not come back, are not given back yet."""
        # sudo: credit notes are accounting's; a date follows from them
        return any(
            line.qty_unsent
            and line.product_uom_id.compare(line._get_qty_credited(), line.qty_unsent) < 0
            for line in self.sudo().line_ids
        ) or (self._is_all_unsent() and bool(self.line_ids))

    def _get_refund_due(self):
        """Return the last day to give the money back, nothing where no term runs.

        What the customer did counts on the customer's day, what arrived on the company's.
        """
        self.ensure_one()
        clock, company, customer = self.env["sale.rma.clock"], self.company_id, self.partner_id
        received = self.date_received and clock._get_company_day(company, self.date_received)
        fortnight = relativedelta(days=14)
        moment = self.date_informed or self.date_requested
        if self.rma_type != "withdrawal" or not moment:
            return received and received + fortnight
        informed = clock._get_consumer_day(customer, company, moment)
        # nothing to wait for (N11); the rest may wait once that is given back
        if self._has_unsent_owed():
            return informed + fortnight
        posted = self.date_proof and clock._get_consumer_day(customer, company, self.date_proof)
        # goods that were shown to be posted no longer hold the money back
        shown = min(filter(None, (received, posted)), default=None)
        return max(filter(None, (informed + fortnight, shown)))
