from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sale_rma.models.process.proposal import (
    get_qty_come,
    get_qty_credited,
    get_qty_in_returns,
    get_qty_kept,
    get_qty_to_exchange,
)
from odoo.addons.sale_rma.tools.quantity_field import (
    Quantity,
    format_quantity,
    is_countable,
    round_units,
)

QUANTITIES = ("qty_received", "qty_restock", "qty_refund", "qty_exchange")


class SaleRmaProcessLine(models.TransientModel):
    """One returned item on the processing screen; quantities in the sold line's unit."""

    _name = "sale.rma.process.line"
    _description = "Item of a Processed Return"
    _inherit = ["sale.rma.incoming"]
    # the screen works as superuser on what it is told: on what its user may change
    _incoming_rights = {"sale.rma": "write", "sale.rma.line": "write"}

    wizard_id = fields.Many2one(
        comodel_name="sale.rma.process", required=True, ondelete="cascade", index=True
    )
    rma_line_id = fields.Many2one(comodel_name="sale.rma.line", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wizard_id.company_id")
    currency_id = fields.Many2one(related="rma_line_id.currency_id")
    product_id = fields.Many2one(related="rma_line_id.product_id")
    product_type = fields.Selection(related="rma_line_id.product_id.type")
    product_uom_id = fields.Many2one(related="rma_line_id.product_uom_id")
    reason_id = fields.Many2one(related="rma_line_id.reason_id")
    resolution = fields.Selection(related="rma_line_id.resolution")
    note = fields.Text(related="rma_line_id.note")
    quantity = fields.Float(related="rma_line_id.quantity", string="Asked")
    qty_already_received = fields.Float(
        related="rma_line_id.qty_received", string="Came Back Before"
    )
    qty_received = Quantity(
        string="Came Back", digits="Product Unit", help="In all, with what came back before."
    )
    qty_restock = Quantity(
        string="Back to Stock",
        digits="Product Unit",
        help="Of what came back, put back for sale now; the rest stays in Returns.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="In",
        domain="[('company_id', '=', company_id)]",
    )
    qty_refundable = fields.Float(compute="_compute_qty_refundable", digits="Product Unit")
    qty_refund = Quantity(
        string="Refund",
        digits="Product Unit",
        help="Units credited now, exchanged ones too.",
    )
    price_paid = fields.Monetary(related="rma_line_id.price_paid")
    is_invoiced = fields.Boolean(compute="_compute_qty_refundable")
    refund_message = fields.Char(compute="_compute_qty_refundable")
    keep_message = fields.Char(compute="_compute_keep_message")
    exchange = fields.Boolean()
    exchange_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Exchange For",
        compute="_compute_exchange_product_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo'), "
        "('company_id', 'in', [company_id, False])]",
    )
    qty_exchange = Quantity(string="Exchanged", digits="Product Unit")

    # === COMPUTE METHODS === #

    @api.depends("rma_line_id")
    def _compute_qty_refundable(self):
        engine = self.env["sale.rma.refund"]
        refundable = engine._get_qty_refundable(self.rma_line_id.sale_line_id)
        for line in self:
            rma_line = line.rma_line_id
            asked_left = rma_line.quantity - rma_line.sudo()._get_qty_credited()
            units = min(asked_left, refundable.get(rma_line.sale_line_id, 0.0))
            line.qty_refundable = max(units, 0.0)
            line.is_invoiced = engine._is_invoiced(rma_line.sale_line_id)
            if not line.is_invoiced:
                line.refund_message = self.env._("Not invoiced: nothing to refund")
            elif units <= 0:
                line.refund_message = self.env._("Refunded already")
            else:
                line.refund_message = False

    @api.depends("qty_refund", "qty_received", "keep")
    def _compute_keep_message(self):
        settled = self.rma_line_id._get_qty_settled_uninvoiced()
        unpaid = self._get_qty_unpaid()
        for line in self:
            line.keep_message = False
            kept = get_qty_kept(line.rma_line_id, line.qty_received, line.qty_refund)
            if kept:
                line.keep_message = self.env._(
                    "The customer keeps %(quantity)s of them",
                    quantity=format_quantity(self.env, kept),
                )
            elif quantity := line.rma_line_id.qty_unsent:
                line.keep_message = self.env._(
                    "%(quantity)s were not sent: nothing has to come back for them",
                    quantity=format_quantity(self.env, quantity),
                )
            elif quantity := settled.get(line.rma_line_id):
                line.keep_message = self.env._(
                    "%(quantity)s came back and were never invoiced: nothing to refund for them",
                    quantity=format_quantity(self.env, quantity),
                )
            elif line.is_invoiced and (quantity := unpaid.get(line)):
                line.keep_message = self.env._(
                    "%(quantity)s were sent beyond what was paid: nothing to refund",
                    quantity=format_quantity(self.env, quantity),
                )

    @api.depends("exchange")
    def _compute_exchange_product_id(self):
        for line in self:
            chosen = line.exchange_product_id
            if line.exchange and line.rma_line_id and not chosen:
                chosen = line.rma_line_id._get_exchange_proposal()
            line.exchange_product_id = line.exchange and chosen

    # === CONSTRAINTS === #

    @api.constrains("rma_line_id", "wizard_id")
    def _check_same_return(self):
        if any(line.rma_line_id.rma_id != line.wizard_id.rma_id for line in self):
            raise ValidationError(self.env._("An item of another return cannot be processed here."))

    # === CHECKS === #

    def _check_quantities(self):
        """:raise UserError: a quantity over its limit, with product, limit and what to do"""
        for line in self:
            if line.rma_line_id.rma_id != line.wizard_id.rma_id:
                raise UserError(self.env._("An item of another return cannot be processed here."))
            line._check_numbers()
            line._check_stock_limits()
            line._check_exchange_limits()
        for rma_line, lines in self.grouped("rma_line_id").items():
            quantity = sum(lines.mapped("qty_refund"))
            self._check_refund_limit(rma_line, quantity)
            lines._check_kept(rma_line, quantity)
        self._check_paid()

    @api.onchange(*QUANTITIES)
    def _check_countable(self):
        """:raise UserError: what is no number, which no screen can show"""
        for line in self:
            for name in QUANTITIES:
                if not is_countable(line[name]):
                    raise UserError(line._get_number_message(name))

    def _get_number_message(self, name):
        return self.env._(
            "%(product)s: %(field)s needs a quantity of zero or more.",
            product=self.product_id.display_name,
            field=self._fields[name]._description_string(self.env),
        )

    def _check_numbers(self):
        self._check_countable()
        for name in QUANTITIES:
            value = self[name]
            if self.product_uom_id.compare(value, 0.0) < 0:
                raise UserError(self._get_number_message(name))
            if not self._is_whole_enough(name):
                raise UserError(
                    self.env._(
                        "%(product)s: %(field)s takes whole pieces, %(quantity)s is none.",
                        product=self.product_id.display_name,
                        field=self._fields[name]._description_string(self.env),
                        quantity=format_quantity(self.env, value),
                    )
                )

    def _is_whole_enough(self, name):
        """Whether a quantity is one of whole pieces; the rest of what Odoo's own documents
        received or credited by parts is taken as it is."""
        value, rma_line = self[name], self.rma_line_id
        rests = {
            "qty_received": rma_line.qty_received,
            "qty_restock": get_qty_in_returns(rma_line, self.qty_received),
            "qty_refund": self.qty_refundable,
        }
        if not self.product_uom_id.compare(value, rests.get(name, 0.0)):
            return True
        return rma_line._is_whole_enough(value)

    def _check_stock_limits(self):
        uom, rma_line = self.product_uom_id, self.rma_line_id
        values = {
            "product": self.product_id.display_name,
            "asked": format_quantity(self.env, rma_line._get_qty_to_come_back()),
            "before": format_quantity(self.env, rma_line.qty_received),
            "received": format_quantity(self.env, self.qty_received),
        }
        most = max(rma_line._get_qty_to_come_back(), rma_line.qty_received)
        if uom.compare(self.qty_received, most) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(received)s came back, but only %(asked)s were asked for. "
                    "Raise the quantity on the return first.",
                    **values,
                )
            )
        if uom.compare(self.qty_received, rma_line.qty_received) < 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(before)s have come back already, it cannot be less. To undo "
                    "that, return the receipt.",
                    **values,
                )
            )
        possible = self.qty_received - rma_line.qty_restocked
        if uom.compare(self.qty_restock, possible) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: at most %(possible)s can go back to stock, of %(received)s that "
                    "came back.",
                    possible=format_quantity(self.env, max(possible, 0.0)),
                    **values,
                )
            )
        moves_goods = uom.compare(self.qty_received, rma_line.qty_received) or self.qty_restock
        if moves_goods and self.product_id.type == "service":
            raise UserError(
                self.env._("%(product)s is a service: nothing of it can come back.", **values)
            )
        if moves_goods and not self._get_warehouse():
            raise UserError(self.env._("%(product)s: choose the warehouse.", **values))

    def _check_refund_limit(self, rma_line, quantity):
        asked_left = rma_line.quantity - rma_line.sudo()._get_qty_credited()
        if rma_line.product_uom_id.compare(quantity, asked_left) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to refund, but of the %(asked)s asked for only "
                    "%(left)s are not refunded yet.",
                    product=rma_line.product_id.display_name,
                    quantity=format_quantity(self.env, quantity),
                    asked=format_quantity(self.env, rma_line.quantity),
                    left=format_quantity(self.env, max(asked_left, 0.0)),
                )
            )

    def _check_kept(self, rma_line, quantity):
        """What did not come back is refunded by decision only (R10)."""
        received = max(self.mapped("qty_received"))
        kept = get_qty_kept(rma_line, received, quantity)
        if kept and not any(self.mapped("keep")):
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to refund, but %(kept)s of them did not come back. "
                    "Tick 'Customer keeps it' if they are refunded all the same, or lower the "
                    "quantity to refund to %(most)s.",
                    product=rma_line.product_id.display_name,
                    quantity=format_quantity(self.env, quantity),
                    kept=format_quantity(self.env, kept),
                    most=format_quantity(self.env, max(quantity - kept, 0.0)),
                )
            )

    def _get_qty_unpaid(self):
        """Return {line: units that came back or come now and are not refunded, because nobody
        paid for them}: the customer keeps as many as he paid for (R2)."""
        limits = self.env["sale.rma.refund"]._get_refund_limits(self.rma_line_id.sale_line_id)
        unpaid = {}
        for line in self:
            limit = limits.get(line.rma_line_id.sale_line_id)
            if not limit or limit.unkept is None or not is_countable(line.qty_received):
                continue
            come = get_qty_come(line.rma_line_id, line.qty_received)
            come -= get_qty_credited(line.rma_line_id)
            arriving = sum(
                other.qty_received - other.rma_line_id.qty_received
                for other in line.wizard_id.line_ids
                if other.rma_line_id.sale_line_id == line.rma_line_id.sale_line_id
                and is_countable(other.qty_received)
            )
            most = limit.get_most(max(come, 0.0), arriving=arriving)
            unrefunded = come - line.qty_refund if is_countable(line.qty_refund) else 0.0
            excess = min(come - most, unrefunded, limit.left - limit.unkept - arriving)
            unpaid[line] = max(round_units(line.product_uom_id, excess), 0.0)
        return unpaid

    def _check_paid(self):
        """:raise UserError: more is refunded than was paid and is not kept (R2)"""
        limits = self.env["sale.rma.refund"]._get_refund_limits(self.rma_line_id.sale_line_id)
        for sold, lines in self.grouped(lambda line: line.rma_line_id.sale_line_id).items():
            come = kept = arriving = 0.0
            for rma_line, own in lines.grouped("rma_line_id").items():
                received = max(own.mapped("qty_received"))
                quantity = sum(own.mapped("qty_refund"))
                beyond = get_qty_kept(rma_line, received, quantity)
                kept += beyond
                come += quantity - beyond
                arriving += received - rma_line.qty_received
            most = limits[sold].get_most(come, kept, arriving)
            is_paid = sold.product_uom_id.compare(come + kept, limits[sold].left) <= 0
            if is_paid and sold.product_uom_id.compare(come + kept, most) > 0:
                raise UserError(self._get_unpaid_message(sold, come + kept, most, arriving))

    def _get_unpaid_message(self, sold, quantity, most, arriving):
        staying = sold._get_qty_at_customer()[sold] - arriving
        return self.env._(
            "%(product)s: %(quantity)s to refund, but more was sent than was paid and the "
            "customer keeps %(staying)s of them: at most %(most)s can be refunded. Lower the "
            "quantity to refund.",
            product=sold.product_id.display_name,
            quantity=format_quantity(self.env, quantity),
            staying=format_quantity(self.env, sold.product_uom_id.round(staying)),
            most=format_quantity(self.env, sold.product_uom_id.round(most)),
        )

    def _check_exchange_limits(self):
        if not self.exchange:
            return
        product = self.product_id.display_name
        if not self.exchange_product_id or self.product_uom_id.is_zero(self.qty_exchange):
            raise UserError(
                self.env._(
                    "%(product)s: choose what it is exchanged for and how many.", product=product
                )
            )
        possible = get_qty_to_exchange(
            self.rma_line_id, self.qty_received, self.keep, self.qty_refund
        )
        if self.product_uom_id.compare(self.qty_exchange, possible) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to exchange, but only %(possible)s came back and "
                    "are not exchanged yet.",
                    product=product,
                    quantity=format_quantity(self.env, self.qty_exchange),
                    possible=format_quantity(self.env, max(possible, 0.0)),
                )
            )

    # === BUSINESS METHODS === #

    def _get_warehouse(self):
        return self.warehouse_id or self.rma_line_id.rma_id.warehouse_id

    def _split_stock_quantities(self):
        """Return what the screen means for the stock, in the sold lines' units: what arrives
        now (with what of it goes to stock), what waits in Returns and goes to stock, and what
        goes to stock in all."""
        arrivals, put_backs, restocked = {}, {}, {}
        for line in self:
            uom, rma_line = line.product_uom_id, line.rma_line_id
            key = rma_line, line._get_warehouse()
            arriving = uom.round(line.qty_received - rma_line.qty_received)
            straight = min(max(arriving, 0.0), line.qty_restock)
            if arriving > 0:
                arrivals[key] = (arriving, straight)
            if uom.compare(line.qty_restock, straight) > 0:
                put_backs[key] = uom.round(line.qty_restock - straight)
            if line.qty_restock > 0:
                restocked[key] = line.qty_restock
        return arrivals, put_backs, restocked
