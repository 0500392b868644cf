"""R1: units that come back by any document while a live return waits for them are that return's."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


class OdooReturnCommon(ReceiptCommon):
    @classmethod
    def _plan_odoo_return(cls, picking, quantities=None):
        """Return a transfer with Odoo's own button; the dock has not validated it yet."""
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            everything = line.move_id.quantity
            line.quantity = everything if quantities is None else quantities.get(line.product_id, 0)
        return cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    @classmethod
    def _get_delivery(cls, order):
        return order.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        )

    @classmethod
    def _return_order(cls, order, quantity=None):
        """Return an order's delivery with Odoo's own button, and validate that."""
        quantities = None if quantity is None else dict.fromkeys(order.order_line.product_id, 0)
        for product in quantities or ():
            quantities[product] = quantity
        return cls._return_picking(cls._get_delivery(order), quantities)

    def _assert_arrived(self, rma, received, planned=0.0):
        """What came back is the return's, and no more is waited for than has not come."""
        self.assertRecordValues(rma.line_ids, [{"qty_received": received}])
        self.assertEqual(rma.line_ids._get_qty_planned(), planned)
        self.assertGreaterEqual(rma.order_id.order_line.qty_delivered, 0)


@tagged("post_install", "-at_install")
class TestOdooReturn(OdooReturnCommon):
    # === POINT 15 OF THE ISSUE === #

    def test_goods_that_the_dock_returned_by_odoo_are_not_received_again(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        planned = rma.picking_ids
        back = self._return_order(order)
        self.assertEqual(rma.state, "processing")
        self.assertEqual((back.rma_id, back.move_ids.rma_line_id), (rma, rma.line_ids))
        self.assertEqual(planned.state, "cancel")
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3)
        self._process(rma)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3, qty_refunded=3)
        self.assertEqual(sum(order.order_line.invoice_lines.mapped("quantity")), 6)
        self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_customer_is_told_once_and_history_says_so(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        before = rma.history_ids
        self._return_order(order)
        told = rma.history_ids - before
        notified = told.filtered(
            lambda message: message.subtype_id == self.env.ref("sale_rma.mt_rma_notified")
        )
        self.assertEqual(len(notified.filtered(lambda m: "anna@example.com" in m.body)), 1)
        self.assertTrue(rma.date_received)

    def test_fewer_units_lower_the_planned_receipt(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 3, state="accepted")
        self._return_order(order, 2)
        self._assert_arrived(rma, 2, planned=1)
        self._receive(rma)
        self._assert_arrived(rma, 3)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_more_units_than_awaited_are_divided(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 2, state="accepted")
        back = self._return_order(order, 4)
        self._assert_arrived(rma, 2)
        self.assertEqual(sum(back.move_ids.mapped("quantity")), 4)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self._assert_stock(self.shirt, stock=-1)
        self.assertEqual(sum(back.move_line_ids.mapped("quantity")), 4)
        self.assertEqual(set(back.move_ids.mapped("state")), {"done"})

    def test_two_returns_take_what_they_wait_for_oldest_first(self):
        order = self._create_sold((self.shirt, 5))
        older = self._create_rma(order, 2, state="accepted")
        newer = self._create_rma(order, 3, state="accepted")
        back = self._return_order(order, 3)
        self._assert_arrived(older, 2)
        self._assert_arrived(newer, 1, planned=2)
        self.assertEqual(back.move_ids.rma_line_id, (older | newer).line_ids)
        self.assertFalse(back.rma_id)
        self.assertEqual((older.state, newer.state), ("processing", "processing"))

    def test_backorder_of_the_dock_is_noticed_when_it_comes(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 4, state="accepted")
        back = self._plan_odoo_return(self._get_delivery(order), {self.shirt: 5})
        back.move_ids.write({"quantity": 3, "picked": True})
        back._action_done()
        self._assert_arrived(rma, 3, planned=1)
        rest = back.backorder_ids
        self.assertFalse(rest.move_ids.rma_line_id)
        rest.move_ids.write({"quantity": 2, "picked": True})
        rest._action_done()
        self._assert_arrived(rma, 4)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_returned_by_odoo_before_our_return_and_validated_after(self):
        order = self._create_sold((self.shirt, 3))
        back = self._plan_odoo_return(self._get_delivery(order))
        rma = self._create_rma(order, 3, state="accepted")
        back.move_ids.picked = True
        back._action_done()
        self._assert_arrived(rma, 3)
        self._process(rma)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_odoo_return_of_what_the_screen_received_is_refused(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 2, state="accepted")
        back = self._plan_odoo_return(self._get_delivery(order))
        self._process(rma)
        back.move_ids.picked = True
        message = f"Shirt: 3 .*{back.name}.*has only 1 .*{rma.picking_ids.name}"
        with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
            back.button_validate()
        back.move_ids.quantity = 1
        back._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._assert_line(rma.line_ids, qty_received=2)

    def test_planned_receipt_that_was_deleted_does_not_matter(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        rma.picking_ids.unlink()
        self._return_order(order)
        self._assert_arrived(rma, 3)

    def test_receipt_of_the_sold_line_without_origin_is_noticed(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        receipt = self._make_receipt(order, 3, sale_line_id=order.order_line.id)
        receipt._action_done()
        self._assert_arrived(rma, 3)

    def _make_receipt(self, order, quantity, **values):
        """Make a receipt by hand, filled in."""
        return self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.customer.id,
                "location_id": self.customer.property_stock_customer.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.shirt.id,
                            "product_uom_qty": quantity,
                            "quantity": quantity,
                            "picked": True,
                            "location_id": self.customer.property_stock_customer.id,
                            "location_dest_id": self.stock.id,
                            "to_refund": True,
                            **values,
                        }
                    )
                ],
            }
        )

    def test_line_that_the_dock_added_to_the_receipt_is_noticed(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 2))
        rma = self._create_rma(order, {self.shirt: 3, self.mug: 2}, state="accepted")
        receipt = rma.picking_ids
        mugs = receipt.move_ids.filtered(lambda move: move.product_id == self.mug)
        mugs._action_cancel()
        mugs.unlink()
        receipt.move_ids = [
            Command.create(
                {
                    "product_id": self.mug.id,
                    "product_uom_qty": 2,
                    "location_id": receipt.location_id.id,
                    "location_dest_id": receipt.location_dest_id.id,
                }
            )
        ]
        receipt.move_ids.filtered(lambda move: move.product_id == self.mug).quantity = 2
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(rma.line_ids.mapped("qty_received"), [3, 2])

    def test_other_unit_of_measure_is_converted(self):
        order = self._create_sold((self.shirt, 2, {"product_uom_id": self.dozen.id}))
        rma = self._create_rma(order, 1.5, state="accepted")
        back = self._plan_odoo_return(self._get_delivery(order))
        back.move_ids.write({"quantity": 20, "picked": True})
        self.assertEqual(back.move_ids.product_uom, self.shirt.uom_id)
        back._action_done()
        self._assert_arrived(rma, 1.5)
        self._assert_stock(self.shirt, stock=-4)

    def test_sent_back_to_the_customer_they_are_awaited_again(self):
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 3)
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        back = self._return_order(order)
        self._return_picking(back)
        self._assert_line(rma.line_ids, qty_received=0)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self._process(rma, {"qty_received": 3, "qty_restock": 3, "qty_refund": 3})
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_second_parcel_of_a_finished_return_is_the_one_waiting_now(self):
        order = self._create_sold((self.shirt, 5))
        first = self._create_rma(order, 5, state="processing")
        self._process(first, {"qty_refund": 0, "qty_restock": 0})
        redelivery = self._return_picking(first.picking_ids)
        again = self._create_rma(order, 5, state="accepted")
        self._return_picking(redelivery)
        self._assert_arrived(again, 5)
        self._assert_line(first.line_ids, qty_received=0)

    def test_dropshipped_goods_that_went_to_the_supplier_have_come_back(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, 2, state="accepted")
        receipt = self._make_receipt(
            order,
            2,
            sale_line_id=order.order_line.id,
            location_dest_id=self.env.ref("stock.stock_location_suppliers").id,
        )
        receipt.move_ids.location_dest_id = self.env.ref("stock.stock_location_suppliers")
        receipt._action_done()
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=0)

    def test_order_cancelled_meanwhile(self):
        order = self._create_order((self.shirt, 5))
        self._deliver(order, {self.shirt: 3})
        rma = self._create_rma(order, 3, state="accepted")
        order._action_cancel()
        self._return_order(order, 3)
        self._assert_arrived(rma, 3)

    def test_refused_and_finished_returns_wait_for_nothing(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        rma.action_cancel("By mistake")
        back = self._return_order(order)
        self.assertFalse(back.move_ids.rma_line_id)
        self.assertEqual(rma.state, "cancel")

    # === LOTS, KITS === #

    def test_serial_goes_to_the_return_that_names_it(self):
        phone = self._make_product("Phone", 100, tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": phone.id} for name in ("S1", "S2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(phone, self.stock, 1, lot_id=lot)
        order = self._create_sold((phone, 2))
        rmas = self.env["sale.rma"]
        for lot in lots:
            rma = self._create_rma(order, 1)
            rma.line_ids.lot_ids = lot
            rma.action_accept()
            rmas |= rma
        back = self._plan_odoo_return(self._get_delivery(order), {phone: 1})
        back.move_line_ids.lot_id = lots[1]
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(rmas.line_ids.mapped("qty_received"), [0, 1])
        self.assertEqual(rmas.mapped("state"), ["accepted", "processing"])

    def test_components_of_kits_are_noticed(self):
        screw, board = self._make_product("Screw", 1), self._make_product("Board", 5)
        order = self._create_sold((self._make_kit("Shelf", 40, {screw: 8, board: 2}), 3))
        rma = self._create_rma(order, 2, state="accepted")
        self._return_picking(self._get_delivery(order), {screw: 24, board: 6})
        self._assert_arrived(rma, 2)
        self.assertEqual(order.order_line.qty_delivered, 0)
        mine = {move.product_id: move.quantity for move in rma.line_ids.move_ids if move.quantity}
        self.assertEqual(mine, {screw: 16, board: 4})

    # === THE SCREEN === #

    def test_screen_never_receives_what_the_customer_does_not_have(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        wizard = self._open_process(rma)
        with patch.object(
            type(self.env["sale.rma.line"]), "_claim_arrived", lambda lines, *_args: lines.browse()
        ):
            back = self._return_order(order)
        self.assertFalse(back.move_ids.rma_line_id)
        message = rf"Shirt: 3 .*the customer has only 0.*{back.name}"
        with self.assertRaisesRegex(UserError, message):
            wizard.action_process()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_screen_opened_before_the_dock_validated_receives_nothing_twice(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="accepted")
        wizard = self._open_process(rma)
        self._return_order(order)
        with self.assertRaisesRegex(UserError, "at most 0 can go back to stock"):
            wizard.action_process()
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=3, qty_refunded=3)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_moves_that_come_from_nobody_ask_nothing(self):
        """Deliveries and receipts of suppliers cost no query more."""
        delivery = self._create_order((self.shirt, 3)).picking_ids
        delivery.move_ids.write({"quantity": 3, "picked": True})
        with patch.object(
            type(self.env["sale.rma.line"]), "search", side_effect=AssertionError("searched")
        ):
            delivery._action_done()
        self.assertEqual(delivery.state, "done")
