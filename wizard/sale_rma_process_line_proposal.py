from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.sale_rma.models.process.proposal import (
    ProcessProposal,
    get_qty_in_returns,
)
from odoo.addons.sale_rma.tools.number_field import Amount
from odoo.addons.sale_rma.tools.quantity_field import (
    Quantity,
    format_quantity,
    is_countable,
)

from .sale_rma_process_line import PLANNED

# quantities that follow, each with where what was proposed for it last is kept
FOLLOWERS = {
    "qty_refund": "proposed_refund",
    "qty_restock": "proposed_restock",
    "qty_exchange": "proposed_exchange",
}
# what the price of what is sent follows
PRICED_BY = {
    *("exchange", "exchange_product_id", "exchange_price"),
    *("qty_received", "qty_refund", "qty_exchange", "keep"),
}


class SaleRmaProcessLine(models.TransientModel):
    """What the screen proposes is what happened (R10): refund, stock and exchange follow what
    came back until they are typed in, alike in the form and for programs that write."""

    _inherit = "sale.rma.process.line"

    keep = fields.Boolean(
        string="Customer keeps it",
        help="What does not come back is refunded all the same, and not awaited any more.",
    )
    # what was proposed last: a quantity that equals it was not typed, and follows
    proposed_refund = Quantity(digits="Product Unit")
    proposed_restock = Quantity(digits="Product Unit")
    proposed_exchange = Quantity(digits="Product Unit")
    # the same of the price, and for which product
    proposed_price = Amount()
    priced_product_id = fields.Many2one(comodel_name="product.product")
    stay_message = fields.Char(compute="_compute_stay_message")
    qty_missing = fields.Float(
        compute="_compute_qty_missing",
        digits="Product Unit",
        help="Asked for, neither come back nor kept by the customer.",
    )

    # === COMPUTE METHODS === #

    @api.depends("qty_received", "qty_restock")
    def _compute_stay_message(self):
        """Say where the rest goes."""
        for line in self:
            line.stay_message = False
            if not is_countable(line.qty_received) or not is_countable(line.qty_restock):
                continue
            staying = get_qty_in_returns(line.rma_line_id, line.qty_received) - line.qty_restock
            if line.product_uom_id and line.product_uom_id.compare(staying, 0.0) > 0:
                line.stay_message = self.env._(
                    "%(quantity)s stays in Returns", quantity=format_quantity(self.env, staying)
                )

    @api.depends("qty_received", "qty_refund", "keep")
    def _compute_qty_missing(self):
        for line in self:
            line.qty_missing = line._get_plan_line().missing if line.rma_line_id else 0.0

    # === ONCHANGE METHODS === #

    @api.onchange("qty_received", "keep", "exchange")
    def _onchange_decisions(self):
        for line, values in self._iter_following(()):
            line.update(values)
            line.update(line._get_following_price(()))

    @api.onchange("qty_refund")
    def _onchange_qty_refund(self):
        for line, values in self._iter_following(("qty_refund",)):
            line.update(values)
            line.update(line._get_following_price(()))

    @api.onchange("exchange_product_id", "qty_exchange")
    def _onchange_exchanged(self):
        for line in self:
            line.update(line._get_following_price(()))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Propose what is not given."""
        # not tied to their screens, which have them only once they are there
        drafts = [{name: vals[name] for name in vals.keys() - {"wizard_id"}} for vals in vals_list]
        # together, so that what is read of one item is read of all
        new_lines = self.browse().concat(*(self.new(draft) for draft in drafts))
        proposal = ProcessProposal(new_lines.rma_line_id)
        refunds, arriving = defaultdict(float), defaultdict(float)
        for line in new_lines:
            arriving[line.rma_line_id.sale_line_id] += line._get_qty_arriving()
        vals_list = [
            line._complete_vals(vals, proposal, refunds, arriving)
            for line, vals in zip(new_lines, vals_list, strict=True)
        ]
        lines = super().create(vals_list)
        lines._check_countable()
        return lines

    def write(self, vals):
        """Have what is not given follow what is."""
        result = super().write(vals)
        self._check_countable()
        if vals.keys() & {"qty_received", "keep", "exchange", *FOLLOWERS}:
            for line, values in self._iter_following(vals.keys()):
                super(SaleRmaProcessLine, line).write(values)
        if vals.keys() & PRICED_BY:
            for line in self:
                if values := line._get_following_price(vals.keys()):
                    super(SaleRmaProcessLine, line).write(values)
        return result

    # === BUSINESS METHODS === #

    def _complete_vals(self, vals, proposal, refunds, arriving):
        """Return the values of a new line with those that follow from what is given.

        :param dict refunds: {sold line: units that the lines before refund}
        :param dict arriving: {sold line: units that come now with all lines}
        """
        sold = self.rma_line_id.sale_line_id
        if not sold:
            return vals
        others = arriving[sold] - self._get_qty_arriving()
        values = self._get_following_values(proposal, vals.keys(), refunds[sold], others)
        self.update(values)
        values |= self._get_following_price(vals.keys())
        refunds[sold] += self.qty_refund if is_countable(self.qty_refund) else 0.0
        return {"qty_received": 0.0, "exchange": False, **vals, **values}

    def _iter_following(self, given):
        """Yield each line with the values that follow; what was done with those before counts.

        :param given: names of the fields that were given just now, and stay as they are
        """
        proposal = ProcessProposal(self.rma_line_id)
        for line in self:
            others = (line.wizard_id._origin.line_ids - line._origin).filtered(
                lambda other, sold=line.rma_line_id.sale_line_id: (
                    other.rma_line_id.sale_line_id == sold and is_countable(other.qty_refund)
                )
            )
            refunded = sum(others.mapped("qty_refund"))
            arriving = sum(other._get_qty_arriving() for other in others)
            yield line, line._get_following_values(proposal, given, refunded, arriving)

    def _get_qty_arriving(self):
        """Return the units that come now, by what is on the screen."""
        self.ensure_one()
        arriving = self.qty_received - self.rma_line_id.qty_received
        return max(arriving, 0.0) if is_countable(arriving) else 0.0

    def _get_following_values(self, proposal, given, others, arriving):
        """Return the values that follow from the others.

        :param given: names of the fields that were given just now, and stay as they are
        :param float others: units that other lines of the screen refund of the same sold line
        :param float arriving: units that come now with these
        """
        names = {**PLANNED, "keep": "keep", "exchange": "exchange"}
        following, proposed = proposal.follow(
            self.rma_line_id,
            {planned: self[name] for name, planned in names.items()},
            {names[name] for name in given if name in names},
            {PLANNED[name]: self[memory] for name, memory in FOLLOWERS.items()},
            others,
            arriving,
        )
        values = {
            name: following[planned] for name, planned in names.items() if planned in following
        }
        for name, memory in FOLLOWERS.items():
            if PLANNED[name] in proposed:
                values[memory] = proposed[PLANNED[name]]
        return values

    def _get_following_price(self, given):
        """Return the values of the price of what is sent, where they change: a price that was
        typed stays as long as the same product is sent.

        :param given: names of the fields that were given just now, and stay as they are
        """
        if not self.rma_line_id:
            return {}
        product = self.exchange_product_id if self.exchange else self.exchange_product_id.browse()
        price, before = self.exchange_price, self.proposed_price
        if not (product or price or before or self.priced_product_id):
            return {}
        proposed = 0.0
        if product and is_countable(self.qty_exchange):
            proposed = self.rma_line_id._get_exchange_price(product, self.qty_exchange)
            proposed = self.currency_id.round(proposed)
        is_same = self.priced_product_id == product
        is_typed = is_same and self.currency_id.compare_amounts(price, before)
        values = {"proposed_price": proposed, "priced_product_id": product.id}
        if "exchange_price" not in given and not is_typed:
            values["exchange_price"] = proposed
        is_new = not is_same or proposed != before or price != values.get("exchange_price", price)
        return values if is_new else {}
