from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sale_rma.models.process.plan import Plan
from odoo.addons.sale_rma.tools.number_field import Amount


class SaleRmaProcess(models.TransientModel):
    """The processing screen: receive, put back, refund and exchange, all at once."""

    _name = "sale.rma.process"
    _description = "Process Customer Return"
    _inherit = ["sale.rma.incoming"]
    # the screen works as superuser on what it is told: on what its user may change
    _incoming_rights = {"sale.rma": "write", "sale.rma.line": "write"}

    rma_id = fields.Many2one(
        comodel_name="sale.rma", string="Return", required=True, ondelete="cascade"
    )
    process_count = fields.Integer(compute="_compute_process_count", store=True, precompute=True)
    company_id = fields.Many2one(related="rma_id.company_id")
    order_id = fields.Many2one(related="rma_id.order_id")
    partner_id = fields.Many2one(related="rma_id.partner_id")
    currency_id = fields.Many2one(related="rma_id.currency_id")
    rma_type = fields.Selection(related="rma_id.rma_type")
    date_received = fields.Datetime(related="rma_id.date_received", string="Arrived")
    customer_note = fields.Text(related="rma_id.customer_note")
    has_photos = fields.Boolean(related="rma_id.has_photos")
    has_notes = fields.Boolean(compute="_compute_has_notes")
    other_serial_message = fields.Char(related="rma_id.other_serial_message")
    till_message = fields.Char(related="rma_id.till_message")
    line_ids = fields.One2many(
        comodel_name="sale.rma.process.line", inverse_name="wizard_id", string="Items"
    )
    can_refund_shipping = fields.Boolean(compute="_compute_can_refund_shipping")
    shipping_message = fields.Char(compute="_compute_can_refund_shipping")
    amount_shipping = fields.Monetary(
        string="Shipping",
        compute="_compute_can_refund_shipping",
        help="What is left of the order's shipping to give back, tax included.",
    )
    refund_shipping = fields.Boolean(
        compute="_compute_refund_shipping", store=True, readonly=False, precompute=True
    )
    amount_fee = Amount(
        string="Refund Fee",
        compute="_compute_amount_fee",
        store=True,
        readonly=False,
        help="Kept by the shop, tax included: lowers the refund.",
    )
    amount_fee_proposed = fields.Monetary(compute="_compute_amount_fee", store=True)
    amount_adjustment = Amount(
        string="Refund Adjustment",
        help="Tax included: a positive one raises the refund, a negative one lowers it.",
    )
    adjustment_reason = fields.Char(
        string="Reason of the Adjustment",
        help="Kept in the history. Needed where a sales manager gives more than is left of what "
        "was invoiced.",
    )
    amount_goods = fields.Monetary(
        string="Goods",
        compute="_compute_amounts",
        help="What the items to refund cost, after discounts, tax included.",
    )
    amount_given_before = fields.Monetary(
        string="Given Before",
        compute="_compute_amounts",
        help="Of what was given on the order before beside its items, what is taken off now; tax "
        "included.",
    )
    parts_message = fields.Char(
        compute="_compute_amounts", help="What the total is made of, where it is more than goods."
    )
    tax_totals = fields.Binary(compute="_compute_amounts", exportable=False)
    amount_total = fields.Monetary(
        string="Total Refunded",
        compute="_compute_amounts",
        help="What the credit notes will give back, tax included.",
    )
    tax_amount = fields.Monetary(string="Taxes", compute="_compute_amounts")
    refund_error = fields.Char(compute="_compute_amounts")
    has_exchange = fields.Boolean(compute="_compute_amount_exchange")
    exchange_carrier_id = fields.Many2one(
        comodel_name="delivery.carrier",
        string="Exchange Sent By",
        compute="_compute_exchange_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    amount_exchange = fields.Monetary(
        string="Exchange",
        compute="_compute_amount_exchange",
        help="What the exchange order costs, tax included.",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_amount_exchange",
        help="Exchange less refund, tax included: positive is due by the customer, negative is "
        "paid back.",
    )
    close = fields.Boolean(
        string="Finish the Return",
        default=True,
        help="What is still awaited is given up. Otherwise the return stays open for it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rma_id")
    def _compute_process_count(self):
        """Remember which state of the return the screen shows; it does not follow later ones."""
        for wizard in self:
            wizard.process_count = wizard.rma_id.process_count

    @api.depends("rma_id")
    def _compute_has_notes(self):
        for wizard in self:
            wizard.has_notes = any(wizard.rma_id.line_ids.mapped("note"))

    @api.depends("rma_id")
    def _compute_can_refund_shipping(self):
        for wizard in self:
            amount, message = 0.0, self.env._("Nothing is returned here yet.")
            if wizard.rma_id:
                amount, message = wizard.rma_id._get_refundable_shipping()
            wizard.amount_shipping = amount
            wizard.shipping_message = message
            wizard.can_refund_shipping = not message

    @api.depends("can_refund_shipping")
    def _compute_refund_shipping(self):
        for wizard in self:
            wizard.refund_shipping = (
                wizard.can_refund_shipping and wizard.rma_id._is_shipping_refund_proposed()
            )

    @api.depends("rma_id")
    def _compute_exchange_carrier_id(self):
        for wizard in self:
            wizard.exchange_carrier_id = wizard.rma_id._get_exchange_carrier_proposed()

    @api.depends("line_ids.exchange", "line_ids.qty_exchange", "line_ids.qty_refund")
    def _compute_amount_fee(self):
        """Follow what is refunded until somebody types another fee (R10)."""
        for wizard in self:
            is_typed = wizard.amount_fee != wizard.amount_fee_proposed
            proposed = wizard.rma_id._get_fee_proposed(wizard._get_plan())
            wizard.amount_fee_proposed = proposed
            wizard.amount_fee = wizard.amount_fee if is_typed else proposed

    @api.depends(
        "line_ids.qty_refund",
        "refund_shipping",
        "amount_fee",
        "amount_adjustment",
        "adjustment_reason",
        "rma_id",
    )
    def _compute_amounts(self):
        engine = self.env["sale.rma.plan"]
        for wizard in self:
            wizard.refund_error = False
            plan = wizard._get_plan()
            try:
                credits = engine._prepare_credits(plan) if plan.rma else []
            except UserError as error:  # shown on the screen, raised again by the button
                credits = []
                wizard.refund_error = str(error)
            for name, value in engine._get_figures(plan, credits).items():
                wizard[name] = value

    @api.depends(
        "line_ids.exchange",
        "line_ids.exchange_product_id",
        "line_ids.qty_exchange",
        "line_ids.exchange_price",
        "amount_total",
    )
    def _compute_amount_exchange(self):
        for wizard in self:
            items = wizard._get_plan().exchange_items
            wizard.has_exchange = any(wizard.line_ids.mapped("exchange"))
            wizard.amount_exchange = wizard.rma_id._get_exchange_amount(items) if items else 0.0
            wizard.amount_difference = (
                wizard.amount_exchange - wizard.amount_total if items else 0.0
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Fill in the proposal where no lines are given."""
        wizards = super().create(vals_list)
        wizards.rma_id.check_access("write")
        wizards.rma_id._read_together()
        empty = wizards.filtered(lambda wizard: not wizard.line_ids)
        self.env["sale.rma.process.line"].create(
            [
                {**vals, "wizard_id": wizard.id}
                for wizard in empty
                for vals in wizard.rma_id.line_ids._prepare_process_lines()
            ]
        )
        return wizards

    # === ACTIONS === #

    def action_process(self):
        """Do what the screen says, all or nothing (R7): receipt, putting back, credit notes,
        exchange, history and mail; then the return is done, or stays open with `close` off.

        :raise UserError: wrong state, or a quantity over its limit; it names product and limit
        :raise LockError: somebody else processes the return at this moment (R6)
        """
        if self:
            self.env["sale.rma"]._process([wizard._prepare_plan() for wizard in self])
        return {"type": "ir.actions.act_window_close"}

    def action_process_keep_open(self):
        """Do what the screen says and keep the returns open for the rest."""
        self.close = False
        return self.action_process()

    # === BUSINESS METHODS === #

    def _prepare_plan(self):
        """Return what is on the screen as plain data; see `sale.rma._process`."""
        self.ensure_one()
        return {
            "rma": self.rma_id.id,
            "lines": [line._prepare_plan_line() for line in self.line_ids],
            "refund_shipping": self.refund_shipping,
            "fee": self.amount_fee,
            "adjustment": self.amount_adjustment,
            "adjustment_reason": self.adjustment_reason,
            "exchange_carrier": self.exchange_carrier_id.id,
            "close": self.close,
            "process_count": self.process_count,
        }

    def _get_plan(self):
        """Return what is on the screen as the engine's `Plan`; whatever was typed, checked by
        nobody yet."""
        self.ensure_one()
        return Plan(
            self.rma_id,
            [line._get_plan_line() for line in self.line_ids if line.rma_line_id],
            refund_shipping=self.refund_shipping,
            fee=self.amount_fee,
            adjustment=self.amount_adjustment,
            adjustment_reason=self.adjustment_reason or "",
        )
