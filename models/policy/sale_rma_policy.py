from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools.number_field import Amount, Count, Percent
from ..withdrawal.res_company_terms import BEARERS

PERCENT = "CHECK (%(name)s BETWEEN 0 AND 100)"


class SaleRmaPolicy(models.Model):
    """A rule of what may come back, until when, at whose cost and with what outcome. Of the active
    ones of a company the first that fits a sold line and the kind of return is taken; if none
    does, the settings decide. The law is a floor under all of them (R11)."""

    _name = "sale.rma.policy"
    _description = "Return Rule"
    _inherit = ["sale.rma.posting", "sale.rma.incoming", "sale.rma.cached"]
    _cached_by = frozenset({"sequence", "company_id", "state"})
    _order = "sequence, id"

    name = fields.Char(
        required=True, tracking=True, help="For colleagues: customers never read it."
    )
    sequence = Count(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[("draft", "Draft"), ("active", "Active"), ("past", "Past")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    replaces_id = fields.Many2one(
        comodel_name="sale.rma.policy",
        string="Version Before",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The version that was active before: with one click it is active again.",
    )
    date_activated = fields.Datetime(string="Active Since", readonly=True, copy=False)
    user_activated_id = fields.Many2one(
        comodel_name="res.users", string="Switched On By", readonly=True, copy=False
    )

    # === CONDITIONS === #

    rma_types = fields.Selection(
        selection=[
            ("all", "Any kind"),
            ("return", "Commercial return"),
            ("claim", "Claim"),
            ("withdrawal", "Withdrawal"),
        ],
        string="Kind",
        required=True,
        default="return",
        help="On withdrawals and claims a rule can only give more than the law does.",
    )
    reason_ids = fields.Many2many(comodel_name="sale.rma.reason", string="Reasons")
    product_ids = fields.Many2many(comodel_name="product.product", string="Products")
    categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With the categories below them.",
    )
    product_tag_ids = fields.Many2many(comodel_name="product.tag", string="Product Tags")
    partner_tag_ids = fields.Many2many(comodel_name="res.partner.category", string="Customer Tags")
    country_ids = fields.Many2many(
        comodel_name="res.country", string="Countries", help="Where the order was delivered."
    )
    country_group_ids = fields.Many2many(comodel_name="res.country.group", string="Country Groups")
    price_min = Amount(
        string="Price From",
        help="What the customer paid for one unit, tax included, in the company's currency.",
    )
    price_max = Amount(string="Price To", help="0: no limit.")
    discount_min = Percent(
        string="Discount From (%)", help="Discount of the sold line, in percent."
    )
    returns_min = Count(
        string="Earlier Returns From",
        help="Returns the customer asked for before, within the months beside it.",
    )
    returns_months = Count(string="Within Months", default=12)

    # === OUTCOME === #

    returnable = fields.Boolean(string="Can Come Back", default=True, tracking=True)
    explanation = fields.Text(
        translate=True, help="What customers read, where it cannot come back or has other terms."
    )
    window_days = Count(
        string="Days to Ask",
        default=30,
        tracking=True,
        help="Days from the arrival of the goods; 0: no limit.",
    )
    allow_refund = fields.Boolean(string="Refund", default=True)
    allow_exchange = fields.Boolean(string="Exchange", default=True)
    allow_credit = fields.Boolean(string="Store Credit", default=True)
    fee_percent = Percent(string="Fee (%)", help="Of what is refunded; kept by the shop.")
    fee_amount = Amount(
        string="Fee", help="Tax included, in the company's currency; kept of a refund."
    )
    fee_per = fields.Selection(
        selection=[("line", "Item"), ("return", "Return")], required=True, default="return"
    )
    cost_bearer = fields.Selection(
        selection=BEARERS,
        string="Way Back Paid By",
        required=True,
        default="customer",
    )
    refund_shipping = fields.Boolean(string="Give Shipping Back")
    bonus_percent = Percent(
        string="Bonus (%)", help="Given on top where the customer takes store credit."
    )
    acceptance = fields.Selection(
        selection=[("ask", "A colleague decides"), ("auto", "Accepted by itself")],
        required=True,
        default="ask",
    )
    photo_required = fields.Boolean(string="Photo Wanted")
    note_required = fields.Boolean(string="Comment Wanted")
    keep_below = Amount(
        string="Keep It Below",
        help="Instead of sending it back, the customer keeps an item of the return that cost less "
        "in all, tax included, in the company's currency, and is refunded; how often is limited by "
        "the settings. 0: never.",
    )
    refund_on = fields.Selection(
        selection=[
            ("clerk", "When a colleague completes it"),
            ("proof", "On proof of posting"),
            ("arrival", "On arrival"),
            ("graded", "When the goods were graded"),
        ],
        string="Refunded",
        required=True,
        default="clerk",
        help="By itself only where nothing is in dispute, and up to the amounts in the settings.",
    )
    summary = fields.Char(compute="_compute_summary")
    is_for_everything = fields.Boolean(
        compute="_compute_is_for_everything", help="No condition is chosen."
    )

    _fee_percent_range = models.Constraint(
        PERCENT % {"name": "fee_percent"}, "A fee is between 0 and 100 percent."
    )
    _bonus_percent_range = models.Constraint(
        "CHECK (bonus_percent BETWEEN 0 AND 1000)", "A bonus is between 0 and 1000 percent."
    )
    _discount_min_range = models.Constraint(
        PERCENT % {"name": "discount_min"}, "A discount is between 0 and 100 percent."
    )
    _amounts_positive = models.Constraint(
        "CHECK (fee_amount >= 0 AND keep_below >= 0 AND price_min >= 0 AND price_max >= 0 "
        "AND window_days >= 0 AND returns_min >= 0 AND returns_months >= 0)",
        "Amounts, days and counts of a return rule cannot be below zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("returnable", "window_days", "fee_percent", "fee_amount", "fee_per", "cost_bearer")
    @api.depends_context("lang")
    def _compute_summary(self):
        for policy in self:
            policy.summary = policy._describe_outcome()

    @api.depends(
        "reason_ids",
        "product_ids",
        "categ_ids",
        "product_tag_ids",
        "partner_tag_ids",
        "country_ids",
        "country_group_ids",
        "price_min",
        "price_max",
        "discount_min",
        "returns_min",
    )
    def _compute_is_for_everything(self):
        for policy in self:
            policy.is_for_everything = not policy._describe_conditions()

    # === BUSINESS METHODS === #

    @api.model
    def _get_active(self, company):
        """Return the active rules of a company in their order, for whoever asks."""
        # sudo: the rules are asked for customers too, who are told what follows, never the rule
        return self.sudo().browse(self._get_active_ids(company.id))

    @api.model
    @ormcache("company_id")
    def _get_active_ids(self, company_id):
        """Looked up once, as every page of a customer asks; most shops have no rule."""
        # sudo: as in `_get_active`: ids only, asked for customers too
        active = self.sudo().search([("state", "=", "active"), ("company_id", "=", company_id)])
        return tuple(active.ids)
