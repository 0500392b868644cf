from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .res_company_terms import BEARERS

# The least there is to send goods back after a withdrawal (CRD art. 14(1), docs/law.md L24).
SEND_BACK_DAYS = 14


class SaleRma(models.Model):
    """The customer's side of it: until when goods are sent back, how, and at whose cost."""

    _inherit = "sale.rma"

    return_cost_bearer = fields.Selection(
        selection=BEARERS,
        string="Way Back Paid By",
        compute="_compute_return_cost_bearer",
        store=True,
        readonly=False,
        precompute=True,
        help="Printed on the slip and told in mails and on the page.",
    )

    # === COST === #

    @api.depends("company_id", "rma_type")
    def _compute_return_cost_bearer(self):
        for rma in self:
            name = f"rma_return_cost_bearer_{rma.rma_type}"
            company = rma.company_id.sudo()  # settings that customers are told
            rma.return_cost_bearer = company[name] if name in company._fields else "shop"

    @api.constrains("return_cost_bearer", "rma_type")
    def _check_return_cost_bearer(self):
        """:raise UserError: a claim's way back would be the customer's"""
        for rma in self:
            if rma.return_cost_bearer == "customer" and rma.rma_type not in (
                "return",
                "withdrawal",
            ):
                raise UserError(
                    self.env._(
                        "%(rma)s: goods with a defect go back at the seller's cost.", rma=rma.name
                    )
                )

    def _get_return_cost_text(self):
        """Return in the reader's language who pays the way back."""
        self.ensure_one()
        return self.env["res.company"]._describe_cost_bearer(self.return_cost_bearer)

    # === INSTRUCTIONS === #

    @api.depends("company_id", "partner_id", "rma_type")
    def _compute_instructions(self):
        """Override: each kind may have its own."""
        super()._compute_instructions()
        for rma in self:
            name = f"rma_instructions_{rma.rma_type}"
            # sudo: instructions that customers are told
            company = rma.company_id.sudo().with_context(lang=rma.partner_id.lang)
            if name in company._fields and not is_html_empty(company[name]):
                rma.instructions = company[name]

    # === TIME === #

    def _set_expiry(self):
        """Override: who withdrew has 14 days at least, from the statement on."""
        super()._set_expiry()
        for rma in self.filtered(lambda rma: rma.rma_type == "withdrawal" and rma.date_expiry):
            # chosen while it was a draft
            # sudo: the action checked the rights, the date is the program's
            rma.sudo().date_expiry = max(rma.date_expiry, rma._get_least_expiry())

    def _get_last_day(self, days):
        """Override: see `_set_expiry`."""
        day = super()._get_last_day(days)
        return max(day, self._get_least_expiry()) if self.rma_type == "withdrawal" else day

    @api.constrains("date_expiry", "rma_type")
    def _check_expiry(self):
        """:raise UserError: a withdrawal would have less time than the law gives"""
        for rma in self.filtered(lambda rma: rma.rma_type == "withdrawal" and rma.date_expiry):
            least = rma._get_least_expiry()
            if rma.date_informed and rma.date_expiry < least:
                raise UserError(
                    self.env._(
                        "%(rma)s is a withdrawal: its goods may be sent back until %(date)s at "
                        "least.",
                        rma=rma.name,
                        date=fields.Date.to_string(least),
                    )
                )

    def _get_least_expiry(self):
        """Return the last day that the law gives to send the goods back."""
        self.ensure_one()
        moment = self.date_informed or self.date_requested or fields.Datetime.now()
        clock = self.env["sale.rma.clock"]
        day = clock._get_consumer_day(self.partner_id, self.company_id, moment)
        return day + timedelta(days=SEND_BACK_DAYS)
