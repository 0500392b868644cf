import pytz

from odoo import api, fields, models
from odoo.fields import Command

from ..tools.number_field import Count


class ResCompany(models.Model):
    _inherit = "res.company"

    rma_return_address_id = fields.Many2one(
        comodel_name="res.partner",
        string="Return Address",
        help="Address printed on return slips: where customers send goods back. "
        "Empty: the address of the warehouse.",
    )
    rma_instructions = fields.Html(
        string="Return Instructions",
        translate=True,
        help="Printed at the end of each return slip; can be changed on each return.",
    )
    rma_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Returns Manager",
        domain="[('share', '=', False)]",
        help="Is told of each change of state and is responsible for new returns. "
        "Empty: the salesperson of the order.",
    )
    rma_refund_posting = fields.Selection(
        selection=[("post", "Post at once"), ("draft", "Leave in draft")],
        string="Credit Notes of Returns",
        default="post",
        required=True,
        help="Whether finishing a return posts its credit note, or leaves it to accounting.",
    )
    rma_expiry_days = Count(
        string="Days to Send Goods Back",
        default=30,
        help="Days after acceptance at which a return that nothing arrived for expires; "
        "0: it never does.",
    )

    rma_return_days = Count(
        string="Days to Ask for a Return",
        default=30,
        help="Days after delivery in which customers may ask for a return themselves; 0: no limit. "
        "Staff are not bound by it.",
    )

    _rma_return_days_positive = models.Constraint(
        "CHECK (rma_return_days >= 0)",
        "The days to ask for a return cannot be negative.",
    )
    _rma_expiry_days_positive = models.Constraint(
        "CHECK (rma_expiry_days >= 0)",
        "The days to send goods back cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Extend the ORM: a company has numbers for its returns."""
        companies = super().create(vals_list)
        companies._create_rma_sequence()
        return companies

    def write(self, vals):
        """Extend the ORM: fee and adjustment have the taxes of the chart of accounts."""
        result = super().write(vals)
        if vals.get("account_sale_tax_id"):  # a chart of accounts was loaded
            self._set_rma_product_taxes()
        return result

    def _get_first_open_day(self, day, *, has_tax=False, journal=None):
        """Return a day, or the first one after it that no lock date closes to these entries.

        :param date day: wanted
        :param has_tax: whether the entry is in the tax report
        :param journal: `account.journal` of the entry; none: a transfer's
        """
        self.ensure_one()
        locks = self._get_violated_lock_dates(day, has_tax, journal)
        return fields.Date.add(locks[-1][0], days=1) if locks else day

    def _create_rma_sequence(self):
        """Give each company that lacks one a reference sequence, restarting every year."""
        # sudo: whoever creates a company; sequences are the system's
        sequences = self.env["ir.sequence"].sudo()
        with_one = sequences.search(
            [("code", "=", "sale.rma"), ("company_id", "in", self.ids)]
        ).company_id
        sequences.create(
            [
                {
                    "name": self.env._("Customer returns of %(company)s", company=company.name),
                    "code": "sale.rma",
                    "company_id": company.id,
                    "prefix": "RMA/%(range_year)s/",
                    "padding": 5,
                    "use_date_range": True,
                }
                for company in self - with_one
            ]
        )

    def _set_rma_product_taxes(self):
        """Tax the refund fee and adjustment as the companies' sales, unless somebody chose."""
        for xmlid in ("sale_rma.product_refund_fee", "sale_rma.product_refund_adjustment"):
            product = self.env.ref(xmlid, raise_if_not_found=False)
            if not product:
                continue
            # sudo: of all companies; the two products are the program's
            taxed = product.sudo().taxes_id.company_id
            product.sudo().taxes_id = [
                Command.link(company.account_sale_tax_id.id)
                for company in self
                if company.account_sale_tax_id and company not in taxed
            ]

    def _get_rma_timezone(self):
        """Return the time zone days are counted in: that of the company's working calendar."""
        self.ensure_one()
        return pytz.timezone(self.resource_calendar_id.tz or self.partner_id.tz or "UTC")

    def _get_rma_staff(self):
        """Return the users to put before what the machine leaves to people: the returns manager,
        else the company's sales managers."""
        self.ensure_one()
        manager = self.rma_user_id
        if manager.active and self in manager.company_ids:
            return manager
        group = self.env.ref("sales_team.group_sale_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )
