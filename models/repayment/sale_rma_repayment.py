from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

WAYS = [
    ("transaction", "Original payment"),
    ("card", "Gift card or eWallet that paid"),
    ("bank", "Bank transfer"),
    ("wallet", "Store credit"),
    ("exchange", "Set against the exchange"),
    ("manual", "By hand"),
]
# The money may have left, and the books do not know of it yet.
MOVING_STATES = ("sent", "unknown", "pending")
# The customer does not have it yet, as far as is known.
OPEN_STATES = ("planned", *MOVING_STATES)


class SaleRmaRepayment(models.Model):
    """Money of a credit note on its way to the customer: one row for each way and source.

    What is owed is the credit note's to say; a row says what becomes of it. Rows are written and
    committed before anything is sent, so that what was sent can always be found (P1).
    """

    _name = "sale.rma.repayment"
    _description = "Repayment of a Return"
    _inherit = ["sale.rma.incoming"]
    _order = "id"
    _check_company_auto = True

    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Customer Return",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="rma_id.company_id", store=True, precompute=True)
    refund_id = fields.Many2one(
        comodel_name="account.move",
        string="Credit Note",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="What it pays back.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="In the credit note's currency.")
    way = fields.Selection(selection=WAYS, required=True, default="manual", index=True)
    source_transaction_id = fields.Many2one(
        comodel_name="payment.transaction",
        string="Paid With",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The payment of the order that gives the money back.",
    )
    transaction_id = fields.Many2one(
        comodel_name="payment.transaction",
        string="Refund Transaction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Made once, and sent again if it has to be: never another one for the same money.",
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    entry_id = fields.Many2one(
        comodel_name="account.move",
        string="Settled By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What accounting set the credit note against: a payment made by hand, a line of the "
        "bank's, the invoice of the exchange.",
    )
    bank_account_id = fields.Many2one(comodel_name="res.partner.bank", ondelete="restrict")
    loyalty_card_id = fields.Many2one(
        comodel_name="loyalty.card", string="Card", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("sent", "Sent"),
            ("unknown", "Not Known"),
            ("pending", "Pending"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="planned",
        copy=False,
        index=True,
        help="Sent: written down, the provider is asked next. Not known: the provider was asked "
        "and gave no answer, the money may have moved. Pending: the provider has it in hand.",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: uuid4().hex,
        help="Told to the provider each time: it moves the money of one key once.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who had it sent.",
    )
    is_queued = fields.Boolean(
        readonly=True, copy=False, help="The provider is going to be asked, by the next who can."
    )
    is_told = fields.Boolean(
        readonly=True, copy=False, help="Somebody was told to look on the provider's page."
    )
    attempts = fields.Integer(
        readonly=True, copy=False, help="How often the provider was asked, always for the same."
    )
    date_attempt = fields.Datetime(string="Last Asked On", readonly=True, copy=False)
    date_sent = fields.Datetime(
        string="Sent On", readonly=True, copy=False, help="When it was asked first."
    )
    date_done = fields.Datetime(string="Done On", readonly=True, copy=False)
    date_due = fields.Date(related="rma_id.date_refund_due", string="Due", store=True, index=True)
    reference = fields.Char(
        readonly=True, copy=False, help="Of a payment that was made outside: as on the statement."
    )
    message = fields.Text(readonly=True, copy=False, help="The provider's words.")
    is_to_check = fields.Boolean(
        string="To Be Looked At",
        readonly=True,
        copy=False,
        help="Somebody has to see whether the customer has this money already.",
    )

    _key_uniq = models.Constraint("UNIQUE(key)", "The key of a repayment is used once.")
    _transaction_uniq = models.UniqueIndex(
        "(transaction_id) WHERE transaction_id IS NOT NULL",
        "A refund transaction pays one repayment.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a repayment is more than nothing."
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"is_queued", "is_told", "key"}

    @api.depends("rma_id.name", "amount", "currency_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.rma_id.name}: {row.currency_id.format(row.amount)}"

    # === CRUD METHODS === #

    def write(self, vals):
        """Extend the ORM: the way of what is only planned may be chosen.

        :raise UserError: it is more than planned, or the way is not one to choose
        """
        chosen = {"way", "bank_account_id"} & vals.keys()
        if chosen and not self.env.su:
            self._check_choice(vals)
            if "way" in vals:
                return self._choose_way(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """What was planned is cancelled, never deleted: the history needs it."""
        if not self.env.su:
            raise UserError(self.env._("Repayments are cancelled, not deleted."))

    # === BUSINESS METHODS === #

    @api.model
    def _get_chosen_ways(self):
        """Return the ways that people may choose; the others follow from what happened. Who adds a
        way to choose extends this and `_get_money_ways`."""
        return "transaction", "bank", "manual"

    @api.model
    def _get_money_ways(self):
        """Return the ways that the customer's money goes by; the others only tell of what happened
        elsewhere."""
        return "transaction", "bank", "wallet", "manual"

    def _check_choice(self, vals):
        """:raise UserError: see `write`"""
        if any(row.state != "planned" or row.way not in self._get_chosen_ways() for row in self):
            raise UserError(
                self.env._("The way of a repayment can be chosen as long as it is planned only.")
            )
        if "way" in vals and vals["way"] not in self._get_chosen_ways():
            raise UserError(self.env._("This way follows from what happened: choose another one."))
        if account := self.env["res.partner.bank"].browse(vals.get("bank_account_id") or ()):
            self._check_account_of_customer(account)

    def _check_account_of_customer(self, account):
        """:raise UserError: it is somebody else's: what is owed to one is paid to nobody else"""
        # sudo: whose they are is compared only
        owner = account.sudo().partner_id.commercial_partner_id
        for row in self.sudo():
            if row.partner_id.commercial_partner_id != owner:
                raise UserError(
                    self.env._(
                        "The money of %(row)s goes to an account of %(customer)s only: have the "
                        "account written down with the customer first.",
                        row=row.display_name,
                        customer=row.partner_id.display_name,
                    )
                )

    def _choose_way(self, vals):
        """Write another way, with the payment it goes back to.

        :raise UserError: no payment of the order can give so much back
        """
        for row in self.sudo():  # the user's right to write and the choice were checked
            source = row.env["payment.transaction"]
            if vals["way"] == "transaction":
                source = row.source_transaction_id or row._find_source()
            row.write({**vals, "source_transaction_id": source.id})
        return True

    def _find_source(self):
        """Return the payment of the order that can give the whole amount back.

        :raise UserError: there is none
        """
        self.ensure_one()
        for source in self.refund_id._get_repayment_sources():
            if source._get_amount_refundable(self.currency_id, self.amount) >= self.amount:
                return source
        raise UserError(
            self.env._(
                "No payment of %(order)s can give %(amount)s back: choose another way.",
                order=self.rma_id.order_id.name,
                amount=self.currency_id.format(self.amount),
            )
        )

    def _change_state(self, state, **vals):
        """Write the state of rows, and the history of their returns. Rights and states are the
        caller's to check."""
        rows = self.filtered(lambda row: row.state != state)
        others = self - rows
        if others and vals:
            # sudo: only the program writes these; the caller checked
            others.sudo().write(vals)
        if not rows:
            return
        # sudo: `write` refuses the state from outside
        rows.sudo().write({"state": state, **vals})
        rows._log_change()

    def _log_change(self):
        """Write to the history of the returns what became of rows."""
        # sudo: what was done is told in the history, whoever did it
        for rma, rows in self.sudo().grouped("rma_id").items():
            for row in rows:
                rma._log_history("refunded", {rma.id: row._get_change_text()})

    def _get_change_text(self):
        """Return in words what a row is now."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        text = self.env._(
            "Repayment of %(amount)s (%(way)s): %(state)s",
            amount=self.currency_id.format(self.amount),
            way=self._get_way_text(),
            state=states[self.state].lower(),
        )
        return f"{text}. {self.message}" if self.message else text

    def _get_way_text(self):
        """Return in words how the money goes back."""
        self.ensure_one()
        if self.way == "transaction" and self.source_transaction_id:
            return self.source_transaction_id._get_repayment_label()
        if self.way in ("card", "wallet") and self.loyalty_card_id:
            return self.loyalty_card_id._get_label()
        ways = dict(self._fields["way"]._description_selection(self.env))
        return ways[self.way]
