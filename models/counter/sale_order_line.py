from odoo import models


class SaleOrderLine(models.Model):
    """What was handed over the counter: the till's transfers know nothing of the sold line."""

    _inherit = "sale.order.line"

    def _get_products_handed_over(self):
        """Override: what the till sold of the line, less what it took back."""
        products = super()._get_products_handed_over()
        lines = self._get_till_lines()
        if lines:
            products[self.product_id] = products.get(self.product_id, 0.0) + sum(
                lines.mapped("qty")
            )
        return products

    def _get_till_lines(self):
        """Return the lines of the till's orders by which goods of these lines were handed over
        or came back, as `qty_delivered` counts them."""
        if "pos_order_line_ids" not in self._fields:
            return self.browse()
        # sudo: quantities and names of the till's orders, told to whoever sees the line
        sold = self.sudo().pos_order_line_ids
        lines = sold | sold.refund_orderline_ids
        return lines.filtered(
            lambda line: (
                line.order_id.state not in ("draft", "cancel")
                and line.product_id.type != "service"
                and set(line.order_id.picking_ids.mapped("state")) <= {"done"}
            )
        )

    def _get_till_orders(self):
        """Return the till's orders by which these lines were paid."""
        if "pos_order_line_ids" not in self._fields:
            return self.browse()
        # sudo: names of the till's orders, told to whoever sees the line
        orders = self.sudo().pos_order_line_ids.order_id
        return orders.filtered(lambda order: order.state not in ("draft", "cancel"))
