from datetime import timedelta

import pytz
from babel.dates import format_time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DOUBTS = [
    ("none", "None"),
    ("unmatched", "No order found"),
    ("late", "Late"),
    ("doubtful", "To be judged"),
]


class SaleRmaWithdrawal(models.Model):
    """A consumer's declaration to withdraw from a contract: kept as evidence (docs/law.md L13).

    Written once, in the transaction in which it was submitted. What becomes of it later, such as
    the acknowledgement's delivery or a colleague's check, is a further row of `event_ids`.
    """

    _name = "sale.rma.withdrawal"
    _description = "Withdrawal"
    _inherit = [
        "sale.rma.incoming",
        "sale.rma.evidence",
        "sale.rma.posting",
        "mail.thread",
        "sale.rma.activity",
        "sale.rma.access",
    ]
    _order = "submitted_at desc, id desc"
    _rec_names_search = ["name", "customer_name", "contract", "email", "matched_order_id.name"]
    _mail_post_access = "read"
    _primary_email = "email"
    _mail_defaults_to_email = True

    name = fields.Char(string="Receipt Number", required=True, readonly=True, copy=False)
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Known to the consumer's browser only: opens the receipt, and makes of a statement "
        "that is sent twice one withdrawal.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    submitted_at = fields.Datetime(
        required=True, readonly=True, help="Time of the server; kept in UTC."
    )
    timezone = fields.Char(
        string="Time Zone", readonly=True, help="That the receipt shows the time in."
    )
    submission = fields.Char(
        string="Submitted On",
        compute="_compute_submission",
        help="As the receipt says it, whatever time zone you are in.",
    )
    customer_name = fields.Char(string="Name", required=True, readonly=True)
    contract = fields.Text(readonly=True, help="The contract, as the consumer named it.")
    part = fields.Text(
        string="Part of the Contract", readonly=True, help="Items named in the consumer's words."
    )
    items = fields.Json(readonly=True, help="Items ticked; none: the whole order.")
    email = fields.Char(
        string="Receipt To",
        readonly=True,
        help="None with what came by letter and names none: then the receipt is posted.",
    )
    statement = fields.Text(required=True, readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    channel = fields.Selection(
        selection=[
            ("login", "Logged in"),
            ("link", "Link to the order"),
            ("form", "Form without login"),
            ("staff", "Colleague on the customer's behalf"),
            ("letter", "Letter"),
            ("mail", "E-mail"),
            ("phone", "Telephone"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    login = fields.Char(string="Logged In As", readonly=True)
    ip = fields.Char(string="IP Address", readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Declared Order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Of a customer who was known by login or by the order's link.",
    )
    matched_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        compute="_compute_matched_order_id",
        store=True,
        index="btree_not_null",
        help="The known customer's, or the one that number and e-mail address were found to mean.",
    )
    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Return",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Opened with the statement of a customer who was known.",
    )
    found_doubt = fields.Selection(
        selection=DOUBTS,
        required=True,
        readonly=True,
        default="none",
        help="Why the machine could not decide when the statement came.",
    )
    doubt = fields.Selection(
        selection=DOUBTS,
        compute="_compute_doubt",
        store=True,
        help="Why a colleague has to look at it.",
    )
    doubt_note = fields.Text(readonly=True)
    check_note = fields.Text(string="To Know", compute="_compute_check_note")
    content_hash = fields.Char(
        string="SHA-256", readonly=True, help="Of all that was declared, when and how."
    )
    is_intact = fields.Boolean(compute="_compute_is_intact")
    event_ids = fields.One2many(
        comodel_name="sale.rma.withdrawal.event",
        inverse_name="withdrawal_id",
        string="Events",
        readonly=True,
    )
    is_to_check = fields.Boolean(compute="_compute_is_to_check", search="_search_is_to_check")
    receipt_state = fields.Selection(
        selection=[
            ("mailed", "Sent"),
            ("repeated", "Sent before"),
            ("held", "Waiting"),
            ("failed", "Not sent"),
            ("bounced", "Came back"),
            ("pending", "Being sent"),
            ("paper", "To be posted"),
        ],
        string="Receipt",
        compute="_compute_receipt_state",
    )
    rma_ids = fields.Many2many(
        comodel_name="sale.rma",
        string="Returns",
        compute="_compute_rma_ids",
        help="Opened by the statement or by the colleague who checked it.",
    )

    _token_uniq = models.UniqueIndex("(token)", "This statement was submitted already.")
    _name_uniq = models.UniqueIndex("(name)", "This receipt number is used already.")

    # === COMPUTE METHODS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"content_hash", "found_doubt", "mailbox", "token"}

    @api.depends("submitted_at", "timezone", "lang")
    def _compute_submission(self):
        for withdrawal in self:
            withdrawal.submission = withdrawal._format_submission()

    @api.depends("content_hash")
    def _compute_is_intact(self):
        # sudo: all that the hash is of; a yes or no gets out
        for withdrawal, withdrawal_sudo in zip(self, self.sudo(), strict=True):
            content = withdrawal_sudo._get_content()
            withdrawal.is_intact = withdrawal.content_hash == self._hash_content(content)

    @api.depends("order_id", "event_ids.order_id")
    def _compute_matched_order_id(self):
        for withdrawal in self:
            withdrawal.matched_order_id = withdrawal.order_id or withdrawal.event_ids.order_id[:1]

    @api.depends("found_doubt", "event_ids.doubt")
    def _compute_doubt(self):
        for withdrawal in self:
            doubts = withdrawal.event_ids.filtered("doubt").mapped("doubt")
            withdrawal.doubt = next(iter(doubts), withdrawal.found_doubt)

    @api.depends("doubt", "event_ids.kind")
    def _compute_is_to_check(self):
        to_check = self.filtered_domain(self._get_to_check_domain())
        to_check.is_to_check = True
        (self - to_check).is_to_check = False

    def _search_is_to_check(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_to_check_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_to_check_domain(self):
        unchecked = Domain("event_ids", "not any", [("kind", "=", "checked")])
        return Domain("doubt", "!=", "none") & unchecked

    @api.depends("doubt_note", "event_ids.note")
    def _compute_check_note(self):
        for withdrawal in self:
            asked = withdrawal.event_ids.filtered(lambda event: event.kind == "asked")
            withdrawal.check_note = asked[:1].note or withdrawal.doubt_note

    @api.depends("email", "event_ids.kind")
    def _compute_receipt_state(self):
        for withdrawal in self:
            if not withdrawal.email:
                withdrawal.receipt_state = "paper"
                continue
            kinds = set(withdrawal.event_ids.mapped("kind"))
            order = ("bounced", "mailed", "failed", "repeated", "written", "held")
            state = next((kind for kind in order if kind in kinds), "pending")
            withdrawal.receipt_state = "pending" if state == "written" else state

    @api.depends("rma_id", "event_ids.rma_id")
    def _compute_rma_ids(self):
        for withdrawal in self:
            withdrawal.rma_ids = withdrawal.rma_id | withdrawal.event_ids.rma_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self._make_number()
            vals["content_hash"] = self._hash_content(vals)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_retained(self):
        """Nobody deletes a withdrawal before the retention job does, but on its consumer's
        request one that matched nothing."""
        if self - self._filter_unlinkable():
            raise UserError(
                self.env._(
                    "A withdrawal is evidence: it is deleted when its retention period is over, "
                    "and not before."
                )
            )

    def _may_post(self):
        """Override: nobody changes a withdrawal; who sees it and runs returns answers it."""
        is_seller = self.env.user._is_internal() and self.env["sale.rma"].has_access("create")
        return is_seller and self.has_access("read")

    def _get_owners(self):
        return self.matched_order_id.user_id | self.rma_ids._get_owners()

    # === TEXTS === #

    def _get_texts(self):
        """Return the texts of the withdrawal function in the consumer's language."""
        self.ensure_one()
        words = self.env["sale.rma.withdrawal.words"]
        return words._get_texts(words._find_language(self.lang) or "en")

    def _format_submission(self):
        """Return when the statement was submitted, in the consumer's language and with the time
        zone: `17 March 2026, 14:03:12 (Europe/Paris, UTC+01:00)`."""
        self.ensure_one()
        timezone = pytz.timezone(self.timezone or "UTC")
        if not self.submitted_at:
            return ""
        moment = self.submitted_at.replace(tzinfo=pytz.utc).astimezone(timezone)
        words = self.env["sale.rma.withdrawal.words"]
        locale = words._find_language(self.lang) or "en"
        day = words._format_day(moment.date(), locale)
        clock = format_time(moment, "HH:mm:ss", tzinfo=timezone, locale=locale)
        offset = moment.utcoffset() or timedelta()
        sign = "-" if offset < timedelta() else "+"
        hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
        zone = f"{timezone.zone}, UTC{sign}{hours:02d}:{minutes:02d}"
        zone = "UTC" if timezone == pytz.utc else zone
        return f"{day}, {clock} ({zone})"

    def _get_report_base_filename(self):
        """Return the file name of the acknowledgement."""
        self.ensure_one()
        return f"{self._get_texts()['receipt_title']} {self.name}"
