"""Goods of returns: planned, received at the dock or on the screen, put back."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


class ReceiptCommon(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.lyon = cls.env["stock.warehouse"].create(
            {"name": "Lyon", "code": "LYO", "company_id": cls.company.id}
        )
        cls.returns = cls.warehouse.rma_location_id
        cls.stock = cls.warehouse.lot_stock_id

    @classmethod
    def _return_picking(cls, picking, quantities=None):
        """Return a transfer the way Odoo does it, and validate that."""
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            everything = line.move_id.quantity
            line.quantity = everything if quantities is None else quantities.get(line.product_id, 0)
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        return back

    def _assert_stock(self, product, **quantities):
        """Compare what is on hand: `returns`, `stock`, `lyon_returns`, `lyon`."""
        locations = {
            "returns": self.returns,
            "stock": self.stock,
            "lyon_returns": self.lyon.rma_location_id,
            "lyon": self.lyon.lot_stock_id,
        }
        found = {name: self._stock_of(product, locations[name]) for name in quantities}
        self.assertEqual(found, quantities)

    def _assert_line(self, line, **quantities):
        self.assertRecordValues(line, [quantities])


@tagged("post_install", "-at_install")
class TestPlannedReceipt(ReceiptCommon):
    def test_acceptance_plans_what_comes_back_from_the_customer(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        receipt = rma.picking_ids
        self.assertEqual((receipt.state, receipt.partner_id), ("assigned", self.customer))
        self.assertEqual(receipt.picking_type_id, self.warehouse.in_type_id)
        self.assertEqual(receipt.location_dest_id, self.returns)
        self.assertEqual(receipt.sale_id, order)
        self.assertEqual(receipt.move_ids.rma_line_id, rma.line_ids)
        delivered = order.picking_ids.filtered(lambda p: p != receipt).move_ids
        self.assertEqual(receipt.move_ids.origin_returned_move_id, delivered)
        self.assertEqual(set(receipt.move_ids.mapped("to_refund")), {True})

    def test_returns_accepted_together_get_a_receipt_each(self):
        orders = self._create_sold((self.shirt, 2)) | self._create_sold((self.shirt, 3))
        rmas = self.env["sale.rma"].union(*(self._create_rma(order) for order in orders))
        rmas.action_accept()
        self.assertEqual(len(rmas.picking_ids), 2)
        self.assertEqual([rma.picking_ids.move_ids.product_uom_qty for rma in rmas], [2, 3])

    def test_newest_delivery_is_returned_first(self):
        order = self._create_order((self.shirt, 5))
        first = self._deliver(order, {self.shirt: 3})
        second = self._deliver(order) - first
        rma = self._create_rma(order, 4, state="accepted")
        moves = rma.picking_ids.move_ids
        origins = {move.origin_returned_move_id.picking_id: move.product_uom_qty for move in moves}
        self.assertEqual(origins, {second: 2, first: 2})

    def test_deliveries_that_came_back_are_not_reversed_again(self):
        order = self._create_order((self.shirt, 5))
        first = self._deliver(order, {self.shirt: 3})
        second = self._deliver(order) - first
        self._create_rma(order, 2, state="accepted")
        rma = self._create_rma(order, 3, state="processing")
        self.assertEqual(rma.picking_ids.move_ids.origin_returned_move_id.picking_id, first)
        self.assertFalse(second.move_ids.returned_move_ids.rma_line_id.rma_id & rma)

    def test_quantity_changed_on_an_accepted_return_is_planned_anew(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 2, state="accepted")
        for quantity in (4, 1):
            rma.line_ids.quantity = quantity
            planned = rma.picking_ids.filtered(lambda picking: picking.state == "assigned")
            self.assertEqual(planned.move_ids.product_uom_qty, quantity)

    def test_other_warehouse_chosen_later_is_where_the_receipt_is_planned(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        rma.warehouse_id = self.lyon
        planned = rma.picking_ids.filtered(lambda picking: picking.state == "assigned")
        self.assertEqual(planned.picking_type_id, self.lyon.in_type_id)
        self.assertEqual(planned.location_dest_id, self.lyon.rma_location_id)

    def test_cancelled_return_cancels_its_receipt(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        rma.action_cancel()
        self.assertEqual(rma.picking_ids.state, "cancel")

    def test_cancelled_return_can_be_deleted_with_its_cancelled_receipt(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        receipt = rma.picking_ids
        rma.action_cancel()
        rma.unlink()
        self.assertEqual(receipt.state, "cancel")

    def test_warehouse_without_returns_location_is_said(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)))
        self.warehouse.rma_location_id = False
        with self.assertRaisesRegex(UserError, "no Returns location"):
            rma.action_accept()

    def test_new_warehouse_has_its_returns_location_beside_stock(self):
        location = self.lyon.rma_location_id
        self.assertEqual(location.location_id, self.lyon.lot_stock_id.location_id)
        self.assertEqual(location.usage, "internal")
        every = self.env["stock.warehouse"].with_context(active_test=False).search([])
        self.assertTrue(all(warehouse.rma_location_id for warehouse in every))

    # === S12 === #

    def _stock_user_env(self):
        user = self._make_user("dock", "stock.group_stock_user")
        return self.env(user=user, context={})

    def test_receipt_cancelled_by_a_stock_user_leaves_the_return_waiting(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        rma.picking_ids.with_env(self._stock_user_env()).action_cancel()
        self.assertEqual((rma.state, rma.has_planned_receipt), ("accepted", False))
        self.assertEqual(rma.order_id.order_line.qty_returnable, 0)
        rma.action_plan_receipt()
        self.assertTrue(rma.has_planned_receipt)
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 2)

    def test_receipt_deleted_by_a_stock_manager_leaves_the_return_waiting(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        manager = self._make_user("chief", "stock.group_stock_manager")
        rma.picking_ids.with_env(self.env(user=manager, context={})).unlink()
        self.assertEqual((rma.state, rma.picking_count), ("accepted", 0))
        self._process(rma)
        self.assertEqual((rma.state, rma.line_ids.qty_received), ("done", 2))

    def test_planning_again_plans_only_what_is_missing(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2), (self.mug, 1)), state="accepted")
        rma.picking_ids.move_ids.filtered(lambda m: m.product_id == self.mug)._action_cancel()
        rma.action_plan_receipt()
        rma.action_plan_receipt()
        planned = rma.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(
            sorted(planned.mapped(lambda move: (move.product_id.name, move.product_uom_qty))),
            [("Mug", 1), ("Shirt", 2)],
        )


@tagged("post_install", "-at_install")
class TestArrival(ReceiptCommon):
    # === AT THE DOCK === #

    def test_arrival_at_the_dock_starts_processing(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 2, state="accepted")
        self._receive(rma)
        self.assertEqual(rma.state, "processing")
        self.assertTrue(rma.date_received)
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=0)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self._assert_stock(self.shirt, returns=2)

    def test_no_line_is_added_to_the_order_and_nothing_is_delivered_again(self):
        order = self._create_sold((self.shirt, 5), (self.mug, 2))
        rma = self._create_rma(order, {self.shirt: 2, self.mug: 1}, state="processing")
        self._process(rma)
        self.assertEqual(len(order.order_line), 2)
        self.assertRecordValues(
            order.order_line,
            [
                {"product_uom_qty": 5, "qty_delivered": 3},
                {"product_uom_qty": 2, "qty_delivered": 1},
            ],
        )
        open_moves = order.order_line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        self.assertFalse(open_moves)
        self.assertEqual(order.delivery_status, "full")

    def test_goods_received_at_the_dock_are_put_back_on_the_screen(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 4, state="processing")
        before = self._stock_of(self.shirt)
        self._process(rma, {"qty_restock": 3})
        self._assert_line(rma.line_ids, qty_received=4, qty_restocked=3)
        self._assert_stock(self.shirt, returns=1, stock=before + 3)

    def test_goods_received_at_the_dock_are_put_back_into_another_warehouse(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 4, state="processing")
        self._process(rma, {"qty_restock": 4, "warehouse_id": self.lyon.id})
        self._assert_stock(self.shirt, returns=0, lyon_returns=0, lyon=4)
        self.assertEqual(rma.line_ids.qty_restocked, 4)

    def test_partly_received_the_rest_stays_planned(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 5, state="accepted")
        self._receive(rma, {self.shirt: 3})
        self.assertEqual(sorted(rma.picking_ids.mapped("state")), ["assigned", "done"])
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 5)

    def test_more_than_planned_can_arrive_and_is_processed(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 2, state="accepted")
        self._receive(rma, {self.shirt: 3})
        self.assertEqual(rma.line_ids.qty_received, 3)
        wizard = self._open_process(rma)
        self._assert_line(wizard.line_ids, qty_received=3, qty_restock=3, qty_refund=2)
        wizard.action_process()
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3, qty_refunded=2)

    def test_more_than_was_delivered_can_arrive_and_is_processed(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 2, state="accepted")
        self._receive(rma, {self.shirt: 3})
        self.assertEqual(rma.order_id.order_line.qty_returnable, 0)
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3, qty_refunded=2)

    def test_reading_many_takes_no_more_queries_than_reading_few(self):
        orders = [self._create_sold((self.shirt, 3), (self.mug, 2)) for _order in range(6)]
        rmas = self.env["sale.rma"].union(
            *(self._create_rma(order, 1, state="processing") for order in orders)
        )
        names = ["qty_returnable", "qty_received", "qty_restocked", "qty_refunded"]
        counts = []
        for some in (rmas, rmas[:2], rmas):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.line_ids.read(names)
            some.order_id.order_line.read(["qty_returnable"])
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === ON THE SCREEN === #

    def test_goods_received_on_the_screen_go_to_stock_and_to_returns(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 5, state="accepted")
        before = self._stock_of(self.shirt)
        self._process(rma, {"qty_received": 5, "qty_restock": 3})
        self._assert_line(rma.line_ids, qty_received=5, qty_restocked=3)
        self._assert_stock(self.shirt, returns=2, stock=before + 3)
        self.assertEqual(rma.picking_ids.mapped("state"), ["done"])

    def test_goods_received_in_another_warehouse_than_planned(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 5, state="accepted")
        self._process(rma, {"qty_received": 5, "qty_restock": 4, "warehouse_id": self.lyon.id})
        self._assert_stock(self.shirt, returns=0, lyon_returns=1, lyon=4)
        self._assert_line(rma.line_ids, qty_received=5, qty_restocked=4)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_received_earlier_and_on_the_screen_both_go_to_stock(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 5, state="accepted")
        self._receive(rma, {self.shirt: 2})
        before = self._stock_of(self.shirt)
        self._process(rma, {"qty_received": 5, "qty_restock": 4, "qty_refund": 5})
        self._assert_stock(self.shirt, returns=1, stock=before + 4)
        self._assert_line(rma.line_ids, qty_received=5, qty_restocked=4, qty_refunded=5)

    def test_received_in_part_on_the_screen_and_closed_gives_up_the_rest(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 5, state="accepted")
        self._process(rma, {"qty_received": 3, "qty_restock": 3, "qty_refund": 3})
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.line_ids._get_qty_planned(), 0)
        self.assertEqual(order.order_line.qty_returnable, 2)

    def test_received_in_part_and_kept_open_waits_for_the_rest(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 5, state="accepted")
        values = {"qty_received": 2, "qty_restock": 2, "qty_refund": 2}
        self._process(rma, values, close=False)
        self.assertEqual((rma.state, rma.line_ids._get_qty_planned()), ("processing", 3))
        self.assertEqual(order.order_line.qty_returnable, 0)
        values = {
            "qty_received": 3,
            "qty_restock": 1,
            "qty_refund": 1,
            "warehouse_id": self.lyon.id,
        }
        self._process(rma, values, close=False)
        self.assertEqual(rma.line_ids._get_qty_planned(), 2)
        self._receive(rma)
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=5, qty_restocked=5, qty_refunded=5)
        self.assertEqual(rma.state, "done")

    def test_screen_done_twice_has_one_effect(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 4, state="accepted")
        wizard = self._open_process(rma, close=False)
        wizard.line_ids.write({"qty_received": 2, "qty_restock": 0, "qty_refund": 1})
        wizard.action_process()
        with self.assertRaisesRegex(UserError, "was processed meanwhile"):
            wizard.action_process()
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=0, qty_refunded=1)

    def test_what_the_dock_filled_in_unvalidated_stays_its_own(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 1))
        rma = self._create_rma(order, state="accepted")
        rma.picking_ids.move_ids.picked = True
        nothing = {"qty_received": 0, "qty_restock": 0, "qty_refund": 0}
        self._process(rma, {self.mug: nothing}, close=False)
        self.assertEqual(rma.line_ids.mapped("qty_received"), [2, 0])

    def test_limits_of_the_screen_are_refused_in_words(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 4, state="accepted")
        self._receive(rma, {self.shirt: 2})
        for values, message in (
            ({"qty_received": 5}, "Shirt: 5 came back, but only 4 were asked for"),
            ({"qty_received": 1, "qty_restock": 0}, "Shirt: 2 have come back already"),
            ({"qty_restock": 3}, "Shirt: at most 2 can go back to stock"),
            ({"qty_received": -1}, "Shirt: Came Back needs a quantity of zero or more"),
            ({"qty_received": float("nan")}, "Shirt: Came Back needs a quantity"),
            ({"qty_restock": float("inf")}, "Shirt: Back to Stock needs a quantity"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, message),
                self.cr.savepoint(),
            ):
                self._process(rma, values)
        self.assertEqual(rma.line_ids.qty_received, 2)

    def test_warehouse_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        message = f"a warehouse of {other.name}, but .* of {self.company.name}"
        for state in ("accepted", "processing"):  # to be received there; to be put back there
            with self.subTest(state=state):
                rma = self._create_rma(self._create_sold((self.shirt, 2)), state=state)
                with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                    self._process(rma, {"warehouse_id": warehouse.id})

    def test_goods_taken_out_of_returns_by_hand_cannot_be_put_back_twice(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="processing")
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.shirt.id), ("location_id", "=", self.returns.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 0
        quant.action_apply_inventory()
        with self.assertRaisesRegex(UserError, "less than that waits"), self.cr.savepoint():
            self._process(rma, {"qty_restock": 2})
        self._process(rma, {"qty_restock": 0})
        self.assertEqual(rma.state, "done")

    # === RETURN OF A RETURN === #

    def test_one_item_refused_at_the_bench_goes_back_and_the_others_go_on(self):
        lamp = self._make_product("Lamp", 30)
        order = self._create_sold((self.shirt, 1), (self.mug, 1), (lamp, 1))
        rma = self._create_rma(order, state="processing")
        self._return_picking(rma.picking_ids, {self.shirt: 1})
        self.assertEqual(rma.line_ids.mapped("qty_received"), [0, 1, 1])
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 0, 0])
        self.assertEqual(rma.state, "processing")
        wizard = self._open_process(rma)
        self.assertEqual(wizard.line_ids.mapped("qty_refund"), [0, 1, 1])
        wizard.action_process()
        self.assertEqual(rma.line_ids.mapped("qty_restocked"), [0, 1, 1])
        self.assertEqual(order.order_line.mapped("qty_returnable"), [1, 0, 0])

    def test_goods_put_back_and_sent_out_again_are_neither_received_nor_restocked(self):
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 5)
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="accepted")
        self._process(rma, {"qty_received": 2, "qty_restock": 2, "qty_refund": 0})
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=2)
        back = self._return_picking(rma.picking_ids)
        self._assert_line(rma.line_ids, qty_received=0, qty_restocked=0)
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(rma.state, "done")
        self._return_picking(back)
        self.assertEqual(rma.line_ids.qty_received, 2)

    def test_receipt_undone_later_lets_the_return_be_processed_again(self):
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 5)
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="accepted")
        self._process(rma, {"qty_received": 2, "qty_restock": 2, "qty_refund": 0})
        self._return_picking(rma.picking_ids)
        rma.action_reopen()
        self.assertEqual(rma.line_ids._get_qty_planned(), 2)
        self._process(rma, {"qty_received": 2, "qty_restock": 2, "qty_refund": 2})
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=2, qty_refunded=2)

    def test_redelivered_goods_come_back_on_a_new_return(self):
        order = self._create_sold((self.shirt, 5))
        first = self._create_rma(order, 5, state="processing")
        self._process(first, {"qty_refund": 0, "qty_restock": 0})
        redelivery = self._return_picking(first.picking_ids)
        again = self._create_rma(order, 5, state="accepted")
        self.assertEqual(again.picking_ids.move_ids.origin_returned_move_id, redelivery.move_ids)
        self._receive(again)
        self.assertEqual(order.order_line.qty_delivered, 0)


@tagged("post_install", "-at_install")
class TestReturnsLocation(ReceiptCommon):
    """S13: what waits in Returns is not for sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create(
            {"name": "Averaged", "property_cost_method": "average"}
        )
        cls.lamp = cls._make_product("Lamp", 30, standard_price=10, categ_id=cls.category.id)
        cls._buy(cls.lamp, 10)
        cls.order = cls._create_sold((cls.lamp, 10))
        cls.rma = cls._create_rma(cls.order, state="accepted")

    @classmethod
    def _buy(cls, product, quantity):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.stock.id,
                "company_id": cls.company.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = quantity, True
        move._action_done()

    def _assert_for_sale(self, quantity):
        self.env.invalidate_all()
        for context in ({}, {"warehouse_id": self.warehouse.id}):
            lamp = self.lamp.with_context(**context)
            for name in ("qty_available", "free_qty", "virtual_available"):
                self.assertEqual(lamp[name], quantity, (name, context))
        self.assertEqual(self.lamp.product_tmpl_id.qty_available, quantity)

    def test_planned_receipt_is_no_incoming_stock(self):
        self._assert_for_sale(0)
        self.assertEqual(self.lamp.incoming_qty, 0)

    def test_goods_in_returns_are_not_for_sale_until_put_back(self):
        self._receive(self.rma)
        self._assert_for_sale(0)
        self._assert_stock(self.lamp, returns=10, stock=0)
        self._process(self.rma, {"qty_restock": 6})
        self._assert_for_sale(6)

    def test_goods_in_returns_cannot_be_reserved_for_a_sale(self):
        self._receive(self.rma)
        order = self._create_order((self.lamp, 1))
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 0)
        self._process(self.rma)
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 1)

    def test_products_for_sale_are_searched_the_same_way(self):
        self._receive(self.rma)
        found = self.env["product.product"].search(
            [("qty_available", ">", 0), ("id", "=", self.lamp.id)]
        )
        self.assertFalse(found)

    def test_goods_in_returns_keep_their_value(self):
        self.assertEqual(self.lamp.total_value, 0)
        self._receive(self.rma)
        self.env.invalidate_all()
        self.assertEqual(self.lamp.total_value, 100)
        self.assertEqual(self.lamp.avg_cost, 10)
        self._process(self.rma)
        self.env.invalidate_all()
        self.assertEqual(self.lamp.total_value, 100)

    def test_returns_location_of_another_warehouse_is_not_for_sale_either(self):
        shared = self.returns.copy({"name": "Returns of Lyon"})
        self.lyon.rma_location_id = shared
        self.rma.warehouse_id = self.lyon
        self.rma.picking_ids.location_dest_id = shared
        self._receive(self.rma)
        self._assert_stock(self.lamp, stock=0)
        self.assertEqual(self._stock_of(self.lamp, shared), 10)
        self._assert_for_sale(0)

    def test_returns_location_inside_stock_is_refused(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        with self.assertRaisesRegex(ValidationError, "counts as for sale"):
            self.warehouse.rma_location_id = shelf

    def test_a_named_location_is_answered_as_asked(self):
        self._receive(self.rma)
        view = self.warehouse.view_location_id
        for location, quantity in ((self.returns, 10), (view, 10), (self.stock, 0)):
            self.assertEqual(self.lamp.with_context(location=location.id).qty_available, quantity)


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
