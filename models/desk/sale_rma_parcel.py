from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

DESK = "stock.group_stock_user"
PRICES = "sales_team.group_sale_salesman,account.group_account_invoice"


class SaleRmaParcel(models.Model):
    """A parcel at the returns desk: opened by a scan, counted, graded and put away. Written by the
    desk's own methods only, each of which checks who calls it."""

    _name = "sale.rma.parcel"
    _description = "Parcel at the Returns Desk"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    rma_id = fields.Many2one(
        comodel_name="sale.rma", string="Return", readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse", readonly=True, check_company=True, ondelete="restrict"
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("done", "Done"), ("unknown", "Unknown")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        help="Unknown: put aside, as nobody knows yet which return it is.",
    )
    code = fields.Char(string="Scanned", readonly=True)
    note = fields.Text(readonly=True)
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Photos", readonly=True, bypass_search_access=True
    )
    is_made_here = fields.Boolean(
        string="Opened at the Desk",
        readonly=True,
        help="The return was made for this parcel: what is in it is what comes back.",
    )
    inspection_ids = fields.One2many(
        comodel_name="sale.rma.inspection",
        inverse_name="parcel_id",
        string="Contents",
        readonly=True,
    )
    step_ids = fields.One2many(
        comodel_name="sale.rma.parcel.step", inverse_name="parcel_id", readonly=True
    )
    move_ids = fields.Many2many(
        comodel_name="stock.move", string="Stock Moves", readonly=True, copy=False
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Opened by",
        readonly=True,
        index=True,
        groups="stock.group_stock_manager",
        help="For the team's lead.",
    )
    date_start = fields.Datetime(string="Opened", readonly=True, default=fields.Datetime.now)
    date_end = fields.Datetime(string="Finished", readonly=True)
    scans = fields.Integer(
        string="Scans and Keys", readonly=True, help="Steps that were sent from the screen."
    )
    pieces = fields.Float(readonly=True, digits="Product Unit")
    seconds = fields.Integer(readonly=True, aggregator="avg")
    seconds_per_piece = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    scans_per_piece = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    is_first_touch = fields.Boolean(
        string="In One Go", readonly=True, help="Graded and placed at once: nothing waits."
    )

    # two desks that scan one slip open one parcel
    _open_once = models.UniqueIndex(
        "(rma_id) WHERE state = 'open'", "This return's parcel is open at another desk: scan again."
    )

    @api.depends("rma_id", "code")
    def _compute_name(self):
        for parcel in self:
            # sudo: the reference, for whoever sees the parcel
            name = parcel.sudo().rma_id.name
            parcel.name = name or parcel.code or self.env._("Unknown parcel")

    # === RIGHTS === #

    @api.model
    def _check_desk(self):
        """:raise AccessError: the user does not work in the warehouse"""
        if not self.env.su and not self.env.user.has_group(DESK):
            raise AccessError(
                self.env._("The returns desk is for the warehouse: ask for the right.")
            )

    def _start(self, *states, token=None):
        """Check who calls and what for; return the parcel as the program writes it.

        :raise AccessError: no right to see it, or none at the desk
        :raise UserError: not one parcel, or in another state
        """
        self._check_desk()
        if len(self) != 1 or not self.id:
            raise UserError(self.env._("Open one parcel at a time: scan its slip."))
        self.check_access("read")
        if states and self.state not in states and not self._find_step(token):
            words = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(parcel)s is %(state)s: scan the next one, or undo the last step.",
                    parcel=self.name,
                    state=words[self.state].lower(),
                )
            )
        return self.sudo()  # what the desk writes, for whoever may work there

    @api.model
    def _may_see_prices(self):
        return any(self.env.user.has_group(group) for group in PRICES.split(","))

    # === OPENING === #

    @api.model
    def _read_one(self, model, record_id):
        """Return a record named from outside, as its user may read it.

        :raise UserError: there is none
        :raise AccessError: no right to read it
        """
        try:
            number = int(record_id or 0)
        except (TypeError, ValueError, OverflowError):
            number = 0
        record = self.env[model].browse(number if 0 < number < 2**31 else ())
        if not record.exists():
            raise UserError(self.env._("What was chosen is not there any more: scan again."))
        record.check_access("read")
        return record

    @api.model
    def _open(self, rma, code=None):
        """Return the open parcel of a return, a new one if there is none."""
        rma._lock()
        parcels = self.sudo()  # written by the program, for whoever may work at the desk
        parcel = parcels.search([("rma_id", "=", rma.id), ("state", "=", "open")], limit=1)
        if parcel:
            return parcel
        # sudo: the return's warehouse and company
        rma_sudo = rma.sudo()
        return parcels.create(
            {
                "rma_id": rma.id,
                "company_id": rma_sudo.company_id.id,
                "warehouse_id": rma_sudo.warehouse_id.id,
                "code": code,
                "user_id": self.env.uid,
            }
        )
