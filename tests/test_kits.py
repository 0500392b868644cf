"""R1: kits come back by what was really delivered, per line of the bill of materials."""

from odoo import Command
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestKits(ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screw, cls.board = cls._make_product("Screw", 1), cls._make_product("Board", 5)
        cls.kit = cls._make_kit("Shelf", 40, {cls.screw: 8, cls.board: 2})
        cls.bill = cls.env["mrp.bom"].search(
            [("product_tmpl_id", "=", cls.kit.product_tmpl_id.id)], limit=1
        )

    def _edit_bill(self, product, quantity):
        lines = self.bill.bom_line_ids.filtered(lambda line: line.product_id == product)
        lines[:1].product_qty = quantity

    def _get_planned(self, rma):
        planned = {}
        for move in rma.line_ids._get_planned_moves():
            planned[move.product_id] = planned.get(move.product_id, 0) + move.product_uom_qty
        return planned

    def test_component_on_two_lines_comes_back_of_both(self):
        self.bill.bom_line_ids = [Command.create({"product_id": self.screw.id, "product_qty": 4})]
        order = self._create_sold((self.kit, 3))
        for quantity, left in ((1, 2), (2, 0)):
            rma = self._create_rma(order, quantity, state="accepted")
            self.assertEqual(self._get_planned(rma)[self.screw], 12 * quantity)
            self._process(rma)
            self._assert_line(rma.line_ids, qty_received=quantity, qty_refunded=quantity)
            self.assertEqual(order.order_line.qty_delivered, left)
            self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_component_on_two_lines_in_part_on_the_screen(self):
        self.bill.bom_line_ids = [Command.create({"product_id": self.screw.id, "product_qty": 4})]
        order = self._create_sold((self.kit, 3))
        rma = self._create_rma(order, 2, state="accepted")
        self._process(rma, {"qty_received": 1, "qty_restock": 1, "qty_refund": 1}, close=False)
        self.assertEqual(order.order_line.qty_delivered, 2)
        self._assert_line(rma.line_ids, qty_received=1, qty_restocked=1)

    def test_bill_edited_after_delivery(self):
        order = self._create_sold((self.kit, 2))
        self._edit_bill(self.board, 3)
        self.assertEqual(order.order_line.qty_returnable, 2)
        rma = self._create_rma(order, 2, state="accepted")
        self.assertEqual(self._get_planned(rma), {self.screw: 16, self.board: 4})
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 2)

    def test_bill_edited_while_goods_are_awaited(self):
        order = self._create_sold((self.kit, 2))
        rma = self._create_rma(order, 2, state="accepted")
        self._edit_bill(self.screw, 12)
        self._receive(rma)
        self.assertEqual(rma.line_ids.qty_received, 2)
        self._process(rma)
        self._assert_line(rma.line_ids, qty_restocked=2, qty_refunded=2)

    def test_component_taken_off_the_bill(self):
        order = self._create_sold((self.kit, 2))
        self.bill.bom_line_ids.filtered(lambda line: line.product_id == self.board).unlink()
        rma = self._create_rma(order, 1, state="accepted")
        self.assertEqual(self._get_planned(rma), {self.screw: 8, self.board: 2})

    def test_kit_with_a_missing_component_has_not_come_back(self):
        order = self._create_sold((self.kit, 1))
        rma = self._create_rma(order, 1, state="accepted")
        self._receive(rma, {self.screw: 8})
        self.assertEqual(rma.line_ids.qty_received, 0)
        wizard = self._open_process(rma)
        self._assert_line(wizard.line_ids, qty_received=0, qty_restock=0, qty_refund=0)

    def test_missing_component_that_comes_later_makes_the_kit_whole(self):
        order = self._create_sold((self.kit, 1))
        rma = self._create_rma(order, 1, state="accepted")
        self._receive(rma, {self.screw: 8})
        rma.action_plan_receipt()
        self.assertEqual(self._get_planned(rma), {self.board: 2})
        self._process(rma, {"qty_received": 1, "qty_refund": 1})
        self._assert_line(rma.line_ids, qty_received=1, qty_refunded=1)
        self._assert_stock(self.screw, returns=8)
        self.assertEqual(order.order_line.qty_delivered, 0)
