from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.number_field import Count
from ..tools.quantity_field import Quantity, Units, is_countable, round_units

RESOLUTIONS = [
    ("refund", "Refund"),
    ("exchange", "Exchange"),
    ("credit", "Store credit"),
    ("repair", "Repair"),
]


def _is_broken(quantity):
    """Whether a quantity given is a number that is no whole one."""
    return isinstance(quantity, float) and is_countable(quantity) and not quantity.is_integer()


class SaleRmaLine(models.Model):
    _name = "sale.rma.line"
    _inherit = ["sale.rma.incoming", "sale.rma.access"]
    _description = "Returned Item"
    _order = "rma_id, sequence, id"
    _check_company_auto = True

    rma_id = fields.Many2one(
        comodel_name="sale.rma", string="Return", required=True, index=True, ondelete="cascade"
    )
    sequence = Count(default=10)
    company_id = fields.Many2one(related="rma_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="rma_id.currency_id")
    order_id = fields.Many2one(related="rma_id.order_id")
    state = fields.Selection(related="rma_id.state")
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Sold Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(
        related="sale_line_id.product_id", store=True, precompute=True, index=True
    )
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id", string="Unit")
    name = fields.Text(related="sale_line_id.name", string="Description")
    quantity = Quantity(
        required=True,
        digits="Product Unit",
        default=1.0,
        help="Asked for, in the unit it was sold in.",
    )
    reason_id = fields.Many2one(comodel_name="sale.rma.reason")
    resolution = fields.Selection(
        selection=RESOLUTIONS,
        string="Wish",
        required=True,
        default="refund",
        help="What the customer wishes for.",
    )
    note = fields.Text(string="Comment")
    exchange_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Exchange for",
        domain="[('sale_ok', '=', True)]",
        check_company=True,
        help="What the customer would like instead.",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots/Serials",
        domain="[('product_id', '=', product_id)]",
        check_company=True,
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Photos", bypass_search_access=True
    )
    move_ids = fields.One2many(
        comodel_name="stock.move", inverse_name="rma_line_id", string="Stock Moves", readonly=True
    )
    credit_line_ids = fields.One2many(
        comodel_name="account.move.line",
        inverse_name="rma_line_id",
        string="Credit Note Lines",
        readonly=True,
    )
    exchange_line_ids = fields.One2many(
        comodel_name="sale.order.line",
        inverse_name="source_rma_line_id",
        string="Exchange Order Lines",
        readonly=True,
    )
    qty_delivered = fields.Float(related="sale_line_id.qty_delivered", string="Delivered")
    qty_returnable = Units(
        string="Possible",
        compute="_compute_qty_returnable",
        digits="Product Unit",
        help="The most that can be asked for here, in the unit it was sold in (R1).",
    )
    qty_unsent = Units(
        string="Not Sent",
        compute="_compute_qty_unsent",
        store=True,
        precompute=True,
        copy=False,
        digits="Product Unit",
        help="Withdrawn before they were sent, or performed: not sent any more, nothing has to "
        "come back for them. In the unit they were sold in.",
    )
    qty_received = Units(string="Received", compute="_compute_qty_received", digits="Product Unit")
    qty_refunded = Units(
        string="Refunded",
        compute="_compute_qty_refunded",
        digits="Product Unit",
        help="On posted credit notes.",
    )
    qty_exchanged = Units(
        string="Exchanged",
        compute="_compute_qty_exchanged",
        digits="Product Unit",
        help="On confirmed exchange orders, in the unit of what was sent instead.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"sequence"}

    @api.depends("sale_line_id.qty_returnable", "quantity", "qty_received", "rma_id.state")
    def _compute_qty_returnable(self):
        possible = self._get_qty_possible(self._get_competing_lines())
        for line in self:
            line.qty_returnable = possible[line]

    @api.depends("quantity", "sale_line_id", "rma_id.rma_type")
    def _compute_qty_unsent(self):
        """Empty hook: all that is asked for has to come back, as far as nobody knows better."""
        self.qty_unsent = 0.0

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.move_line_ids.location_dest_id")
    def _compute_qty_received(self):
        # sudo: stock's; quantities get out
        self.sudo().move_ids._read_to_count()
        # sudo: shown to whoever sees the return, also without stock rights
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            moves = line_sudo.move_ids.filtered(lambda move: move.state == "done")
            line.qty_received = moves._get_rma_qty_received(line_sudo.sale_line_id)

    @api.depends("credit_line_ids.parent_state", "credit_line_ids.quantity")
    def _compute_qty_refunded(self):
        # sudo: numbers only, told to whoever sees the item
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            line.qty_refunded = line_sudo._get_qty_credited(states=("posted",))

    @api.depends("exchange_line_ids.state", "exchange_line_ids.product_uom_qty")
    def _compute_qty_exchanged(self):
        # sudo: numbers only, told to whoever sees the item
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            confirmed = line_sudo.exchange_line_ids.filtered(lambda sold: sold.state == "sale")
            line.qty_exchanged = sum(confirmed.mapped("product_uom_qty"))

    # === CONSTRAINTS === #

    @api.constrains("sale_line_id", "rma_id")
    def _check_sold_line(self):
        for line in self:
            if line.sale_line_id.order_id != line.rma_id.order_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not on %(order)s: a return takes back lines of its own "
                        "order only.",
                        product=line.product_id.display_name,
                        order=line.rma_id.order_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._round_to_pieces(vals_list))
        lines.rma_id._check_lines_editable()
        live = lines.rma_id.filtered(
            lambda rma: rma.state in self.env["sale.rma"]._get_live_states()
        )
        live._lock()
        live._on_awaited_changed()
        return lines

    def write(self, vals):
        changes_what = {"quantity", "sale_line_id", "rma_id", "lot_ids"} & vals.keys()
        if not changes_what:
            return super().write(vals)
        if "quantity" in vals and _is_broken(vals["quantity"]) and len(self.product_uom_id) > 1:
            for line in self:
                line.write(vals)
            return True
        [vals] = self._round_to_pieces([vals], self.sale_line_id[:1].id)
        self._check_links_kept(vals)
        self.rma_id._check_lines_editable()
        live = self.rma_id.filtered(
            lambda rma: rma.state in self.env["sale.rma"]._get_live_states()
        )
        live._lock()
        result = super().write(vals)
        self._check_not_below_received()
        live._on_awaited_changed()
        return result

    @api.model
    def _round_to_pieces(self, vals_list, sale_line_id=False):
        """Return values with parts of packs as the pieces that are meant: nobody can type a sixth.

        :param sale_line_id: of lines that have one
        """
        result = []
        for vals in vals_list:
            sold_id = vals.get("sale_line_id") or sale_line_id
            if _is_broken(vals.get("quantity")) and isinstance(sold_id, int):
                # sudo: a unit only; the right on the line is checked as it is written
                unit = self.env["sale.order.line"].sudo().browse(sold_id).exists().product_uom_id
                if unit:
                    vals = {**vals, "quantity": round_units(unit, vals["quantity"])}
            result.append(vals)
        return result

    def _check_links_kept(self, vals):
        """:raise UserError: an item is moved to another return, or becomes another item after
        something was done with it"""
        if any(line.rma_id.id != vals.get("rma_id", line.rma_id.id) for line in self):
            raise UserError(
                self.env._("An item stays on its return: remove it there and add it here instead.")
            )
        if "sale_line_id" in vals:
            changed = self.filtered(lambda line: line.sale_line_id.id != vals["sale_line_id"])
            changed._check_untouched()

    def _check_untouched(self):
        """:raise UserError: something was received or credited"""
        # sudo: numbers only, told to whoever sees the item
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            if line_sudo.credit_line_ids or "done" in line_sudo.move_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "%(product)s was received or credited on %(rma)s and cannot be removed.",
                        product=line.product_id.display_name,
                        rma=line.rma_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_processed(self):
        self._check_untouched()
        self.rma_id._check_lines_editable()

    # === BUSINESS METHODS === #

    def _get_qty_open(self):
        """Return what is asked for, was sent and has not come back, in the sold line's unit."""
        missing = self._get_qty_to_come_back() - self.qty_received
        return max(missing, 0.0) if is_countable(missing) else 0.0

    def _get_qty_to_come_back(self):
        """Return what is asked for and was sent, in the sold line's unit."""
        self.ensure_one()
        return self.quantity - self.qty_unsent

    def _get_qty_credited(self, states=("draft", "posted")):
        """Return the units on credit notes in these states, in the sold line's unit. A credit
        note's reversal counts against it once it is posted."""
        quantity = 0.0
        for credit in self.credit_line_ids.filtered(lambda credit: credit.parent_state in states):
            sign = 1 if credit.move_type == "out_refund" else -1
            if sign < 0 and credit.parent_state != "posted":
                continue
            quantity += sign * credit.product_uom_id._compute_quantity(
                credit.quantity, self.product_uom_id, round=False
            )
        return round_units(self.product_uom_id, quantity)

    def _get_owners(self):
        return self.rma_id._get_owners()
