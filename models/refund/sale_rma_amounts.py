from collections import defaultdict

from odoo import api, fields, models


class SaleRma(models.Model):
    """What a return would give back, and gave back."""

    _inherit = "sale.rma"

    amount_estimated = fields.Monetary(
        string="Estimated Refund",
        compute="_compute_amount_estimated",
        compute_sudo=True,  # whoever sees the return may not see its order or invoice
        help="What crediting all requested items would give back now, tax included.",
    )
    amount_refunded = fields.Monetary(
        string="Refunded",
        compute="_compute_amount_refunded",
        store=True,  # lists add it up and group by it
        default=0.0,  # nothing to look for when a return is made
        help="What the posted credit notes gave back, tax included.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what discounts of its order took off is written down at the first return."""
        rmas = super().create(vals_list)
        rmas.sudo().order_id._keep_missing_discount_shares()  # only what the order says
        return rmas

    @api.depends("line_ids.quantity", "line_ids.sale_line_id", "state")
    def _compute_amount_estimated(self):
        for rma in self:
            rma.amount_estimated = rma._get_estimated_refund() if rma.order_id else 0.0

    @api.depends("refund_ids.state", "refund_ids.amount_total")
    def _compute_amount_refunded(self):
        amounts = self._get_refunded_amounts()
        for rma in self:
            rma.amount_refunded = amounts.get(rma._origin.id, 0.0)

    def _get_refunded_amounts(self):
        """Return {return id: amount given back by posted credit notes, tax included, in the
        order's currency}. Reversals of a credit note count against it."""
        groups = (
            self.env["account.move"]
            .sudo()  # a total of the return's own credit notes, shown to whoever sees the return
            ._read_group(
                [("rma_id", "in", self._origin.ids), ("state", "=", "posted")],
                ["rma_id", "move_type", "currency_id"],
                ["amount_total:sum", "id:recordset"],
            )
        )
        amounts = {}
        for rma, move_type, currency, total, moves in groups:
            amount = total
            if currency != rma.currency_id:
                amount = sum(move._get_total_in(rma.currency_id) for move in moves)
            sign = 1 if move_type == "out_refund" else -1
            amounts[rma.id] = amounts.get(rma.id, 0.0) + sign * amount
        return amounts

    def _get_estimated_refund(self):
        """Return what crediting everything asked for would give back now, as far as it is
        invoiced; tax included, in the order's currency."""
        self.ensure_one()
        engine = self.env["sale.rma.refund"]
        credits = engine._prepare_credits(self, self._get_quantities_estimated())
        return sum(credit.get_total_in(self.currency_id) for credit in credits)

    def _get_quantities_estimated(self):
        """Return {line: units that would be credited once everything asked for came back}, in the
        sold line's unit."""
        self.ensure_one()
        limits = self.env["sale.rma.refund"]._get_refund_limits(self.line_ids.sale_line_id)
        arriving, refunded = defaultdict(float), defaultdict(float)
        for line in self.line_ids:
            arriving[line.sale_line_id] += line._get_qty_open()
        quantities = {}
        for line in self.line_ids:
            sold = line.sale_line_id
            units = limits[sold].get_most(
                line.quantity, arriving=arriving[sold], others=refunded[sold]
            )
            if units:
                quantities[line] = units
                refunded[sold] += units
        return quantities
