import math

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.quantity_field import format_quantity
from .sale_order_line import HELD_STATES


class SaleRmaLine(models.Model):
    """Items of a withdrawal that were not sent yet: nothing has to come back for them (docs/law.md
    L17, N11)."""

    _inherit = "sale.rma.line"

    @api.depends("quantity", "sale_line_id", "rma_id.rma_type")
    def _compute_qty_unsent(self):
        """Override: what was not sent comes first, nobody has to send it back."""
        possible = self._get_qty_unsent_possible()
        for line in self:
            quantity = line.quantity if math.isfinite(line.quantity) else 0.0
            line.qty_unsent = min(max(quantity, 0.0), possible.get(line, 0.0))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what was not sent is counted, nobody says it."""
        for vals in vals_list:
            self._check_unsent_not_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override: see `create`."""
        self._check_unsent_not_given(vals)
        return super().write(vals)

    def _check_unsent_not_given(self, vals):
        """:raise UserError: a form or program says how many were not sent"""
        if "qty_unsent" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "How many units were not sent follows from the order's deliveries: it is not "
                    "written."
                )
            )

    def _get_qty_unsent_possible(self):
        """Return {item of a withdrawal: units of its sold line that were not sent and that no
        other item took}, in the sold line's unit."""
        lines = self.filtered(lambda line: line.rma_id.rma_type == "withdrawal")
        if not lines:
            return {}
        sold_lines = lines.sale_line_id._origin
        unsent = sold_lines._get_qty_unsent()
        others = self.sudo().search(  # what other people's returns took counts too
            Domain("sale_line_id", "in", sold_lines.ids) & Domain("qty_unsent", ">", 0.0)
        )
        possible = {}
        for line in lines:
            sold, rma = line.sale_line_id._origin, line.rma_id._origin
            taken = sum(
                other.qty_unsent
                for other in others - line._origin
                if other.sale_line_id == sold
                and (
                    other.rma_id == rma
                    or other.rma_id.state
                    in (*self.env["sale.rma"]._get_live_states(), *HELD_STATES)
                )
            )
            possible[line] = max(unsent.get(sold, 0.0) - taken, 0.0)
        return possible

    def _extend_qty_possible(self, possible):
        """Override: a withdrawal may cover what was not sent."""
        possible = super()._extend_qty_possible(possible)
        for line, unsent in self._get_qty_unsent_possible().items():
            # a service that was performed cannot be given back
            at_customer = possible[line] if line.product_id.type != "service" else 0.0
            possible[line] = max(at_customer, 0.0) + unsent
        return possible

    def _restore_unsent(self, quantity):
        """Have units that were shipped all the same come back as others do, newest items first.

        :param float quantity: in the sold line's unit
        """
        for line in self.sorted("id", reverse=True):
            part = min(quantity, line.qty_unsent)
            if line.rma_id.state not in HELD_STATES or line.product_uom_id.compare(part, 0.0) <= 0:
                continue
            quantity -= part
            line.qty_unsent -= part
            line.sale_line_id._follow_withdrawn()
            line.rma_id._tell_shipped(line, part)

    def _describe_unsent(self):
        """Return the items that were not sent, with how many."""
        return ", ".join(
            f"{format_quantity(self.env, line.qty_unsent)} {line.product_id.display_name}"
            for line in self
            if line.qty_unsent
        )
