"""Another serial number or lot arrives than was sold, or than the return names (14.19)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_odoo_return import OdooReturnCommon


@tagged("post_install", "-at_install")
class TestOtherSerial(OdooReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls._make_product("Phone", 100, tracking="serial")
        cls.lots = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.phone.id} for name in ("S1", "S2", "S3")]
        )
        cls.s1, cls.s2, cls.s3 = cls.lots
        for lot in cls.lots:
            cls.env["stock.quant"]._update_available_quantity(cls.phone, cls.stock, 1, lot_id=lot)
        cls.order = cls._create_sold((cls.phone, 3))

    def _accepted(self, quantity=1, named=None):
        rma = self._create_rma(self.order, quantity)
        if named:
            rma.line_ids.lot_ids = named
        rma.action_accept()
        return rma

    def _arrive(self, picking, *names, place=None):
        """Write the serials that came on a planned transfer, and validate it."""
        move = picking.move_ids
        move.move_line_ids.unlink()
        vals = move._prepare_move_line_vals(quantity=1)
        if place:
            vals["location_dest_id"] = place.id
        self.env["stock.move.line"].create([{**vals, "lot_name": name} for name in names])
        move.picked = True
        picking._action_done()
        return picking

    def _assert_waits(self, rma, received=0, planned=1):
        self._assert_arrived(rma, received, planned)
        self.assertEqual(rma.state, "processing" if received else "accepted")

    # === NEVER SOLD === #

    def test_a_serial_never_sold_does_not_count_and_the_right_one_is_awaited(self):
        rma = self._accepted()
        came = self._arrive(rma.picking_ids, "X9", place=self.stock)
        self._assert_waits(rma)
        self.assertFalse(rma.date_received)
        self.assertEqual(self.order.order_line.qty_delivered, 3)
        self.assertEqual(len(self.order.order_line), 1)
        self._assert_stock(self.phone, returns=1, stock=0)
        self.assertEqual(came.move_line_ids.location_dest_id, self.returns)
        for message in (rma.other_serial_message, came.rma_serial_message):
            self.assertRegex(message, f"X9 came with {came.name}, but was not sold on")
        self.assertFalse(rma.can_take_other_serials)

    def test_nothing_is_proposed_for_it_and_the_awaited_one_comes_later(self):
        rma = self._accepted()
        self._arrive(rma.picking_ids, "X9")
        wizard = self._open_process(rma)
        self._assert_line(wizard.line_ids, qty_received=0, qty_restock=0, qty_refund=0)
        self.assertIn("X9", wizard.other_serial_message)
        self._arrive(rma.picking_ids.filtered(lambda p: p.state != "done"), "S1")
        self._assert_waits(rma, received=1, planned=0)
        self._process(rma)
        self.assertEqual((rma.amount_refunded, self.order.order_line.qty_delivered), (115.0, 2))

    def test_of_two_that_come_only_the_right_one_counts(self):
        rma = self._accepted(2)
        self._arrive(rma.picking_ids, "S2", "X9")
        self._assert_waits(rma, received=1, planned=1)
        self.assertEqual(self.order.order_line.qty_delivered, 2)
        self.assertEqual(rma.line_ids.move_ids.filtered("quantity").lot_ids.mapped("name")[0], "S2")

    def test_returned_with_odoos_own_button_it_does_not_count_either(self):
        rma = self._accepted()
        back = self._plan_odoo_return(self._get_delivery(self.order), {self.phone: 1})
        self._arrive(back, "X9")
        self._assert_waits(rma)
        self.assertEqual(self.order.order_line.qty_delivered, 3)
        self.assertEqual(len(self.order.order_line), 1)
        self.assertEqual(back.move_line_ids.location_dest_id, self.returns)

    def test_added_to_the_receipt_at_the_dock_it_does_not_count_either(self):
        rma = self._accepted()
        receipt = rma.picking_ids
        added = receipt.move_ids.copy({"rma_line_id": False, "sale_line_id": False})
        receipt.move_ids = added
        receipt.move_ids -= receipt.move_ids - added
        self._arrive(receipt, "X9")
        self.assertEqual((rma.line_ids.qty_received, rma.state), (0, "accepted"))

    def test_sent_back_to_the_customer_it_is_told_no_more(self):
        rma = self._accepted()
        came = self._arrive(rma.picking_ids, "X9")
        self._return_picking(came)
        self.env.invalidate_all()
        self.assertFalse(rma.other_serial_message)
        self.assertEqual(self.order.order_line.qty_delivered, 3)

    def test_a_lot_never_sold_is_set_aside_by_its_quantity(self):
        paint = self._make_product("Paint", 10, tracking="lot")
        blue = self.env["stock.lot"].create({"name": "Blue", "product_id": paint.id})
        self.env["stock.quant"]._update_available_quantity(paint, self.stock, 9, lot_id=blue)
        order = self._create_sold((paint, 5))
        rma = self._create_rma(order, 4, state="accepted")
        lines = self.env["stock.move.line"]
        move = rma.picking_ids.move_ids
        move.move_line_ids.unlink()
        for name, quantity in (("Blue", 3), ("Green", 1)):
            vals = move._prepare_move_line_vals(quantity=quantity)
            lines.create({**vals, "lot_name": name})
        move.picked = True
        move.picking_id._action_done()
        self._assert_arrived(rma, 3, planned=1)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_where_no_serial_was_written_down_any_is_taken(self):
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, 1, state="accepted")
        self.shirt.tracking = "serial"
        rma.action_cancel("By mistake")
        again = self._create_rma(order, 1, state="accepted")
        self._arrive(again.picking_ids, "T1")
        self._assert_waits(again, received=1, planned=0)

    # === ANOTHER OF THE ORDER === #

    def test_another_of_the_order_is_not_the_one_named(self):
        rma = self._accepted(named=self.s1)
        came = self._arrive(rma.picking_ids, "S2")
        self._assert_waits(rma)
        self.assertEqual(self.order.order_line.qty_delivered, 2)  # it did come back
        self.assertRegex(rma.other_serial_message, f"S2 came with {came.name}, but .* names S1")
        other = self._accepted(named=self.env["stock.lot"])
        self._assert_arrived(other, 1, planned=0)
        self.env.invalidate_all()
        self.assertFalse(rma.other_serial_message)
        self._assert_waits(rma)

    def test_it_is_taken_for_the_one_named_by_a_click(self):
        rma = self._accepted(named=self.s1)
        self._arrive(rma.picking_ids, "S2")
        sally = self._make_user("sally", "sales_team.group_sale_salesman_all_leads")
        before = rma.history_ids
        rma.with_user(sally).action_take_other_serials()
        self._assert_waits(rma, received=1, planned=0)
        self.assertEqual(rma.line_ids.lot_ids, self.s2)
        bodies = " ".join((rma.history_ids - before).mapped("body"))
        self.assertIn("S2 was taken for S1", bodies)
        self.assertFalse(rma.other_serial_message)
        self._process(rma)
        self.assertEqual((rma.amount_refunded, self.order.order_line.qty_delivered), (115.0, 2))
        with self.assertRaises(UserError):
            rma.action_take_other_serials()

    def test_what_was_never_sold_is_taken_by_no_click(self):
        rma = self._accepted(named=self.s1)
        self._arrive(rma.picking_ids, "X9")
        with self.assertRaisesRegex(UserError, "no other serial number of the order"):
            rma.action_take_other_serials()

    def test_as_many_unnamed_ones_come_as_were_asked_for(self):
        rma = self._accepted(2, named=self.s1)
        self._arrive(rma.picking_ids, "S2", "S3")
        self._assert_waits(rma, received=1, planned=1)
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def test_it_is_the_return_that_names_it(self):
        first, second = self._accepted(named=self.s1), self._accepted(named=self.s2)
        self._arrive(first.picking_ids, "S2")
        self._assert_waits(first)
        self._assert_waits(second, received=1, planned=0)
        self.assertFalse(first.other_serial_message)

    # === THE SCREEN === #

    def test_the_screen_does_not_receive_what_the_dock_says_is_another(self):
        rma = self._accepted(named=self.s1)
        wizard = self._open_process(rma)
        move_line = rma.picking_ids.move_line_ids
        move_line.lot_id = self.s2
        with self.assertRaisesRegex(UserError, "S2 came, which is not what"):
            wizard.action_process()
