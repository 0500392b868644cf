from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    _name = "sale.rma"
    _description = "Customer Return"
    _inherit = [
        "sale.rma.incoming",
        "sale.rma.posting",
        "portal.mixin",
        "mail.thread",
        "sale.rma.activity",
        "sale.rma.access",
    ]
    _order = "id desc"
    _rec_names_search = ["reference_search", "external_ref", "order_id.name", "partner_id.name"]
    _mail_post_access = "read"
    _mail_thread_customer = True
    _check_company_auto = True

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default="New",
        index="trigram",  # typed and scanned with and without separators, in part and whole
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(related="order_id.currency_id", store=True, precompute=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivery Address",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the goods come from.",
    )
    email = fields.Char(
        compute="_compute_email",
        store=True,
        readonly=False,
        precompute=True,
        help="Where notices about this return go.",
    )
    rma_type = fields.Selection(
        selection=[
            ("withdrawal", "Withdrawal"),
            ("return", "Return"),
            ("claim", "Claim"),
            ("recall", "Recall"),
        ],
        string="Type",
        required=True,
        default="return",
        help="Withdrawal: statutory, needs no reason. Return: commercial. "
        "Claim: defect, damage, wrong or missing goods. Recall: not safe, opened for all buyers.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("accepted", "Accepted"),
            ("processing", "Processing"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        group_expand="_expand_states",
    )
    priority = fields.Selection(selection=[("0", "Normal"), ("1", "Urgent")], default="0")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain="[('share', '=', False)]",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Where the goods come back.",
    )
    return_address_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_return_address_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the customer sends the goods; printed on the slip.",
    )
    instructions = fields.Html(
        compute="_compute_instructions",
        store=True,
        readonly=False,
        precompute=True,
        help="Printed at the end of the slip.",
    )
    customer_note = fields.Text(help="What the customer wrote.")
    public_note = fields.Text(help="Printed on the slip and shown to the customer.")
    internal_note = fields.Html(
        groups="base.group_user", help="For colleagues: never shown to the customer."
    )
    close_reason = fields.Text(copy=False, help="Why it was closed; the customer is told.")
    line_ids = fields.One2many(
        comodel_name="sale.rma.line", inverse_name="rma_id", string="Items", copy=False
    )
    picking_ids = fields.One2many(
        comodel_name="stock.picking", inverse_name="rma_id", string="Receipts", readonly=True
    )
    picking_count = fields.Integer(compute="_compute_document_counts")
    refund_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="rma_id",
        string="Credit Notes",
        domain=[("move_type", "=", "out_refund")],
        readonly=True,
    )
    refund_count = fields.Integer(compute="_compute_document_counts")
    exchange_order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="source_rma_id",
        string="Exchange Orders",
        readonly=True,
    )
    exchange_order_count = fields.Integer(compute="_compute_document_counts")
    qty_total = fields.Float(
        string="Quantity",
        compute="_compute_qty_total",
        digits="Product Unit",
        help="Pieces asked for, each in the unit it was sold in.",
    )
    date_requested = fields.Datetime(readonly=True, copy=False)
    date_accepted = fields.Datetime(readonly=True, copy=False)
    date_received = fields.Datetime(readonly=True, copy=False)
    date_done = fields.Datetime(readonly=True, copy=False)
    date_expiry = fields.Date(
        string="Expires On", copy=False, help="An accepted return nothing came for expires then."
    )
    has_planned_receipt = fields.Boolean(compute="_compute_has_planned_receipt")
    has_photos = fields.Boolean(compute="_compute_has_photos")
    history_ids = fields.One2many(
        comodel_name="mail.message",
        inverse_name="res_id",
        domain=[("model", "=", "sale.rma"), ("subtype_id.res_model", "=", "sale.rma")],
        readonly=True,
    )

    _name_company_uniq = models.UniqueIndex(
        "(name, company_id)", "This return reference is already used in the company."
    )

    # === COMPUTE METHODS === #

    @api.model
    def _expand_states(self, states, domain):
        """Show the columns of the kanban in the order returns go through them."""
        order = [state for state, _label in self._fields["state"].selection]
        return [state for state in order if state in self._get_live_states() or state in states]

    @api.depends("order_id")
    def _compute_company_id(self):
        for rma in self:
            rma.company_id = rma.order_id.company_id or rma.company_id or self.env.company

    @api.depends("order_id")
    def _compute_partner_id(self):
        for rma in self:
            rma.partner_id = rma.order_id.partner_id
            rma.partner_shipping_id = rma.order_id._get_rma_home_address()

    @api.depends("partner_id")
    def _compute_email(self):
        for rma in self:
            rma.email = rma.partner_id.email

    @api.depends("order_id")
    def _compute_user_id(self):
        for rma in self:
            # sudo: who manages returns is known to all
            rma.user_id = rma.company_id.sudo().rma_user_id or rma.order_id.user_id

    @api.depends("order_id")
    def _compute_warehouse_id(self):
        for rma in self:
            rma.warehouse_id = rma.order_id._get_rma_warehouse()

    @api.depends("company_id", "warehouse_id")
    def _compute_return_address_id(self):
        for rma in self:
            # the company's settings and the warehouse's address are no secret of their managers
            company, warehouse = rma.company_id.sudo(), rma.warehouse_id.sudo()
            rma.return_address_id = (
                company.rma_return_address_id or warehouse.partner_id or company.partner_id
            )

    @api.depends("company_id", "partner_id")
    def _compute_instructions(self):
        for rma in self:
            # sudo: printed for customers anyway
            company = rma.company_id.sudo().with_context(lang=rma.partner_id.lang)
            rma.instructions = company.rma_instructions

    @api.depends("picking_ids", "refund_ids", "exchange_order_ids")
    def _compute_document_counts(self):
        # counts only: whoever sees the return may know how many documents it has
        for rma, rma_sudo in zip(self, self.sudo(), strict=True):
            rma.picking_count = len(rma_sudo.picking_ids)
            rma.refund_count = len(rma_sudo.refund_ids)
            rma.exchange_order_count = len(rma_sudo.exchange_order_ids)

    @api.depends("line_ids.quantity")
    def _compute_qty_total(self):
        for rma in self:
            rma.qty_total = sum(rma.line_ids.mapped("quantity"))

    @api.depends("line_ids.attachment_ids")
    def _compute_has_photos(self):
        for rma in self:
            rma.has_photos = bool(rma.line_ids.attachment_ids)

    @api.depends("picking_ids.state")
    def _compute_has_planned_receipt(self):
        # sudo: a yes or no, also to who has no right on transfers
        for rma, rma_sudo in zip(self, self.sudo(), strict=True):
            rma.has_planned_receipt = any(
                picking.state not in ("done", "cancel") for picking in rma_sudo.picking_ids
            )

    # === CRUD METHODS === #

    def _add_precomputed_values(self, vals_list):
        """Extend the ORM: a new return gets its reference when its company is known, and nothing
        written yet."""
        super()._add_precomputed_values(vals_list)
        self._assign_references(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if {"warehouse_id", "partner_shipping_id"} & vals.keys():
            self._on_awaited_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if any(rma.state not in ("draft", "cancel") for rma in self):
            raise UserError(
                self.env._("Only draft and cancelled returns can be deleted; cancel it first.")
            )
        self.line_ids._check_untouched()
