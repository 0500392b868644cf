"""Receipts that are planned for returns."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


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
        rma.action_cancel("By mistake")
        self.assertEqual(rma.picking_ids.state, "cancel")

    def test_cancelled_return_can_be_deleted_with_its_cancelled_receipt(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="accepted")
        receipt = rma.picking_ids
        rma.action_cancel("By mistake")
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
