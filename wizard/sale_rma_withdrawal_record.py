from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, format_date, hmac

# No right of withdrawal lasts so long, uninformed consumers' and late deliveries included.
OLDEST = timedelta(days=5 * 365)
# Orders are typed in, or imported, some time after they were made.
TYPED_LATE = timedelta(days=30)


class SaleRmaWithdrawalRecord(models.TransientModel):
    """A colleague writes down a withdrawal that came by letter, mail or telephone (docs/law.md
    L9, N12)."""

    _name = "sale.rma.withdrawal.record"
    _description = "Record a Withdrawal"
    _inherit = ["sale.rma.incoming"]

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    channel = fields.Selection(
        selection=[
            ("letter", "Letter"),
            ("mail", "E-mail"),
            ("phone", "Telephone"),
            ("other", "Other"),
        ],
        string="Came By",
        required=True,
        default="letter",
    )
    date_received = fields.Datetime(
        string="Received On",
        required=True,
        default=fields.Datetime.now,
        help="When it reached the shop: the money is due 14 days later.",
    )
    date_sent = fields.Date(
        string="Sent On",
        help="By its postmark, where that is known: what was sent before the period ended is in "
        "time, however late it came.",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        domain="[('state', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Where it is known; else it is looked for, or waits under Withdrawals.",
    )
    line_ids = fields.One2many(
        comodel_name="sale.rma.withdrawal.record.line",
        inverse_name="wizard_id",
        string="Items",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="All of the order, as long as nothing is changed.",
    )
    contract = fields.Char(help="As the consumer names it: a number of the order or invoice.")
    customer_name = fields.Char(
        string="Name",
        required=True,
        compute="_compute_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    email = fields.Char(
        string="Receipt To",
        compute="_compute_customer",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: print the receipt and send it by post.",
    )
    statement = fields.Text(help="What the consumer says, word for word.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        bypass_search_access=True,
        help="The letter, scanned: kept as evidence.",
    )
    inquiry_id = fields.Many2one(comodel_name="sale.rma.inquiry", ondelete="set null")
    period = fields.Char(string="Withdrawal Period", compute="_compute_period")

    @api.model
    def _get_fixed_names(self):
        """Override: which message becomes a withdrawal is given once."""
        return super()._get_fixed_names() | {"inquiry_id"}

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_customer(self):
        for wizard in self:
            customer = wizard.order_id.partner_id
            wizard.customer_name = wizard.customer_name or customer.name
            wizard.email = wizard.email or customer.email_normalized

    @api.depends("order_id")
    def _compute_line_ids(self):
        """Propose the whole order."""
        for wizard in self:
            lines = wizard.order_id and wizard.order_id._get_withdrawal_lines()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"sale_line_id": line.id, "quantity": line.product_uom_qty})
                    for line in lines or ()
                ),
            ]

    @api.depends("order_id", "date_received", "date_sent")
    def _compute_period(self):
        for wizard in self:
            wizard.period = ""
            if order := wizard.order_id:
                at = wizard._get_declared_at() or wizard.date_received
                periods = self.env["sale.rma.period"]._get_periods(order, at=at)
                wizard.period = periods[order].explanation

    # === ACTIONS === #

    def action_record(self):
        """Keep the statement as evidence, acknowledge it and open its case, as if it had been
        declared by the function: it is never asked for, and nobody has to accept it.

        :return: act_window on the return, or on the withdrawal where a colleague has to decide
        :raise UserError: nothing is said, a day to come, or an item of another order
        :raise AccessError: no right to create returns
        """
        self.ensure_one()
        self.env["sale.rma"].check_access("create")
        self._check_said()
        # sudo: nobody has the right to write withdrawals; what is recorded is what was checked
        withdrawal = (
            self.env["sale.rma.withdrawal"]
            .sudo()
            ._record(
                self._prepare_declared(),
                self.date_received,
                self._get_declared_at(),
                [(file.name, file.raw) for file in self.attachment_ids],
                self._get_note(),
            )
        )
        if self.inquiry_id.state == "new":
            self.inquiry_id.action_done()
        visible = withdrawal.rma_ids.with_env(self.env)._filtered_access("read")
        document = visible[:1] or withdrawal.with_env(self.env)
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _check_said(self):
        """:raise UserError: see `action_record`"""
        if not (self.statement or "").strip() and not self.attachment_ids:
            raise UserError(
                self.env._("Write down what the consumer says, or add the letter as a file.")
            )
        if self.date_received > fields.Datetime.now():
            raise UserError(
                self.env._("The day it was received is still to come: give the day it came.")
            )
        self._check_not_before()
        if self.date_sent and self.date_sent > fields.Date.to_date(self.date_received):
            raise UserError(self.env._("It cannot have been sent after it was received."))
        if self.email and not email_normalize(self.email, strict=True):
            raise UserError(
                self.env._(
                    "%(email)s is no e-mail address: correct it, or leave it empty and send the "
                    "receipt by post.",
                    email=self.email,
                )
            )
        if self.order_id:
            self.line_ids._check_declarable(self.order_id)
        # the files are the caller's own, or such as he may read
        self.attachment_ids.check_access("read")

    def _check_not_before(self):
        """:raise UserError: before there was an order, or longer ago than any right lasts"""
        days = [fields.Date.to_date(self.date_received), self.date_sent]
        first = min(filter(None, days))
        if self.order_id and first < fields.Date.to_date(self.order_id.date_order) - TYPED_LATE:
            raise UserError(
                self.env._(
                    "%(date)s is long before %(order)s was made, on %(order_date)s: correct the "
                    "day, or choose another order.",
                    date=format_date(self.env, first),
                    order=self.order_id.name,
                    order_date=format_date(self.env, self.order_id.date_order),
                )
            )
        if first < fields.Date.today() - OLDEST:
            raise UserError(
                self.env._(
                    "%(date)s is too long ago for a withdrawal: correct the day.",
                    date=format_date(self.env, first),
                )
            )

    def _get_declared_at(self):
        """Return the moment the statement was sent, noon of the day the postmark says."""
        return self.date_sent and fields.Datetime.to_datetime(self.date_sent).replace(hour=12)

    def _get_note(self):
        """Return what is kept about how it came."""
        labels = dict(self._fields["channel"]._description_selection(self.env))
        if not self.date_sent:
            return labels[self.channel]
        return self.env._(
            "%(channel)s, sent on %(date)s",
            channel=labels[self.channel],
            date=fields.Date.to_string(self.date_sent),
        )

    def _prepare_declared(self):
        """Return what is declared, as `sale.rma.withdrawal._submit` takes it."""
        order, customer = self.order_id, self.order_id.partner_id or self.inquiry_id.partner_id
        words = self.env["sale.rma.withdrawal.words"]
        languages = map(words._find_language, (customer.lang, self.env.company.partner_id.lang))
        return {
            "channel": self.channel,
            "company_id": (order.company_id or self.company_id).id,
            "contract": self.contract or order.name or "",
            "customer_name": self.customer_name,
            "email": email_normalize(self.email or "") or False,
            "items": self.line_ids._prepare_items(),
            "lang": next(filter(None, languages), "en"),
            "login": self.env.user.login,
            "order_id": order.id,
            "part": "",
            "statement": (self.statement or "").strip() or self._describe_files(),
            # of this dialog: confirmed twice, it is one withdrawal; nobody can guess it
            "token": hmac(self.env(su=True), "sale_rma.withdrawal.record", self.id),
        }

    def _describe_files(self):
        return self.env._(
            "In writing, see %(files)s", files=", ".join(self.attachment_ids.mapped("name"))
        )
