from odoo import api, fields, models

from ...tools.quantity_field import is_countable


class SaleRmaLine(models.Model):
    """How many units count as returned."""

    _inherit = "sale.rma.line"

    qty_returned = fields.Float(
        string="Returned",
        compute="_compute_qty_returned",
        store=True,
        precompute=True,
        digits="Product Unit",
        help="What is asked for while the return is open, what came back, was not sent or was "
        "given back once it is done, in the unit it was sold in; nothing where it was refused, "
        "cancelled or expired.",
    )

    @api.depends("quantity", "qty_unsent", "rma_id.state", "qty_received", "qty_refunded")
    def _compute_qty_returned(self):
        live = self.env["sale.rma"]._get_live_states()
        for line in self:
            state = line.rma_id.state
            if state in live:
                # what is no number is refused in words, by who checks quantities
                line.qty_returned = line.quantity if is_countable(line.quantity) else 0.0
            elif state == "done":
                line.qty_returned = max(line.qty_received + line.qty_unsent, line.qty_refunded)
            else:
                line.qty_returned = 0.0
