from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sale_rma.models.process.plan import PlanLine
from odoo.addons.sale_rma.models.process.proposal import (
    get_qty_come,
    get_qty_credited,
    get_qty_kept,
)
from odoo.addons.sale_rma.tools.number_field import Amount
from odoo.addons.sale_rma.tools.quantity_field import (
    Quantity,
    format_quantity,
    is_countable,
    round_units,
)
from odoo.addons.sale_rma.tools.read_ahead import get_names_ahead

# quantities, with what the engine's plan calls them
PLANNED = {
    "qty_received": "received",
    "qty_restock": "restock",
    "qty_refund": "refund",
    "qty_exchange": "exchange_qty",
}


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
    attachment_ids = fields.Many2many(related="rma_line_id.attachment_ids", string="Photos")
    amount_line = fields.Monetary(
        string="Amount",
        compute="_compute_amount_line",
        help="Units to refund at what was paid for one, tax included.",
    )
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
    # kept: what the invoices say of it does not change with what is typed
    price_paid = fields.Monetary(compute="_compute_price_paid", store=True)
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
    exchange_price = Amount(
        help="Of one unit that is sent, after discounts, with or without tax as the order's prices "
        "are told. Proposed: for the same product what was paid, for another variant that with the "
        "difference of the list prices, for any other product what the price list says.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rma_line_id")
    def _compute_qty_refundable(self):
        engine = self.env["sale.rma.refund"]
        refundable = engine._get_qty_refundable(self.rma_line_id.sale_line_id)
        for line in self:
            rma_line = line.rma_line_id
            # sudo: credit notes are accounting's; a number gets out
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
            elif (quantity := unpaid.get(line)) and line.is_invoiced:
                line.keep_message = self.env._(
                    "%(quantity)s were sent beyond what was paid: nothing to refund",
                    quantity=format_quantity(self.env, quantity),
                )

    @api.depends("rma_line_id")
    def _compute_price_paid(self):
        for line in self:
            line.price_paid = line.rma_line_id.price_paid

    @api.depends("qty_refund", "price_paid")
    def _compute_amount_line(self):
        for line in self:
            units = line.qty_refund if is_countable(line.qty_refund) else 0.0
            line.amount_line = units * line.price_paid

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

    @api.onchange(*PLANNED)
    def _check_countable(self):
        """:raise UserError: what is no number, which no screen can show"""
        for line in self:
            for name in PLANNED:
                if not is_countable(line[name]):
                    engine = self.env["sale.rma.plan"]
                    raise UserError(engine._get_number_message(line.rma_line_id, PLANNED[name]))

    # === CRUD METHODS === #

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base`: the lines of a screen are read with their list."""
        names = get_names_ahead(self, field_names, ("wizard_id",))
        return super().search_fetch(domain, names, offset, limit, order)

    # === BUSINESS METHODS === #

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

    def _prepare_plan_line(self):
        """Return what the line says as plain data; see `sale.rma._process`."""
        self.ensure_one()
        return {
            "rma_line": self.rma_line_id.id,
            **{planned: self[name] for name, planned in PLANNED.items()},
            "warehouse": self.warehouse_id.id,
            "keep": self.keep,
            "exchange": self.exchange,
            "exchange_product": self.exchange_product_id.id,
            "exchange_price": self._get_typed_price(),
        }

    def _get_plan_line(self):
        """Return what the line says as the engine's `PlanLine`."""
        self.ensure_one()
        return PlanLine(
            self.rma_line_id,
            frozenset(),
            **{planned: self[name] for name, planned in PLANNED.items()},
            warehouse=self.warehouse_id,
            keep=self.keep,
            exchange=self.exchange,
            exchange_product=self.exchange_product_id,
            exchange_price=self._get_typed_price(),
        )

    def _get_typed_price(self):
        """Return the exchange price where it is not the one that was proposed."""
        if not self.exchange or not self.rma_line_id:
            return None
        changed = self.currency_id.compare_amounts(self.exchange_price, self.proposed_price)
        return self.exchange_price if changed else None
