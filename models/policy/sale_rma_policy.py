from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang, ormcache

from ...tools.number_field import Amount, Count, Percent
from ..withdrawal.res_company_terms import BEARERS

PERCENT = "CHECK (%(name)s BETWEEN 0 AND 100)"


class SaleRmaPolicy(models.Model):
    """A rule of what may come back, until when, at whose cost and with what outcome. Of the active
    ones of a company the first that fits a sold line and the kind of return is taken; if none
    does, the settings decide. The law is a floor under all of them (R11)."""

    _name = "sale.rma.policy"
    _description = "Return Rule"
    _inherit = ["mail.thread", "sale.rma.incoming"]
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
        help="The customer keeps an item that cost less, tax included, in the company's currency; "
        "0: never.",
    )
    refund_on = fields.Selection(
        selection=[
            ("clerk", "When a colleague completes it"),
            ("proof", "On proof of posting"),
            ("arrival", "On arrival"),
            ("graded", "When the goods were graded"),
        ],
        required=True,
        default="clerk",
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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Extend the ORM: what is created as active is switched on as a draft is."""
        states = [vals.get("state", "draft") for vals in vals_list]
        policies = super().create([{**vals, "state": "draft"} for vals in vals_list])
        policies.browse(
            policy.id for policy, state in zip(policies, states, strict=True) if state == "active"
        ).action_activate()
        return policies

    def write(self, vals):
        """Extend the ORM: what is active or past stays as it was when it was switched on; a copy
        of it is changed, tried and switched on in its place. The state is changed as by the
        buttons.

        :raise UserError: a rule that is not a draft
        """
        vals = dict(vals)
        # superuser: the buttons below write it
        state = None if self.env.su else vals.pop("state", None)
        free = {"sequence", "name", "message_follower_ids", "activity_ids"}
        if vals.keys() - free - self._get_protected_names():
            self._check_draft(self.env._("changed"))
        result = super().write(vals)
        if vals.keys() & {"sequence", "company_id", "state"}:
            self.env.registry.clear_cache()
        self._change_state(state)
        return result

    def _change_state(self, state):
        """Switch on or off what is not in that state yet.

        :raise UserError: back to a draft
        """
        changed = self.filtered(lambda policy: policy.state != state) if state else self.browse()
        if changed and state == "draft":
            raise UserError(
                self.env._(
                    "The return rule %(name)s is in use or was: it is no draft any more. Make a "
                    "new version of it.",
                    name=changed[0].name,
                )
            )
        if state == "active":
            changed.action_activate()
        elif state == "past":
            changed.action_deactivate()

    def _write_state(self, state, **values):
        """Write the state of the rules, whoever had them changed."""
        # sudo: written by the program for whoever may write the rules
        self.sudo().write({"state": state, **values})

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_draft(self.env._("deleted"))

    def _check_draft(self, what):
        """:raise UserError: a rule that is not a draft"""
        if self.env.su:
            return  # the program decides what it writes
        for policy in self.filtered(lambda policy: policy.state != "draft"):
            raise UserError(
                self.env._(
                    "The return rule %(name)s is in use or was: it cannot be %(what)s. Make a new "
                    "version of it.",
                    name=policy.name,
                    what=what,
                )
            )

    # === ACTIONS === #

    def action_activate(self):
        """Switch drafts on; the versions they replace are past from now on.

        :raise UserError: not a draft
        """
        self.check_access("write")
        self._check_draft(self.env._("switched on"))
        self.replaces_id.filtered(lambda policy: policy.state == "active")._write_state("past")
        self._write_active()

    def _write_active(self):
        self._write_state(
            "active", date_activated=fields.Datetime.now(), user_activated_id=self.env.uid
        )

    def action_try(self):
        """Return what this rule would have changed for the returns of the last 90 days; nothing is
        written."""
        self.ensure_one()
        self.check_access("write")
        if not self._origin:
            raise UserError(self.env._("Save the return rule first."))
        trial = self.env["sale.rma.policy.trial"].create({"policy_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tried on the Past"),
            "res_model": trial._name,
            "res_id": trial.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_deactivate(self):
        """Switch active rules off."""
        self.check_access("write")
        self.filtered(lambda policy: policy.state == "active")._write_state("past")

    def action_restore(self):
        """Bring the version of before back in place of this one.

        :raise UserError: it replaced none
        """
        self.ensure_one()
        self.check_access("write")
        if not self.replaces_id:
            raise UserError(self.env._("The return rule %(name)s replaced none.", name=self.name))
        self._write_state("past")
        self.replaces_id._write_active()
        return self.replaces_id.get_formview_action()

    def action_new_version(self):
        """Return the form of a draft copy that will replace this rule once it is switched on."""
        self.ensure_one()
        self.check_access("write")
        if not self._origin:
            raise UserError(self.env._("Save the return rule first."))
        draft = self.copy({"name": self.name})
        draft.sudo().replaces_id = self  # written by the program
        return draft.get_formview_action()

    # === BUSINESS METHODS === #

    def _describe_outcome(self):
        """Return the outcome in words that customers may read; amounts tax included."""
        self.ensure_one()
        if not self.returnable:
            return self.explanation or self.env._("Cannot be sent back.")
        parts = [
            self.env._(
                "Can be sent back for %(days)s days after it arrived.", days=self.window_days
            )
            if self.window_days
            else self.env._("Can be sent back without a limit of time.")
        ]
        if fee := self._describe_fee():
            parts.append(fee)
        parts.append(self.env["res.company"]._describe_cost_bearer(self.cost_bearer))
        if self.explanation:
            parts.append(self.explanation)
        return " ".join(parts)

    def _describe_conditions(self):
        """Return in words that customers may read what the rule is for, empty if it is for
        everything. Of what a shop knows about its customers nothing is told but that it counts."""
        self.ensure_one()
        parts = [
            ", ".join(names)
            for names in (
                self.product_ids.mapped("name"),
                self.categ_ids.mapped("name"),
                self.product_tag_ids.mapped("name"),
                self.reason_ids.mapped("name"),
                (self.country_ids.mapped("name") + self.country_group_ids.mapped("name")),
            )
            if names
        ]
        if self.price_min:
            parts.append(self.env._("from %(price)s", price=self._format_price(self.price_min)))
        if self.price_max:
            parts.append(self.env._("up to %(price)s", price=self._format_price(self.price_max)))
        if self.discount_min:
            percent = f"{self.discount_min:g}"
            parts.append(self.env._("reduced by %(percent)s %% or more", percent=percent))
        if self.partner_tag_ids or self.returns_min:
            parts.append(self.env._("for some customers"))
        return "; ".join(parts)

    def _format_price(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _describe_fee(self):
        """Return in words what is kept of a refund, empty if nothing is."""
        self.ensure_one()
        fees = []
        if self.fee_percent:
            fees.append(self.env._("%(percent)s %%", percent=f"{self.fee_percent:g}"))
        if self.fee_amount:
            amount = self._format_price(self.fee_amount)
            fees.append(
                self.env._("%(amount)s for each item", amount=amount)
                if self.fee_per == "line"
                else amount
            )
        return (fees and self.env._("Of a refund we keep %(fees)s.", fees=" + ".join(fees))) or ""

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
