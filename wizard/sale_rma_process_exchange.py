from odoo import api, fields, models

from odoo.addons.sale_rma.tools.quantity_field import format_quantity


class SaleRmaProcess(models.TransientModel):
    """What of the exchange is not there to be sent (issue 17.7)."""

    _inherit = "sale.rma.process"

    stock_message = fields.Char(
        compute="_compute_stock_message",
        help="What is to be sent instead and is not in stock: kept for this return counts as "
        "there.",
    )

    @api.depends(
        "line_ids.exchange",
        "line_ids.exchange_product_id",
        "line_ids.qty_exchange",
        "line_ids.qty_restock",
    )
    def _compute_stock_message(self):
        for wizard in self:
            missing = [
                self.env._(
                    "%(there)s of %(wanted)s %(product)s",
                    there=format_quantity(self.env, there),
                    wanted=format_quantity(self.env, wanted),
                    product=product.display_name,
                )
                for product, (there, wanted) in wizard._get_exchange_stock().items()
                if there < wanted
            ]
            wizard.stock_message = bool(missing) and self.env._(
                "Not all is in stock to be sent instead: %(items)s. Refund it, choose another "
                "product, or complete the return: the exchange waits until there is more.",
                items=", ".join(missing),
            )

    def _get_exchange_stock(self):
        """Return {product: (what is there, what is wanted)} of goods to be sent instead, in the
        products' own units."""
        self.ensure_one()
        wanted = {}
        for line, product, quantity, _price in self._get_plan().exchange_items:
            if product.is_storable:
                sold = line.sale_line_id
                is_same = product.product_tmpl_id == sold.product_id.product_tmpl_id
                unit = line.product_uom_id if is_same else product.uom_id
                units = unit._compute_quantity(quantity, product.uom_id, round=False)
                wanted[product] = wanted.get(product, 0.0) + units
        if not wanted:
            return {}
        # sudo: numbers of goods, told to whoever processes the return (R9)
        rma = self.rma_id.sudo()
        location = rma.order_id._get_rma_warehouse().lot_stock_id
        kept = rma.line_ids._get_hold_moves()
        stock = {}
        for product, quantity in wanted.items():
            there = product.sudo().with_context(location=location.id).free_qty  # as above
            own = kept.filtered(lambda move, product=product: move.product_id == product)
            there += sum(
                move.product_uom._compute_quantity(move.quantity, product.uom_id) for move in own
            )
            stock[product] = (max(there, 0.0) + self._get_qty_going_to_stock(product), quantity)
        return stock

    def _get_qty_going_to_stock(self, product):
        """Return how much of a product goes back to stock now, in its own unit: it can be sent at
        once."""
        return sum(
            line.rma_line_id.product_uom_id._compute_quantity(
                line.qty_restock, product.uom_id, round=False
            )
            for line in self.line_ids
            if line.product_id == product
        )
