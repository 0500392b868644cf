"""The ways to take goods back and give the money back. Each does so with one piece of every line
of some orders, and ends in the same state."""

from odoo import fields
from odoo.fields import Command

from .world import RETURNED


class Way:
    """One way.

    :ivar title: its name in the table
    :ivar is_batched: whether it can do many orders at once
    """

    title = ""
    is_batched = True

    def __init__(self, world):
        self.world = world
        self.env = world.env

    def run(self, orders):
        """Take one piece of every line of these orders back and credit it."""
        raise NotImplementedError

    def end_request(self):
        """What one click of a person ends with: all is written, and the next click reads anew."""
        self.env.flush_all()
        self.env.invalidate_all()


class ByHand(Way):
    """What somebody does who has only Odoo's own screens: one order at a time."""

    title = "Odoo by hand"
    is_batched = False

    def run(self, orders):
        for order in orders:
            receipt = self.return_goods(order.picking_ids)
            self.end_request()
            receipt.button_validate()
            self.end_request()
            credit = self.reverse(order.invoice_ids)
            self.end_request()
            for line in credit.invoice_line_ids:
                line.quantity = RETURNED
            self.end_request()
            credit.action_post()
            self.end_request()

    def return_goods(self, delivery):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=delivery.id, active_model=delivery._name)
            .create({})
        )
        wizard.product_return_moves.quantity = RETURNED
        action = wizard.action_create_returns()
        return delivery.browse(action["res_id"])

    def reverse(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_ids=invoice.ids, active_model=invoice._name)
            .create({"journal_id": invoice.journal_id.id})
        )
        return invoice.browse(wizard.refund_moves()["res_id"])


class Floor(Way):
    """The end state written straight with the ORM: no document, no check, no message."""

    title = "floor: the end state, straight"

    def run(self, orders):
        receipts = self.env["stock.picking"].create([self.receipt(order) for order in orders])
        receipts.action_confirm()
        receipts.action_assign()
        receipts.move_ids.picked = True
        receipts._action_done()
        credits = self.env["account.move"].create([self.credit_note(order) for order in orders])
        credits._post(soft=False)

    def receipt(self, order):
        delivery = order.picking_ids
        warehouse = self.world.warehouse
        places = {
            "location_id": self.world.customer_location.id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        return {
            **places,
            "picking_type_id": warehouse.in_type_id.id,
            "partner_id": order.partner_shipping_id.id,
            "origin": order.name,
            "move_ids": [
                Command.create(
                    {
                        **places,
                        "product_id": move.product_id.id,
                        "product_uom": move.product_uom.id,
                        "product_uom_qty": RETURNED,
                        "origin_returned_move_id": move.id,
                        "move_orig_ids": [Command.link(move.id)],
                        "sale_line_id": move.sale_line_id.id,
                        "to_refund": True,
                    }
                )
                for move in delivery.move_ids
            ],
        }

    def credit_note(self, order):
        invoice = order.invoice_ids
        return {
            "move_type": "out_refund",
            "reversed_entry_id": invoice.id,
            "partner_id": invoice.partner_id.id,
            "journal_id": invoice.journal_id.id,
            "currency_id": invoice.currency_id.id,
            "invoice_date": fields.Date.context_today(invoice),
            "invoice_origin": order.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": line.name,
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": RETURNED,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "account_id": line.account_id.id,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "sale_line_ids": [Command.set(line.sale_line_ids.ids)],
                    }
                )
                for line in invoice.invoice_line_ids
            ],
        }


class Ours(Way):
    """A return from its creation to done: asked for, accepted (receipt planned, customer told),
    processed as proposed (received, put back, credited, customer told)."""

    title = "sale_rma, create to done"

    def run(self, orders):
        rmas = self.create_returns(orders)
        rmas.action_accept()
        self.process(rmas)

    def create_returns(self, orders):
        reason = self.env.ref("sale_rma.reason_wrong_size")
        return self.env["sale.rma"].create(
            [
                {
                    "order_id": order.id,
                    "line_ids": [
                        Command.create(
                            {
                                "sale_line_id": line.id,
                                "quantity": RETURNED,
                                "reason_id": reason.id,
                            }
                        )
                        for line in order.order_line
                    ],
                }
                for order in orders
            ]
        )

    def process(self, rmas):
        wizards = self.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in rmas])
        wizards.action_process()


class OursByScreens(Ours):
    """The same by a person: each click is a request that reads anew what it needs."""

    title = "sale_rma, screen by screen"

    def run(self, orders):
        rmas = self.create_returns(orders)
        self.end_request()
        rmas.action_accept()
        self.end_request()
        wizards = self.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in rmas])
        self.end_request()
        wizards.action_process()
        self.end_request()
