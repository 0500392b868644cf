from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.sale_rma.models.process.proposal import (
    ProcessProposal,
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

# quantities that follow, each with where what was proposed for it last is kept
FOLLOWERS = {
    "qty_refund": "proposed_refund",
    "qty_restock": "proposed_restock",
    "qty_exchange": "proposed_exchange",
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
            rma_line, received = line.rma_line_id, line.qty_received
            if not rma_line or not is_countable(received):
                line.qty_missing = 0.0
                continue
            refunded = get_qty_credited(rma_line)
            if line.keep and is_countable(line.qty_refund):
                refunded += line.qty_refund
            settled = max(get_qty_come(rma_line, received), refunded)
            line.qty_missing = max(
                round_units(rma_line.product_uom_id, rma_line.quantity - settled), 0.0
            )

    # === ONCHANGE METHODS === #

    @api.onchange("qty_received", "keep", "exchange")
    def _onchange_decisions(self):
        for line, values in self._iter_following(()):
            line.update(values)

    @api.onchange("qty_refund")
    def _onchange_qty_refund(self):
        for line, values in self._iter_following(("qty_refund",)):
            line.update(values)

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
        return result

    # === BUSINESS METHODS === #

    def _stop_awaiting_kept(self):
        """Plan the receipts of items that the customer keeps for the rest of them only."""
        kept = self.filtered("keep").rma_line_id
        kept._cancel_planned_moves()
        missing = {}
        for rma_line in kept:
            come = get_qty_come(rma_line, rma_line.qty_received)
            settled = max(come, get_qty_credited(rma_line))
            quantity = round_units(rma_line.product_uom_id, rma_line.quantity - settled)
            if quantity > 0 and rma_line.product_id.type != "service":
                # sudo: what a kit is made of, whoever processes
                components = rma_line.sudo().sale_line_id._get_rma_components()
                missing[rma_line, rma_line.rma_id.warehouse_id] = {
                    product: needed * quantity for product, needed in components.items()
                }
        self.env["sale.rma"]._create_receipts(missing)

    def _does_something(self):
        """Whether anything is received, put back, refunded or exchanged."""
        self.ensure_one()
        arriving = self.qty_received - self.qty_already_received
        done = (arriving, self.qty_restock, self.qty_refund, self.exchange and self.qty_exchange)
        return any(not is_countable(qty) or not self.product_uom_id.is_zero(qty) for qty in done)

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
        rma_line, received = self.rma_line_id, self.qty_received
        if not is_countable(received):
            return {}
        keep = self.keep
        if "qty_refund" in given and "keep" not in given:
            keep = keep or get_qty_kept(rma_line, received, self.qty_refund) > 0
        values = {"keep": keep}

        def follow(name, proposed, most):
            memory = FOLLOWERS[name]
            values[memory] = proposed
            if name not in given:
                values[name] = self._get_followed(name, proposed, most)

        come = max(get_qty_come(rma_line, received) - get_qty_credited(rma_line), 0.0)
        follow(
            "qty_refund",
            proposal.get_refund(rma_line, received, keep, others, arriving),
            rma_line.quantity if keep else come,
        )
        follow(
            "qty_restock",
            proposal.get_restock(rma_line, received),
            get_qty_in_returns(rma_line, received),
        )
        refund = values.get("qty_refund", self.qty_refund)
        to_send = get_qty_to_exchange(rma_line, received, keep, refund) if self.exchange else 0.0
        follow("qty_exchange", to_send, to_send)
        return values

    def _get_followed(self, name, proposed, most):
        """Return a quantity after others changed: what was typed stays, up to what is there."""
        value, before = self[name], self[FOLLOWERS[name]]
        if not is_countable(value) or not is_countable(before):
            return value
        if self.product_uom_id.compare(value, before) == 0:
            return proposed
        return min(value, most)
