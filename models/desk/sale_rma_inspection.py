from odoo import api, fields, models

from ...tools.quantity_field import Units


class SaleRmaInspection(models.Model):
    """A piece that came back, or several alike: what was seen of it, and where it went."""

    _name = "sale.rma.inspection"
    _description = "Returned Piece"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    parcel_id = fields.Many2one(
        comodel_name="sale.rma.parcel", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="parcel_id.company_id", store=True)
    rma_id = fields.Many2one(related="parcel_id.rma_id", string="Return", store=True, index=True)
    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Returned Item",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: a wrong item, or more than was announced. Nothing is refunded for it.",
    )
    over_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="More Than Announced Of",
        readonly=True,
        ondelete="set null",
    )
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, readonly=True, index=True
    )
    quantity = Units(
        required=True,
        readonly=True,
        default=1.0,
        digits="Product Unit",
        help="In the unit it was sold in; of a wrong item, in the product's own.",
    )
    pieces = Units(
        readonly=True, digits="Product Unit", help="In the product's own unit.", aggregator="sum"
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Lot/Serial", readonly=True, ondelete="restrict"
    )
    lot_name = fields.Char(string="Lot/Serial Read", readonly=True)
    is_other = fields.Boolean(
        string="Other Serial",
        readonly=True,
        help="Its lot or serial number is not one that the return waits for.",
    )
    grade_id = fields.Many2one(
        comodel_name="sale.rma.grade", readonly=True, index=True, ondelete="restrict"
    )
    disposition_id = fields.Many2one(
        comodel_name="sale.rma.disposition", readonly=True, index=True, ondelete="restrict"
    )
    action = fields.Selection(related="disposition_id.action", store=True)
    scrap_ground_id = fields.Many2one(
        comodel_name="sale.rma.scrap.ground", readonly=True, ondelete="restrict"
    )
    ground = fields.Text(
        string="Told to the Customer",
        readonly=True,
        help="Why it is sent back, in the customer's language.",
    )
    note = fields.Text(readonly=True)
    # {id of a step: {"ok": bool, "note": text}}
    checks = fields.Json(readonly=True)
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Photos", readonly=True, bypass_search_access=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Seen by",
        readonly=True,
        groups="stock.group_stock_manager",
        help="For the team's lead.",
    )
    date_start = fields.Datetime(string="First Seen", readonly=True, default=fields.Datetime.now)
    date_end = fields.Datetime(string="Placed", readonly=True)
    location_id = fields.Many2one(
        comodel_name="stock.location", string="Where It Is", readonly=True, ondelete="set null"
    )
    move_ids = fields.Many2many(
        comodel_name="stock.move", string="Stock Moves", readonly=True, copy=False
    )
    proposed_disposition_id = fields.Many2one(
        comodel_name="sale.rma.disposition", compute="_compute_proposed_disposition_id"
    )
    seconds = fields.Integer(compute="_compute_seconds", store=True, aggregator="avg")

    @api.depends("date_start", "date_end")
    def _compute_seconds(self):
        for inspection in self:
            start, end = inspection.date_start, inspection.date_end
            inspection.seconds = (end - start).total_seconds() if start and end else 0

    @api.depends("grade_id", "rma_line_id.reason_id", "product_id.categ_id")
    def _compute_proposed_disposition_id(self):
        """What its grade says; for sale only what its reason and category allow, and what was
        waited for."""
        unfit = self._get_unfit_disposition()
        for inspection in self:
            # sudo: the shop's own rules, whoever looks at the piece
            proposed = inspection.sudo().grade_id.disposition_id
            own = inspection.sudo().product_id.categ_id._get_rma_disposition()
            if proposed.action == "restock":
                if own:
                    proposed = own
                elif not inspection._is_fit_for_sale():
                    proposed = unfit
            inspection.proposed_disposition_id = proposed

    def _is_fit_for_sale(self):
        self.ensure_one()
        line = self.rma_line_id
        if self.is_other:
            return False
        return line._is_fit_for_sale() if line else bool(self.over_line_id)

    @api.model
    def _get_unfit_disposition(self):
        """Return where what is not for sale waits until somebody decides."""
        dispositions = self.env["sale.rma.disposition"]
        return dispositions.search([("action", "=", "returns")], limit=1)

    def _get_disposition(self):
        """Return where a piece goes: what was chosen, else what is proposed."""
        self.ensure_one()
        return self.disposition_id or self.proposed_disposition_id

    # === WHAT IS STILL TO BE SAID === #

    def _get_checks(self):
        """Return {piece: its steps}."""
        by_product = self.env["sale.rma.check"]._get_by_product(self.product_id)
        return {piece: by_product[piece.product_id] for piece in self}

    def _get_missing_texts(self):
        """Return {piece: what is still to be said of it, in words}; pieces with nothing to say
        are left out."""
        missing, checks = {}, self._get_checks()
        for piece in self:
            if text := piece._get_missing_text(checks[piece]):
                missing[piece] = text
        return missing

    def _get_missing_text(self, checks):
        self.ensure_one()
        disposition, answers = self._get_disposition(), self.checks or {}
        if not self.grade_id:
            return self.env._("choose a grade")
        if not disposition:
            return self.env._("choose where it goes")
        if self.product_id.tracking != "none" and not (self.lot_id or self.lot_name):
            return self.env._("scan its lot or serial number")
        for check in checks:
            if check.answer == "photo" and not self.attachment_ids:
                return self.env._("take a photo: %(check)s", check=check.text)
            if check.answer == "yes_no" and str(check.id) not in answers:
                return self.env._("answer: %(check)s", check=check.text)
        if disposition.action == "scrap":
            if not self.scrap_ground_id:
                return self.env._("choose why it is scrapped")
            if self.scrap_ground_id.proof_required and not self.attachment_ids:
                return self.env._(
                    "add a photo or file that proves: %(ground)s", ground=self.scrap_ground_id.name
                )
        if disposition.action == "customer" and not (self.ground or "").strip():
            return self.env._("write why it is sent back; the customer is told")
        return ""

    def _get_other_serial_text(self):
        """Return in words that another serial number came than was sold; else nothing."""
        self.ensure_one()
        if not self.is_other:
            return ""
        return self.env._(
            "%(lot)s is not what this return waits for: sold were %(sold)s. It is kept in Returns "
            "and does not count as come back.",
            lot=self.lot_name or self.lot_id.name,
            sold=", ".join((self.rma_line_id or self.over_line_id)._get_sold_lots().mapped("name"))
            or "-",
        )
