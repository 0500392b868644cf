from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATIONS = [
    ("request", "Request"),
    ("accept", "Accept"),
    ("process", "Process as requested"),
    ("refuse", "Refuse"),
    ("cancel", "Cancel"),
    ("print", "Print slips"),
]
# What the user may still fill in; all else is written by the methods below.
USER_FIELDS = {"ground_id", "reason", "goods_are_here"}
DRAFT_DAYS = 1
DONE_DAYS = 90


class SaleRmaJob(models.Model):
    """One operation on many returns: what it will do first, then its progress, then a result for
    each return. It can be left at any moment: what is done is done, the rest goes on."""

    _name = "sale.rma.job"
    _description = "Bulk Operation on Returns"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"
    _rec_name = "operation"

    operation = fields.Selection(selection=OPERATIONS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        help="With whose rights it is done.",
    )
    is_own = fields.Boolean(compute="_compute_is_own", help="Whoever began it runs it.")
    company_ids = fields.Many2many(comodel_name="res.company", readonly=True)
    ground_id = fields.Many2one(
        comodel_name="sale.rma.ground",
        string="Standard Text",
        domain="[('operation', 'in', ('all', operation))]",
        help="Each customer gets it in their own language, unless it is changed below.",
    )
    reason = fields.Text(
        string="Ground",
        compute="_compute_reason",
        store=True,
        readonly=False,
        help="Sent to the customers with the notice.",
    )
    goods_are_here = fields.Boolean(
        string="They Are Here",
        groups="stock.group_stock_user",
        help="The goods of the returns of which nothing has arrived are here: they are received "
        "and processed too.",
    )
    state = fields.Selection(
        selection=[("draft", "Summary"), ("running", "Under Way"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    is_background = fields.Boolean(
        string="In the Background",
        readonly=True,
        help="Done by the scheduler, whether or not anybody looks on.",
    )
    date_done = fields.Datetime(string="Done On", readonly=True)
    line_ids = fields.One2many(
        comodel_name="sale.rma.job.line", inverse_name="job_id", string="Returns", readonly=True
    )
    problem_line_ids = fields.One2many(
        comodel_name="sale.rma.job.line",
        inverse_name="job_id",
        string="Not Done",
        domain=[("state", "in", ("impossible", "failed"))],
        readonly=True,
    )
    waiting_line_ids = fields.One2many(
        comodel_name="sale.rma.job.line",
        inverse_name="job_id",
        string="Returns Not Arrived",
        domain=[("state", "=", "waiting")],
        readonly=True,
    )
    line_count = fields.Integer(string="Selected", compute="_compute_counts")
    unchecked_count = fields.Integer(compute="_compute_counts")
    possible_count = fields.Integer(string="Possible", compute="_compute_counts")
    problem_count = fields.Integer(string="Problems", compute="_compute_counts")
    waiting_count = fields.Integer(string="Nothing Has Arrived", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    amount_text = fields.Char(
        string="Total Refunded",
        compute="_compute_amount_text",
        help="Tax included, for each currency: what will be, or was, refunded.",
    )
    document_id = fields.Many2one(comodel_name="ir.attachment", readonly=True, ondelete="set null")

    # === COMPUTE METHODS === #

    @api.depends("operation", "line_ids")
    def _compute_display_name(self):
        labels = dict(self._fields["operation"]._description_selection(self.env))
        for job in self:
            job.display_name = self.env._(
                "%(operation)s: %(count)s returns",
                operation=labels.get(job.operation, ""),
                count=job.line_count,
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for job in self:
            job.is_own = job.user_id == self.env.user

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {job: {} for job in self}
        for job, state, count in self.env["sale.rma.job.line"]._read_group(
            [("job_id", "in", self.ids)], ["job_id", "state"], ["__count"]
        ):
            counts[job][state] = count
        for job in self:
            by_state = counts[job]
            job.line_count = sum(by_state.values())
            job.unchecked_count = by_state.get("unchecked", 0)
            job.possible_count = by_state.get("possible", 0)
            job.problem_count = by_state.get("impossible", 0) + by_state.get("failed", 0)
            job.waiting_count = by_state.get("waiting", 0)
            job.done_count = by_state.get("done", 0)

    @api.depends("line_ids.amount", "line_ids.state")
    def _compute_amount_text(self):
        texts = {}
        for job, currency, amount in self.env["sale.rma.job.line"]._read_group(
            [("job_id", "in", self.ids), ("state", "in", ("possible", "done"))],
            ["job_id", "currency_id"],
            ["amount:sum"],
        ):
            if currency and not currency.is_zero(amount):
                texts.setdefault(job, []).append(currency.format(amount))
        for job in self:
            job.amount_text = " + ".join(texts.get(job, []))

    @api.depends("ground_id")
    def _compute_reason(self):
        """What was written stays, until a standard text is chosen."""
        for job in self:
            job.reason = job.ground_id._get_text(self.env.lang) if job.ground_id else job.reason

    # === CRUD METHODS === #

    def write(self, vals):
        """Nobody changes what a job does, nor with whose rights, once it is there."""
        if not self.env.su and (vals.keys() - USER_FIELDS):
            raise AccessError(self.env._("A bulk operation is changed by its buttons only."))
        result = super().write(vals)
        if "goods_are_here" in vals:
            self._check_again()
        return result

    def _check_again(self):
        """Find out anew what can be done, now that more or less is said to be here.

        :raise UserError: it is under way
        """
        if any(job.state != "draft" for job in self):
            raise UserError(self.env._("This was started already."))
        # sudo: who may write on the job was checked
        for job in self.sudo():
            checked = job.line_ids.filtered(lambda line: line.state in ("possible", "waiting"))
            checked.write({"state": "unchecked", "message": False})
            job._run_next()

    @api.autovacuum
    def _gc_jobs(self):
        """Remove summaries nobody went on with, and what is long done."""
        now = fields.Datetime.now()
        self.search(
            [("state", "=", "draft"), ("create_date", "<", now - timedelta(days=DRAFT_DAYS))]
        ).unlink()
        self.search(
            [("state", "=", "done"), ("date_done", "<", now - timedelta(days=DONE_DAYS))]
        ).unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _create_for(self, rmas, operation):
        """Create the job of an operation and check as many returns as can be done at once.

        :param rmas: the `sale.rma` selected
        :param str operation: one of OPERATIONS
        :return: the job
        """
        if not rmas:
            raise UserError(self.env._("Select returns first."))
        job = self.sudo().create(  # whoever may see returns may prepare an operation on them
            {
                "operation": operation,
                "user_id": self.env.uid,
                "company_ids": self.env.companies.ids,
                "line_ids": [
                    fields.Command.create({"rma_id": rma.id}) for rma in rmas.sorted("id")
                ],
            }
        )
        job._run_next()
        return job.with_env(self.env)

    def _check_own(self):
        """
        :raise AccessError: somebody else's job
        :raise UserError: none, or several
        """
        if len(self) != 1:
            raise UserError(self.env._("Choose one job: each is done by itself."))
        self.check_access("read")
        if not self.env.su and self.user_id != self.env.user:
            raise AccessError(
                # sudo: a name only
                self.env._("Only %(user)s can do this.", user=self.sudo().user_id.name)
            )

    @api.model
    def _get_limit(self, name):
        """Return a number that administrators may set: `screen`, how many returns are done before
        the user's eyes; `batch`, how many in one transaction."""
        defaults = {"screen": 200, "batch": 40}
        # sudo: a number
        value = self.env["ir.config_parameter"].sudo().get_param(f"sale_rma.bulk_{name}_limit")
        return max(int(value), 1) if value and value.isdigit() else defaults[name]

    def _trigger_background(self):
        """Have the scheduler take it up: at once, or, as long as somebody looks on, a little
        later, in case the screen is closed."""
        cron = self.env.ref("sale_rma.ir_cron_rma_jobs").sudo()  # to be run, not changed
        now = fields.Datetime.now()
        cron._trigger(at=now if self.is_background else now + timedelta(minutes=10))

    def _notify_done(self):
        """Tell the user that what went on in the background is over."""
        self.ensure_one()
        job = self.with_context(lang=self.user_id.lang)
        body = Markup("<p>%s</p>") % job._get_result_text()
        self.env["mail.thread"].message_notify(
            model=self._name,
            res_id=self.id,
            partner_ids=job.user_id.partner_id.ids,
            subject=job.display_name,
            body=body,
            email_layout_xmlid="mail.mail_notification_layout",
        )
        job.user_id._bus_send(
            "simple_notification",
            {
                "type": "warning" if job.problem_count or job.waiting_count else "success",
                "title": job.display_name,
                "message": job._get_result_text(),
                "sticky": True,
            },
        )

    def _get_result_text(self):
        """Return in words how far it came."""
        self.ensure_one()
        counts = {"done": self.done_count, "problems": self.problem_count + self.waiting_count}
        text = self.env._("%(done)s done, %(problems)s not done.", **counts)
        if self.amount_text:
            amount = self.env._("Refunded in all: %(amount)s.", amount=self.amount_text)
            text = f"{text} {amount}"
        return text
