"""Goods that arrive, at the dock or on the screen."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


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
