"""Serials, kits, combos, units, owners, packages, dropshipping: each comes back as it went."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestKindsOfGoods(ReceiptCommon):
    # === S15: LOTS AND SERIALS === #

    def _make_tracked(self, tracking="serial"):
        return self._make_product(f"Phone {tracking}", 100, tracking=tracking)

    def _make_lots(self, product, *names, quantity=1):
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in names]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, self.stock, quantity, lot_id=lot
            )
        return lots

    def _deliver_lots(self, order, lots, quantity=1):
        """Deliver exactly these lots, and keep a backorder for the rest."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.move_line_ids.unlink()
        move = picking.move_ids
        self.env["stock.move.line"].create(
            [{**move._prepare_move_line_vals(quantity=quantity), "lot_id": lot.id} for lot in lots]
        )
        move.picked = True
        picking._action_done()
        return picking

    def test_only_delivered_serials_can_be_named_and_once(self):
        phone = self._make_tracked()
        s1, s2, s3 = self._make_lots(phone, "S1", "S2", "S3")
        order = self._create_order((phone, 2))
        self._deliver_lots(order, s1 | s2)
        rma = self._create_rma(order, 1)
        with self.assertRaisesRegex(ValidationError, "S3 was not delivered"), self.cr.savepoint():
            rma.line_ids.lot_ids = s3
        with self.assertRaisesRegex(ValidationError, "2 serial numbers"), self.cr.savepoint():
            rma.line_ids.lot_ids = s1 | s2
        rma.line_ids.lot_ids = s1
        with self.assertRaisesRegex(ValidationError, "S1 is on"), self.cr.savepoint():
            rma.line_ids = [
                Command.create({"sale_line_id": order.order_line.id, "lot_ids": [s1.id]})
            ]

    def test_receipt_is_limited_to_the_serial_named(self):
        phone = self._make_tracked()
        s1, s2 = self._make_lots(phone, "S1", "S2")
        order = self._create_order((phone, 2))
        self._deliver_lots(order, s1 | s2)
        for lot in (s2, s1):
            rma = self._create_rma(order, 1)
            rma.line_ids.lot_ids = lot
            rma.action_accept()
            self.assertEqual(rma.picking_ids.move_line_ids.lot_id, lot)
            self._receive(rma)
            self.assertEqual(rma.line_ids.move_ids.lot_ids, lot)

    def test_serials_named_from_two_deliveries_come_back_to_each(self):
        phone = self._make_tracked()
        s1, s2, s3, s4 = self._make_lots(phone, "S1", "S2", "S3", "S4")
        order = self._create_order((phone, 4))
        first = self._deliver_lots(order, s1 | s2)
        second = self._deliver_lots(order, s3 | s4)
        rma = self._create_rma(order, 3)
        rma.line_ids.lot_ids = s1 | s4
        rma.action_accept()
        moves = rma.picking_ids.move_ids
        by_delivery = {move.origin_returned_move_id.picking_id: move.lot_ids for move in moves}
        self.assertEqual(by_delivery[first], s1)
        self.assertIn(s4, by_delivery[second])
        self.assertEqual(len(moves.lot_ids), 3)

    def test_serial_that_came_back_cannot_be_named_again(self):
        phone = self._make_tracked()
        s1, s2 = self._make_lots(phone, "S1", "S2")
        order = self._create_order((phone, 2))
        self._deliver_lots(order, s1 | s2)
        first = self._create_rma(order, 1)
        first.line_ids.lot_ids = s1
        first.action_accept()
        self._receive(first)
        second = self._create_rma(order, 1)
        with self.assertRaisesRegex(ValidationError, "The customer has S2"):
            second.line_ids.lot_ids = s1

    def test_serials_received_and_put_back_on_the_screen_keep_their_names(self):
        phone = self._make_tracked()
        s1, s2 = self._make_lots(phone, "S1", "S2")
        order = self._create_order((phone, 2))
        self._deliver_lots(order, s1 | s2)
        rma = self._create_rma(order, 2, state="accepted")
        self._process(rma, {"qty_received": 2, "qty_restock": 1})
        found = {
            quant.location_id: quant.lot_id
            for quant in self.env["stock.quant"].search(
                [("product_id", "=", phone.id), ("quantity", ">", 0)]
            )
        }
        self.assertEqual(set(found), {self.returns, self.stock})
        self.assertEqual(len(found[self.returns] | found[self.stock]), 2)

    def test_the_very_serial_of_the_return_is_put_back(self):
        phone = self._make_tracked()
        s1, s2 = self._make_lots(phone, "S1", "S2")
        order = self._create_order((phone, 2))
        self._deliver_lots(order, s1 | s2)
        rmas = self.env["sale.rma"]
        for lot in (s1, s2):
            rma = self._create_rma(order, 1)
            rma.line_ids.lot_ids = lot
            rma.action_accept()
            self._receive(rma)
            rmas |= rma
        self._process(rmas[1], {"qty_restock": 1, "qty_refund": 0})
        quants = self.env["stock.quant"]._gather(phone, self.stock)
        self.assertEqual(quants.filtered(lambda quant: quant.quantity > 0).lot_id, s2)

    def test_lots_come_back_by_the_quantity_delivered_of_each(self):
        paint = self._make_tracked("lot")
        blue, red = self._make_lots(paint, "Blue", "Red", quantity=5)
        order = self._create_order((paint, 4))
        self._deliver_lots(order, blue | red, quantity=2)
        rma = self._create_rma(order, 3)
        rma.line_ids.lot_ids = red
        rma.action_accept()
        lines = rma.picking_ids.move_line_ids
        self.assertEqual({line.lot_id: line.quantity for line in lines}, {red: 2, blue: 1})
        self._process(rma, {"qty_received": 3, "qty_restock": 3, "qty_refund": 0})
        quants = self.env["stock.quant"]._gather(paint, self.stock)
        self.assertEqual({q.lot_id: q.quantity for q in quants}, {blue: 4, red: 5})

    # === S16: KITS === #

    def _make_shelf(self):
        self.screw = self._make_product("Screw", 1)
        self.board = self._make_product("Board", 5)
        return self._make_kit("Shelf", 40, {self.screw: 8, self.board: 2})

    def test_components_of_whole_kits_come_back(self):
        kit = self._make_shelf()
        order = self._create_sold((kit, 3))
        with self.assertRaisesRegex(ValidationError, "Shelf: only whole"), self.cr.savepoint():
            self._create_rma(order, 1.5)
        rma = self._create_rma(order, 2, state="accepted")
        planned = {move.product_id: move.product_uom_qty for move in rma.picking_ids.move_ids}
        self.assertEqual(planned, {self.screw: 16, self.board: 4})
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 2)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.order_line.qty_returnable, 1)
        self._process(rma)
        credit = rma.refund_ids.invoice_line_ids
        self.assertEqual((credit.product_id, credit.quantity), (kit, 2))
        self.assertEqual(rma.line_ids.qty_restocked, 2)
        self._assert_stock(self.screw, returns=0)

    def test_incomplete_kit_counts_when_it_is_whole(self):
        kit = self._make_shelf()
        order = self._create_sold((kit, 3))
        rma = self._create_rma(order, 2, state="accepted")
        self._receive(rma, {self.screw: 16, self.board: 3})
        self.assertEqual(rma.line_ids.qty_received, 1)
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 2)
        self._process(rma)
        self.assertEqual(rma.line_ids.qty_restocked, 2)

    def test_kit_of_kits_comes_back(self):
        shelf = self._make_shelf()
        wall = self._make_kit("Wall", 90, {shelf: 2})
        order = self._create_sold((wall, 2))
        self.assertEqual(order.order_line.qty_returnable, 2)
        rma = self._create_rma(order, 1, state="accepted")
        planned = {move.product_id: move.product_uom_qty for move in rma.picking_ids.move_ids}
        self.assertEqual(planned, {self.screw: 16, self.board: 4})
        self._process(rma, {"qty_received": 1, "qty_restock": 1, "qty_refund": 1})
        self._assert_line(rma.line_ids, qty_received=1, qty_restocked=1)
        self.assertEqual(order.order_line.qty_returnable, 1)

    def test_kits_on_the_screen_go_to_stock_and_returns_by_components(self):
        kit = self._make_shelf()
        rma = self._create_rma(self._create_sold((kit, 3)), 3, state="accepted")
        before = self._stock_of(self.screw)
        self._process(rma, {"qty_received": 3, "qty_restock": 1})
        self._assert_stock(self.screw, returns=16, stock=before + 8)
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=1)

    # === COMBOS, SERVICES, UNITS, ARCHIVED, CONSIGNED, PACKED, DROPSHIPPED === #

    def test_combos_come_back_by_their_items(self):
        order = self._create_order((self._make_combo("Drinks", 20, self.mug), 2))
        self._add_combo_items(order)
        self._deliver(order)
        self.assertEqual(order.order_line._filter_returnable().product_id, self.mug)
        rma = self._create_rma(order, 1, state="processing")
        self.assertEqual(rma.line_ids.qty_received, 1)

    def test_claimed_service_has_no_receipt_and_is_credited(self):
        service = self._make_product("Setup", 30, policy="order", type="service", is_storable=False)
        order = self._create_order((service, 2))
        order.order_line.qty_delivered = 2
        self._invoice(order)
        rma = self._create_rma(order, 1, state="accepted", rma_type="claim")
        self.assertFalse(rma.picking_ids)
        wizard = self._open_process(rma)
        self._assert_line(wizard.line_ids, qty_received=0, qty_restock=0, qty_refund=1)
        with self.assertRaisesRegex(UserError, "Setup is a service"), self.cr.savepoint():
            self._process(rma, {"qty_received": 1})
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=0, qty_refunded=1)

    def test_sold_by_the_dozen_received_by_the_piece(self):
        order = self._create_sold((self.shirt, 2, {"product_uom_id": self.dozen.id}))
        rma = self._create_rma(order, 1.5, state="accepted")
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 1.5)
        self.assertEqual(order.order_line.qty_delivered, 0.5)
        self._assert_stock(self.shirt, returns=18)
        self._process(rma, {"qty_restock": 0.5, "qty_refund": 0})
        self.assertEqual(rma.line_ids.qty_restocked, 0.5)
        self._assert_stock(self.shirt, returns=12)

    def test_one_piece_of_a_dozen_comes_back(self):
        order = self._create_sold((self.shirt, 1, {"product_uom_id": self.dozen.id}))
        rma = self._create_rma(order, 0.25, state="accepted")
        self._process(rma, {"qty_received": 0.25, "qty_restock": 0.25})
        self._assert_line(rma.line_ids, qty_received=0.25, qty_restocked=0.25)

    def test_archived_product_comes_back(self):
        order = self._create_sold((self.shirt, 2))
        self.shirt.active = False
        rma = self._create_rma(order, 2, state="processing")
        self._process(rma)
        self.assertEqual((rma.state, rma.line_ids.qty_restocked), ("done", 2))

    def test_consigned_goods_come_back_to_their_owner(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        self.env["stock.quant"]._update_available_quantity(
            self.shirt, self.stock, 3, owner_id=owner
        )
        order = self._create_order((self.shirt, 3))
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_line_ids.owner_id, owner)
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        rma = self._create_rma(order, 3, state="accepted")
        self._receive(rma)
        quants = self.env["stock.quant"]._gather(self.shirt, self.returns)
        self.assertEqual(quants.filtered("quantity").owner_id, owner)
        self._process(rma, {"qty_restock": 3, "qty_refund": 0})
        quants = self.env["stock.quant"]._gather(self.shirt, self.stock, owner_id=owner)
        self.assertEqual(sum(quants.mapped("quantity")), 3)

    def test_packed_goods_come_back_out_of_their_package(self):
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 2)
        order = self._create_order((self.shirt, 2))
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.action_put_in_pack()
        order.picking_ids._action_done()
        package = order.picking_ids.move_line_ids.result_package_id
        self.assertTrue(package)
        rma = self._create_rma(order, 1, state="accepted")
        self.assertEqual(rma.picking_ids.move_line_ids.package_id, package)
        self._receive(rma)
        self._process(rma, {"qty_restock": 1, "qty_refund": 0})
        self.assertEqual(rma.line_ids.qty_restocked, 1)
        at_customer = self.env["stock.quant"]._gather(
            self.shirt, self.env.ref("stock.stock_location_customers"), package_id=package
        )
        self.assertEqual(sum(at_customer.mapped("quantity")), 1)

    def test_dropshipped_goods_are_received_in_our_warehouse(self):
        """As `stock_dropshipping` does it: a move from the supplier to the customer."""
        order = self._create_order((self.shirt, 2))
        order.picking_ids.action_cancel()
        customers = self.customer.property_stock_customer
        suppliers = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.shirt.id,
                "product_uom_qty": 2,
                "location_id": suppliers.id,
                "location_dest_id": customers.id,
                "sale_line_id": order.order_line.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = 2, True
        move._action_done()
        self.assertEqual(order.order_line.qty_returnable, 2)
        rma = self._create_rma(order, 2, state="accepted")
        self.assertEqual(rma.picking_ids.picking_type_id, self.warehouse.in_type_id)
        self._receive(rma)
        self._assert_stock(self.shirt, returns=2)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_receipts_in_two_and_three_steps_wait_in_returns(self):
        for steps in ("two_steps", "three_steps"):
            self.warehouse.reception_steps = steps
            order = self._create_sold((self.shirt, 3))
            before = self._stock_of(self.shirt)
            rma = self._create_rma(order, 3, state="processing")
            self.assertFalse(rma.picking_ids.move_ids.move_dest_ids)
            self._process(rma, {"qty_restock": 3})
            self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3)
            self._assert_stock(self.shirt, stock=before + 3)
            self.assertEqual(order.order_line.qty_delivered, 0)

    def test_goods_shipped_in_three_steps_come_back_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 3)
        order = self._create_order((self.shirt, 3))
        while open_pickings := order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        ):
            open_pickings.action_assign()
            open_pickings.move_ids.picked = True
            open_pickings._action_done()
        self.assertEqual(order.order_line.qty_returnable, 3)
        rma = self._create_rma(order, 2, state="processing")
        self.assertEqual(
            rma.picking_ids.move_ids.origin_returned_move_id.picking_type_id.code, "outgoing"
        )
        self._process(rma, {"qty_restock": 2, "qty_refund": 0})
        self.assertEqual(order.order_line.qty_returnable, 1)
        self._assert_stock(self.shirt, stock=2, returns=0)
