from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sale_rma.models.policy.decision import Case, Decision
from odoo.addons.sale_rma.models.withdrawal.res_company_terms import BEARERS

DAYS = 90
STATUTORY = ("withdrawal", "claim", "recall")
# What of a decision that was kept is compared.
COMPARED = ("allowed", "fee_percent", "fee_amount", "fee_per", "cost_bearer", "acceptance")


class SaleRmaPolicyTrial(models.TransientModel):
    """What a rule would have changed for the returns of the past. Nothing but this is written."""

    _name = "sale.rma.policy.trial"
    _description = "Return Rule Tried on the Past"
    _inherit = ["sale.rma.incoming"]

    policy_id = fields.Many2one(
        comodel_name="sale.rma.policy", string="Rule", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    date_from = fields.Date(
        string="Asked For Since",
        required=True,
        default=lambda self: fields.Date.today() - timedelta(days=DAYS),
    )
    request_count = fields.Integer(string="Items Asked For", readonly=True)
    statutory_count = fields.Integer(
        string="Of These by Law", readonly=True, help="Withdrawals, claims and recalls."
    )
    touched_count = fields.Integer(
        string="By Law and Worse",
        readonly=True,
        help="Withdrawals, claims and recalls that would have had less. The law is the floor of "
        "every rule, so there are none.",
    )
    change_count = fields.Integer(string="Decided Otherwise", readonly=True)
    refused_count = fields.Integer(string="Refused Instead", readonly=True)
    allowed_count = fields.Integer(string="Allowed Instead", readonly=True)
    amount_difference = fields.Monetary(
        string="Difference for Customers",
        readonly=True,
        help="What customers would have got more (or less, if below zero), tax included, in the "
        "company's currency.",
    )
    line_ids = fields.One2many(
        comodel_name="sale.rma.policy.trial.line",
        inverse_name="trial_id",
        string="Items",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        trials = super().create(vals_list)
        trials._check_can_try()
        for trial in trials:
            trial._try()
        return trials

    def _check_can_try(self):
        """:raise AccessError: who cannot write the rules does not try them either"""
        self.policy_id.check_access("write")

    def action_open_lines(self):
        """Return the list of what would have been decided otherwise."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decided Otherwise by %(rule)s", rule=self.policy_id.name),
            "res_model": "sale.rma.policy.trial.line",
            "view_mode": "list",
            "domain": [("trial_id", "=", self.id)],
        }

    # === TRYING === #

    def _try(self):
        """Decide the past requests by the rules of now, and with this one."""
        self.ensure_one()
        # sudo: a manager of returns sees sums over all of the company's, and of each what was
        # decided; the rights on what is behind a line are asked for when it is opened
        requests = self.sudo()._find_requests()
        before, after = self._decide(requests)
        values, amounts = [], []
        worse = 0
        changed = [line for line in requests if before[line].outcome != after[line].outcome]
        prices = self._get_prices(requests.browse().union(*changed))
        for line in changed:
            old, new = before[line], after[line]
            amount = self._get_given(line, new, prices) - self._get_given(line, old, prices)
            is_worse = (old.allowed and not new.allowed) or amount < 0
            worse += line.rma_id.rma_type in STATUTORY and is_worse
            amounts.append(amount)
            values.append(
                {
                    "trial_id": self.id,
                    "rma_line_id": line.id,
                    "was_allowed": old.allowed,
                    "is_allowed": new.allowed,
                    "fee_before": self._get_fee(line, old, prices),
                    "fee_after": self._get_fee(line, new, prices),
                    "bearer_before": old.cost_bearer,
                    "bearer_after": new.cost_bearer,
                    "amount": amount,
                }
            )
        # sudo: only the program writes figures; the action checked who may
        self.sudo().write(
            {
                "request_count": len(requests),
                "statutory_count": sum(line.rma_id.rma_type in STATUTORY for line in requests),
                "touched_count": worse,
                "change_count": len(changed),
                "refused_count": sum(
                    before[line].allowed and not after[line].allowed for line in changed
                ),
                "allowed_count": sum(
                    after[line].allowed and not before[line].allowed for line in changed
                ),
                "amount_difference": self.currency_id.round(sum(amounts)),
            }
        )
        # sudo: as above
        self.env["sale.rma.policy.trial.line"].sudo().create(values)

    def _find_requests(self):
        """Return the items that were asked for."""
        return self.env["sale.rma.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("rma_id.date_requested", ">=", fields.Datetime.to_datetime(self.date_from)),
                ("sale_line_id", "!=", False),
            ],
            order="id",
        )

    def _decide(self, requests):
        """Return {item: `Decision`} of before and after: as each was decided, or would have been
        by the rules of now, and with this rule; each as of the moment it was asked for."""
        engine = self.env["sale.rma.policy"]
        cases = [
            Case(
                line,
                line.sale_line_id,
                line.rma_id.rma_type,
                line.reason_id,
                line.rma_id.date_requested,
            )
            for line in requests
        ]
        # sudo: evaluated as for customers; who may try a rule is asked by the dialog
        policy = self.policy_id.sudo()
        active = engine._get_active(self.company_id)
        after = engine._decide_cases(
            cases,
            {self.company_id: ((active - policy.replaces_id) | policy).sorted()},
            describe=False,
        )
        unknown = [case for case in cases if not case.key.decision]
        before = engine._decide_cases(unknown, {self.company_id: active}, describe=False)
        for line in requests:
            if line not in before:
                before[line] = Decision(**{name: line.decision[name] for name in COMPARED})
        return before, after

    @api.model
    def _get_prices(self, lines):
        """Return {sold line: what one unit cost}, tax included, in the company's currency."""
        sold = lines.sale_line_id
        prices = self.env["sale.rma.refund"]._get_prices_paid(sold) if sold else {}
        result = {}
        for line, price in prices.items():
            company = line.company_id
            result[line] = line.currency_id._convert(
                price, company.currency_id, company, line.order_id.date_order
            )
        return result

    @api.model
    def _get_fee(self, line, decision, prices):
        """Return what is kept of an item's refund, tax included, in the company's currency."""
        if not decision.allowed or line.resolution == "exchange":
            return 0.0
        goods = prices[line.sale_line_id] * line.quantity
        fee = decision.get_fee(prices[line.sale_line_id], line.quantity)
        return line.company_id.currency_id.round(min(fee, goods))

    @api.model
    def _get_given(self, line, decision, prices):
        """Return what a decision gives for an item, tax included, in the company's currency."""
        if not decision.allowed:
            return 0.0
        goods = prices[line.sale_line_id] * line.quantity
        return line.company_id.currency_id.round(goods) - self._get_fee(line, decision, prices)


class SaleRmaPolicyTrialLine(models.TransientModel):
    _name = "sale.rma.policy.trial.line"
    _description = "Item Decided Otherwise by a Return Rule"
    _inherit = ["sale.rma.incoming"]
    _order = "amount, id"

    trial_id = fields.Many2one(
        comodel_name="sale.rma.policy.trial", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="trial_id.currency_id")
    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line", string="Item", required=True, ondelete="cascade"
    )
    rma_id = fields.Many2one(related="rma_line_id.rma_id")
    partner_id = fields.Many2one(related="rma_line_id.rma_id.partner_id")
    product_id = fields.Many2one(related="rma_line_id.product_id")
    quantity = fields.Float(related="rma_line_id.quantity")
    reason_id = fields.Many2one(related="rma_line_id.reason_id")
    was_allowed = fields.Boolean(readonly=True)
    is_allowed = fields.Boolean(string="Would Be Allowed", readonly=True)
    fee_before = fields.Monetary(readonly=True)
    fee_after = fields.Monetary(readonly=True)
    bearer_before = fields.Selection(
        selection=BEARERS,
        string="Way Back Was Paid By",
        readonly=True,
    )
    bearer_after = fields.Selection(
        selection=BEARERS,
        string="Way Back Would Be Paid By",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Difference",
        readonly=True,
        help="What the customer would have got more (or less), tax included.",
    )

    def action_open_return(self):
        """Return the return, by the rights of whoever opens it."""
        self.ensure_one()
        if not self.rma_id.has_access("read"):
            raise UserError(self.env._("You may not read this return."))
        return self.rma_id.get_formview_action()
