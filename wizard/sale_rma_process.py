from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sale_rma.tools.number_field import Amount
from odoo.addons.sale_rma.tools.quantity_field import format_quantity


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
        string="Refund Fee", help="Kept by the shop, tax included: lowers the refund."
    )
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
    card_message = fields.Char(
        compute="_compute_card_message", help="What to know of gift cards and eWallets."
    )
    given_before_message = fields.Char(compute="_compute_given_before_message")
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
    missing_message = fields.Char(compute="_compute_missing_message")
    does_nothing = fields.Boolean(
        compute="_compute_does_nothing",
        help="Nothing is received, put back, refunded or exchanged: completing asks first.",
    )
    posting_message = fields.Char(compute="_compute_posting_message")
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
        """A withdrawal of everything gives the standard delivery back (docs/law.md L17, L21)."""
        for wizard in self:
            wizard.refund_shipping = (
                wizard.can_refund_shipping
                and wizard.rma_id.rma_type == "withdrawal"
                and wizard.rma_id._is_whole_order()
            )

    @api.depends(
        "line_ids.qty_refund",
        "refund_shipping",
        "amount_fee",
        "amount_adjustment",
        "adjustment_reason",
        "rma_id",
    )
    def _compute_amounts(self):
        engine = self.env["sale.rma.refund"]
        for wizard in self:
            wizard.refund_error = False
            try:
                credits = wizard._prepare_credits()
            except UserError as error:  # shown on the screen, raised again by the button
                credits = []
                wizard.refund_error = str(error)
            company = wizard.company_id or self.env.company
            currency = wizard.currency_id or company.currency_id
            totals = engine._get_tax_totals(credits, currency, company)
            wizard.tax_totals = totals
            wizard.amount_total = totals["total_amount_currency"]
            wizard.tax_amount = totals["tax_amount_currency"]
            parts = engine._get_credit_parts(credits, currency)
            wizard.amount_goods = parts.goods
            wizard.amount_given_before = -parts.given_before
            wizard.parts_message = parts.describe(self.env, currency)

    @api.depends("rma_id")
    def _compute_card_message(self):
        """Say what can not go back to a card, and what of a bought card was spent."""
        for wizard in self:
            texts = wizard.rma_id._get_card_warnings() if wizard.rma_id else []
            wizard.card_message = " ".join(texts)

    @api.depends("rma_id")
    def _compute_given_before_message(self):
        """Name the documents that gave something beside items."""
        engine = self.env["sale.rma.refund"]
        for wizard in self:
            given = engine._get_goodwill_documents(wizard.order_id)
            wizard.given_before_message = given and self.env._(
                "Given on this order before, beside items: %(documents)s",
                documents=", ".join(
                    f"{wizard.currency_id.format(amount)} ({move.sudo().display_name})"
                    for move, amount in given.items()
                ),
            )

    @api.depends(
        "line_ids.exchange", "line_ids.exchange_product_id", "line_ids.qty_exchange", "amount_total"
    )
    def _compute_amount_exchange(self):
        for wizard in self:
            items = wizard._get_exchange_items()
            wizard.has_exchange = any(wizard.line_ids.mapped("exchange"))
            wizard.amount_exchange = wizard.rma_id._get_exchange_amount(items) if items else 0.0
            wizard.amount_difference = (
                wizard.amount_exchange - wizard.amount_total if items else 0.0
            )

    @api.depends("company_id")
    def _compute_posting_message(self):
        for wizard in self:
            in_draft = wizard.company_id.sudo().rma_refund_posting == "draft"
            wizard.posting_message = in_draft and self.env._(
                "The credit note is left in draft: accounting posts it."
            )

    @api.depends("line_ids.qty_missing")
    def _compute_missing_message(self):
        """What is still owed to us stays visible (R10)."""
        for wizard in self:
            missing = wizard._get_missing_text()
            wizard.missing_message = missing and self.env._(
                "Completing the return gives up what did not come: %(items)s. Kept open, it goes "
                "on waiting for it.",
                items=missing,
            )

    @api.depends(
        "line_ids.qty_received",
        "line_ids.qty_restock",
        "line_ids.qty_refund",
        "line_ids.exchange",
        "line_ids.qty_exchange",
        "refund_shipping",
        "amount_adjustment",
    )
    def _compute_does_nothing(self):
        for wizard in self:
            gives = wizard.refund_shipping or wizard.amount_adjustment
            wizard.does_nothing = not gives and not any(
                line._does_something() for line in wizard.line_ids
            )

    def _get_missing_text(self):
        """Return how many of which items neither came back nor stay with the customer."""
        self.ensure_one()
        return ", ".join(
            f"{format_quantity(self.env, line.qty_missing)} {line.product_id.display_name}"
            for line in self.line_ids.filtered("qty_missing")
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Fill in the proposal where no lines are given."""
        wizards = super().create(vals_list)
        wizards.rma_id.check_access("write")
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
        if len(self.rma_id) != len(self):
            raise UserError(self.env._("A return can be processed only once at a time."))
        rmas = self.rma_id._gather_history()
        self = self.with_env(rmas.env)
        rmas._start_action("process")
        self._check_up_to_date()
        self.line_ids._check_quantities()
        old_states = {rma.id: rma.state for rma in rmas}
        rmas._start_processing()
        self._process_stock()
        refunds = self._process_refunds()
        self._process_exchanges()
        self._finish(old_states, refunds.filtered(lambda move: move.state == "posted").rma_id)
        rmas._write_gathered_history()
        return {"type": "ir.actions.act_window_close"}

    def _check_up_to_date(self):
        """R6: what a screen shows is done once."""
        for wizard in self:
            if wizard.process_count != wizard.rma_id.process_count:
                raise UserError(
                    self.env._(
                        "%(rma)s was processed meanwhile: open the screen again to see what is "
                        "left to do.",
                        rma=wizard.rma_id.name,
                    )
                )

    def action_process_keep_open(self):
        """Do what the screen says and keep the returns open for the rest."""
        self.close = False
        return self.action_process()

    # === BUSINESS METHODS === #

    def _process_stock(self):
        arrivals, put_backs, restocked = self.line_ids._split_stock_quantities()
        rmas = self.rma_id
        rmas._receive(arrivals)
        rmas._put_back(put_backs)
        rmas._log_restocked(restocked)

    def _process_refunds(self):
        """Credit in one go what does not depend on each other: of one order, return by return.

        :return: the credit notes
        """
        remaining, moves = self, self.env["account.move"]
        while remaining:
            by_order = remaining.grouped("order_id")
            batch = self.browse([wizards[0].id for wizards in by_order.values()])
            credits = {wizard.rma_id: wizard._prepare_credits() for wizard in batch}
            reasons = {wizard.rma_id: wizard.adjustment_reason for wizard in batch}
            moves |= batch.rma_id._create_refunds(credits, reasons)
            remaining -= batch
            remaining.invalidate_recordset(["can_refund_shipping", "shipping_message"], flush=False)
        return moves

    def _process_exchanges(self):
        items = {wizard.rma_id: wizard._get_exchange_items() for wizard in self}
        carriers = {wizard.rma_id: wizard.exchange_carrier_id for wizard in self}
        orders = self.rma_id._create_exchange_orders(items, carriers)
        self.rma_id._log_exchanged(orders)

    def _finish(self, old_states, refunded):
        """Close the returns or plan what is still awaited, and tell once what changed.

        :param dict old_states: {return id: state before}
        :param refunded: returns that gave something back now
        """
        closing = self.filtered("close").rma_id
        staying = self.rma_id - closing
        closing._give_up_awaited()
        staying._plan_receipts()
        self.filtered(lambda wizard: not wizard.close).line_ids._stop_awaiting_kept()
        if closing:
            closing._write_state("done", date_done=fields.Datetime.now())
        changed = self.rma_id.filtered(lambda rma: rma.state != old_states[rma.id])
        changed._notify_state_change({rma.id: old_states[rma.id] for rma in changed})
        kept_open = (self.rma_id - changed).filtered(lambda rma: rma in refunded)
        kept_open._tell_refunds()

    def _prepare_credits(self):
        """Return the `Credit`s of what is on the screen."""
        self.ensure_one()
        if not self.rma_id:
            return []
        quantities = {
            line.rma_line_id: line.qty_refund
            for line in self.line_ids
            if line.product_uom_id.compare(line.qty_refund, 0.0) > 0
        }
        self._check_extra_amounts()
        if self.refund_shipping and not self.can_refund_shipping:
            raise UserError(self.shipping_message)
        engine = self.env["sale.rma.refund"]
        credits = engine._prepare_credits(
            self.rma_id,
            quantities,
            refund_shipping=self.refund_shipping,
            fee=self.amount_fee,
            adjustment=self.amount_adjustment,
        )
        engine._check_totals(credits, self.currency_id)
        engine._check_ceiling(self.rma_id, credits, self.adjustment_reason)
        return credits

    def _check_extra_amounts(self):
        if self.currency_id.compare_amounts(self.amount_fee, 0.0) < 0:
            raise UserError(
                self.env._(
                    "The refund fee cannot be below zero: to give more, use a positive adjustment."
                )
            )

    def _get_exchange_items(self):
        """Return (return line, product, quantity) of each ticked exchange."""
        self.ensure_one()
        return [
            (line.rma_line_id, line.exchange_product_id, line.qty_exchange)
            for line in self.line_ids
            if line.exchange and line.exchange_product_id and line.qty_exchange > 0
        ]
