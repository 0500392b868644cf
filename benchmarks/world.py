"""Orders that were delivered and invoiced: what every measure starts from."""

from odoo import fields
from odoo.fields import Command

SOLD = 2.0
RETURNED = 1.0
"""Pieces of each line, so that every return is a partial one."""


class World:
    """Products, customers and sold orders of one company, made with the ORM."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.customer_location = env.ref("stock.stock_location_customers")
        self.products = env["product.product"]
        if not self.company.alias_domain_id:  # a shop that writes mails has one
            self.company.alias_domain_id = env["mail.alias.domain"].create(
                {"name": "shop.example.com"}
            )

    def make_products(self, number):
        """Have so many products, with stock."""
        missing = number - len(self.products)
        if missing <= 0:
            return self.products[:number]
        made = self.env["product.product"].create(
            [
                {
                    "name": f"Bench {index}",
                    "type": "consu",
                    "is_storable": True,
                    "invoice_policy": "delivery",
                    # no half cents of tax, so that every way to round gives the same
                    "list_price": 20.0 * (1 + index % 9),
                    "standard_price": 4.0,
                }
                for index in range(len(self.products), number)
            ]
        )
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            [
                {
                    "product_id": product.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "inventory_quantity": 1_000_000,
                }
                for product in made
            ]
        ).action_apply_inventory()
        self.products |= made
        return self.products[:number]

    def make_customers(self, number):
        """Each order has a customer of its own, as in a web shop."""
        return self.env["res.partner"].create(
            [
                {"name": f"Customer {index}", "email": f"customer{index}@example.com"}
                for index in range(number)
            ]
        )

    def sell(self, number, lines):
        """Make orders with so many lines, deliver and invoice them.

        :return: the `sale.order`s
        """
        products = self.make_products(lines)
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "warehouse_id": self.warehouse.id,
                    "user_id": self.env.uid,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": SOLD})
                        for product in products
                    ],
                }
                for customer in self.make_customers(number)
            ]
        )
        fulfil(orders)
        return orders


def fulfil(orders):
    """Confirm, deliver and invoice orders."""
    orders.action_confirm()
    move_all(orders.picking_ids)
    orders._create_invoices(grouped=True).action_post()


def move_all(pickings):
    """Have all arrive that was planned."""
    for move in pickings.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    pickings._action_done()


def end_state(world, orders):
    """Return what has to be the same whichever way the returns went: the orders' quantities, the
    credit notes and what is left of the invoices, and the stock."""
    env = world.env
    env.flush_all()
    env.invalidate_all()
    state = {}
    for index, order in enumerate(orders):
        credits = order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        invoices = order.invoice_ids - credits
        state[index] = {
            "delivered": order.order_line.mapped("qty_delivered"),
            "invoiced": order.order_line.mapped("qty_invoiced"),
            "to invoice": order.order_line.mapped("qty_to_invoice"),
            "receipts": sorted(
                picking.state
                for picking in order.picking_ids
                if picking.picking_type_code == "incoming"
            ),
            "came back": sum(
                move.quantity
                for move in order.picking_ids.move_ids
                if move.location_id == world.customer_location and move.state == "done"
            ),
            "credit notes": [
                (
                    move.state,
                    move.amount_total,
                    move.amount_residual,
                    move.reversed_entry_id == invoices,
                    move.invoice_date == fields.Date.context_today(move),
                )
                for move in credits
            ],
            "left of the invoice": (invoices.amount_residual, invoices.payment_state),
            "credited items": sorted(credits.invoice_line_ids.mapped("price_total")),
        }
    stock = world.products.with_context(location=world.warehouse.lot_stock_id.id)
    state["stock"] = [product.qty_available for product in stock]
    return state
