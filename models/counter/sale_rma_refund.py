from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    """What was paid at the till is on no invoice of the order."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_over_refund_message(self, rma_line, quantity, possible):
        """Override: say where the money is given back."""
        sold = rma_line.sale_line_id
        if not self._is_invoiced(sold) and (orders := sold._get_till_orders()):
            return self.env._(
                "%(product)s on %(order)s was paid at the till with %(orders)s: give the money "
                "back there, and set the quantity to refund to 0 here.",
                product=rma_line.product_id.display_name,
                order=rma_line.order_id.name,
                orders=", ".join(orders.mapped("display_name")),
            )
        return super()._get_over_refund_message(rma_line, quantity, possible)
