from odoo import fields, models


class SaleRma(models.Model):
    """Where money is given back that was taken at the till."""

    _inherit = "sale.rma"

    till_message = fields.Char(
        compute="_compute_till_message", help="What was paid at the till is given back there."
    )

    def _compute_till_message(self):
        for rma in self:
            orders = rma.line_ids.sale_line_id._get_till_orders()
            rma.till_message = bool(orders) and self.env._(
                "Paid at the till with %(orders)s: give the money back there, with Refund in the "
                "point of sale. The goods are received here.",
                orders=", ".join(orders.mapped("display_name")),
            )
