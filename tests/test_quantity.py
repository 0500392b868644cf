"""R1: what is on live returns is at most what the customer has of each sold line."""

import math

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestQuantity(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")

    def _send_back(self, picking, quantities=None):
        """Send goods that were received back to the customer (return of a receipt)."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            everything = line.move_id.quantity
            line.quantity = quantities.get(line.product_id, 0) if quantities else everything
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        return back

    def _line_vals(self, sold, quantity):
        return {"sale_line_id": sold.id, "quantity": quantity}

    # === S1, S4: WHAT IS OFFERED AND WHAT IS REFUSED === #

    def test_only_what_was_delivered_is_offered(self):
        order = self._create_order((self.shirt, 5))
        self._deliver(order, {self.shirt: 3})
        self.assertEqual(order.order_line.qty_returnable, 3)
        self.assertTrue(self._create_rma(order, 1))
        with self.assertRaisesRegex(ValidationError, r"Shirt.*at most 3 Units"):
            self._create_rma(order, 5)

    def test_quantities_that_are_none_are_refused_with_product_and_limit(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        for quantity in (100, 0, -2, math.nan, math.inf, 1.5, 0.001):
            with (
                self.subTest(quantity=quantity),
                self.cr.savepoint(),
                self.assertRaisesRegex(ValidationError, r"Shirt.*t most 3 Units"),
            ):
                self.env["sale.rma"].create(
                    {
                        "order_id": order.id,
                        "line_ids": [Command.create(self._line_vals(order.order_line, quantity))],
                    }
                )

    def test_api_refuses_the_same_quantities(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        for quantity in (100, 0, -2, math.nan, 1.5):
            with (
                self.subTest(quantity=quantity),
                self.cr.savepoint(),
                self.assertRaisesRegex(ValidationError, r"Shirt.*t most 3 Units"),
            ):
                self.env["sale.rma"].create_for_order(
                    order.id, [self._line_vals(order.order_line, quantity)]
                )

    def test_writing_a_quantity_is_checked_as_creating_is(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        for state in ("draft", "requested", "accepted", "processing"):
            rma = self._create_rma(order, 1, state=state)
            for quantity in (4, 0, -2, math.nan, 1.5):
                with (
                    self.subTest(state=state, quantity=quantity),
                    self.cr.savepoint(),
                    self.assertRaisesRegex(ValidationError, "Shirt"),
                ):
                    rma.line_ids.quantity = quantity
            if state == "processing":
                continue
            rma.action_cancel("By mistake")

    def test_import_is_checked_too(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        header = ["order_id/.id", "line_ids/sale_line_id/.id", "line_ids/quantity"]
        result = self.env["sale.rma"].load(header, [[str(order.id), str(order.order_line.id), "5"]])
        self.assertFalse(result["ids"])
        self.assertIn("at most 3 Units", result["messages"][0]["message"])
        result = self.env["sale.rma"].load(header, [[str(order.id), str(order.order_line.id), "2"]])
        self.assertEqual(self.env["sale.rma"].browse(result["ids"]).line_ids.quantity, 2)

    def test_fractions_of_counted_goods_come_back_only_if_they_make_whole_pieces(self):
        order = self._create_order((self.shirt, 3, {"product_uom_id": self.dozen.id}))
        self._deliver(order)
        self.assertEqual(self._create_rma(order, 1.5).line_ids.quantity, 1.5)
        with self.assertRaisesRegex(ValidationError, "whole pieces"):
            self._create_rma(order, 1.3)

    def test_weighed_goods_come_back_by_fractions(self):
        flour = self._make_product("Flour", 2.0, uom_id=self.env.ref("uom.product_uom_kgm").id)
        order = self._create_order((flour, 2.5))
        self._deliver(order)
        self.assertEqual(self._create_rma(order, 1.25).line_ids.quantity, 1.25)

    def test_delivered_in_other_units_is_counted_in_the_sold_ones(self):
        order = self._create_order((self.shirt, 2, {"product_uom_id": self.dozen.id}))
        self._deliver(order, {self.shirt: 18})
        self.assertEqual(order.picking_ids.move_ids.product_uom[:1], self.unit)
        self.assertEqual(order.order_line.qty_returnable, 1.5)

    # === THE FORM === #

    def test_form_proposes_each_returnable_line_at_zero_and_drops_those_left_there(self):
        order = self._create_order((self.shirt, 2), (self.mug, 1), shipping=7.0)
        self._deliver(order)
        action = order.action_create_rma()
        values = (
            self.env["sale.rma"]
            .with_context(**action["context"])
            .default_get(["order_id", "line_ids", "rma_type"])
        )
        commands = values["line_ids"]
        self.assertEqual([command[2]["quantity"] for command in commands], [0, 0])
        commands[1][2]["quantity"] = 1
        saved = self.env["sale.rma"].web_save(values, {"line_ids": {"fields": {"product_id": {}}}})
        self.assertEqual(len(saved[0]["line_ids"]), 1)
        self.assertEqual(saved[0]["line_ids"][0]["product_id"], self.mug.id)

    def test_line_set_to_zero_in_the_form_falls_away(self):
        order = self._create_order((self.shirt, 2), (self.mug, 1))
        self._deliver(order)
        rma = self._create_rma(order)
        shirt_line = rma.line_ids[0]
        rma.web_save({"line_ids": [Command.update(shirt_line.id, {"quantity": 0})]}, {})
        self.assertEqual(rma.line_ids.product_id, self.mug)

    def test_form_of_an_order_fills_in_the_lines(self):
        order = self._create_order((self.shirt, 2), (self.mug, 1))
        self._deliver(order)
        form = Form(self.env["sale.rma"])
        form.order_id = order
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.quantity, 0)
            self.assertEqual(line.qty_returnable, 2)
            line.quantity = 2
        with form.line_ids.edit(1) as line:
            line.quantity = 1
        rma = form.save()
        self.assertEqual(rma.line_ids.mapped("quantity"), [2, 1])

    # === WHO COUNTS === #

    def test_second_live_return_cannot_take_the_same_unit(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        self._create_rma(order, 2, state="requested")
        self.assertEqual(order.order_line.qty_returnable, 1)
        with self.assertRaisesRegex(ValidationError, r"Shirt.*at most 1 Units"):
            self._create_rma(order, 2)

    def test_drafts_of_others_claim_nothing_until_they_are_requested(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        first, second = self._create_rma(order, 2), self._create_rma(order, 2)
        first.action_request()
        with self.assertRaisesRegex(ValidationError, r"Shirt.*at most 1 Units"):
            second.action_request()
        self.assertEqual(second.state, "draft")

    def test_lines_of_one_return_count_together(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        rma = self._create_rma(order, 2)
        with self.assertRaisesRegex(ValidationError, "Shirt"):
            rma.line_ids = [Command.create(self._line_vals(order.order_line, 2))]

    def test_closed_returns_give_their_open_units_free(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        sold = order.order_line
        for close in ("action_cancel", "action_refuse", "_cron_expire"):
            rma = self._create_rma(order, 3, state="requested")
            self.assertEqual(sold.qty_returnable, 0)
            if close == "_cron_expire":
                rma.action_accept()
                rma._change_state("expired")
            else:
                getattr(rma, close)("By mistake")
            self.assertEqual(sold.qty_returnable, 3, close)

    def test_two_returns_accepted_together_are_checked_together(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        rmas = self._create_rma(order, 2) | self._create_rma(order, 2)
        with self.assertRaisesRegex(ValidationError, "Shirt"), self.cr.savepoint():
            rmas.action_accept()
        self.assertEqual(rmas.mapped("state"), ["draft", "draft"])

    # === CHANGING LINES === #

    def test_line_of_another_order_is_refused(self):
        order, other = self._create_sold((self.shirt, 1)), self._create_sold((self.shirt, 1))
        rma = self._create_rma(order)
        with self.assertRaisesRegex(ValidationError, "is not on"), self.cr.savepoint():
            rma.line_ids.sale_line_id = other.order_line
        with self.assertRaises(UserError), self.cr.savepoint():
            rma.order_id = other
        with self.assertRaises(UserError), self.cr.savepoint():
            rma.line_ids.rma_id = self._create_rma(other)

    def test_sold_line_written_on_a_return_is_checked(self):
        order = self._create_order((self.shirt, 3), (self.mug, 1))
        self._deliver(order)
        rma = self._create_rma(order, {self.shirt: 3}, state="requested")
        mug_line = order.order_line[1]
        with self.assertRaisesRegex(ValidationError, r"Mug.*at most 1"), self.cr.savepoint():
            rma.line_ids.sale_line_id = mug_line
        rma.line_ids.write({"sale_line_id": mug_line.id, "quantity": 1})
        self.assertEqual(rma.line_ids.product_id, self.mug)

    def test_line_added_to_a_live_return_is_checked(self):
        order = self._create_order((self.shirt, 3), (self.mug, 1))
        self._deliver(order)
        rma = self._create_rma(order, {self.shirt: 3}, state="accepted")
        with self.assertRaisesRegex(ValidationError, r"Mug.*at most 1"), self.cr.savepoint():
            rma.line_ids = [Command.create(self._line_vals(order.order_line[1], 2))]
        rma.line_ids = [Command.create(self._line_vals(order.order_line[1], 1))]
        self.assertEqual(rma.line_ids[1]._get_qty_planned(), 1)

    def test_lines_of_closed_returns_do_not_change(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 1, state="done")
        for change in (
            [Command.update(rma.line_ids.id, {"quantity": 2})],
            [Command.create(self._line_vals(rma.order_id.order_line, 1))],
            [Command.delete(rma.line_ids.id)],
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                rma.line_ids = change

    def test_removed_line_frees_its_units_and_cancels_its_receipt(self):
        order = self._create_order((self.shirt, 2), (self.mug, 1))
        self._deliver(order)
        rma = self._create_rma(order, state="accepted")
        rma.line_ids[1].unlink()
        self.assertEqual(order.order_line.mapped("qty_returnable"), [0, 1])
        planned = rma.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(planned.product_id, self.shirt)

    # === WHAT CAN BE RETURNED AT ALL === #

    def test_shipping_discounts_sections_and_down_payments_are_not_returnable(self):
        order = self._create_order((self.shirt, 2), shipping=7.0)
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.1}
        ).action_apply_discount()
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create({"display_type": "line_note", "name": "Note"}),
        ]
        self._deliver(order)
        returnable = order.order_line._filter_returnable("claim")
        self.assertEqual(returnable.product_id, self.shirt)
        shipping = order.order_line.filtered("is_delivery")
        with self.assertRaisesRegex(ValidationError, "nothing that can be sent back"):
            self.env["sale.rma"].create_for_order(order.id, [self._line_vals(shipping, 1)], "claim")

    def test_services_are_for_claims_only(self):
        service = self._make_product(
            "Repair", 30, policy="order", type="service", is_storable=False
        )
        order = self._create_order((service, 2))
        order.order_line.qty_delivered = 2
        lines = [self._line_vals(order.order_line, 1)]
        with self.assertRaisesRegex(ValidationError, "Repair is a service"), self.cr.savepoint():
            self.env["sale.rma"].create_for_order(order.id, lines)
        rma = self.env["sale.rma"].browse(
            self.env["sale.rma"].create_for_order(order.id, lines, "claim")
        )
        with self.assertRaisesRegex(ValidationError, "Repair is a service"), self.cr.savepoint():
            rma.rma_type = "return"
        rma.action_accept()
        self.assertFalse(rma.picking_ids)

    def test_goods_on_the_way_between_own_warehouses_are_not_with_the_customer(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, 1.0, state="accepted")
        places = self.env["stock.location"]
        between = places.create({"name": "Between our warehouses", "usage": "transit"})
        move = rma.picking_ids.move_ids
        move.location_dest_id = between
        self._receive(rma)
        self.assertEqual(move.move_line_ids.location_dest_id, between)
        self.assertEqual(rma.line_ids.qty_received, 1.0)
        self.assertTrue(order.is_returnable)
        found = order.search([("is_returnable", "=", True), ("id", "=", order.id)])
        self.assertEqual(found, order)

    def test_order_cancelled_after_delivery_is_returnable(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order, {self.shirt: 2})
        order._action_cancel()
        self.assertEqual(order.order_line.qty_returnable, 2)
        self.assertEqual(self._create_rma(order, 2, state="accepted").state, "accepted")

    def test_nothing_to_return_is_said(self):
        order = self._create_order((self.shirt, 3))
        self.assertFalse(order.is_returnable)
        with self.assertRaisesRegex(UserError, "Nothing on"):
            order.action_create_rma()

    def test_orders_with_something_to_return_are_found(self):
        undelivered = self._create_order((self.shirt, 3))
        free = self._create_sold((self.shirt, 3))
        taken = self._create_sold((self.shirt, 3))
        self._create_rma(taken, 3, state="accepted")
        partly = self._create_sold((self.shirt, 3))
        self._create_rma(partly, 2, state="processing")
        orders = undelivered | free | taken | partly
        found = orders.search([("is_returnable", "=", True), ("id", "in", orders.ids)])
        self.assertEqual(found, free | partly)
        self.assertEqual(orders.filtered("is_returnable"), free | partly)
        others = orders.search([("is_returnable", "=", False), ("id", "in", orders.ids)])
        self.assertEqual(others, undelivered | taken)

    def test_order_is_found_by_what_is_still_awaited(self):
        """One of three came back: the other two are free only if they are not awaited."""
        orders = self.env["sale.order"]
        for asked in (3, 2):
            order = self._create_sold((self.shirt, 3))
            rma = self._create_rma(order, asked, state="accepted")
            self._receive(rma, {self.shirt: 1})
            self.assertEqual((rma.state, rma.line_ids.qty_received), ("processing", 1))
            orders |= order
        self.assertEqual(orders.mapped("is_returnable"), [False, True])
        found = orders.search([("is_returnable", "=", True), ("id", "in", orders.ids)])
        self.assertEqual(found, orders[1])

    # === S2, S3, S7, S9: WHAT CAME BACK === #

    def test_second_step_of_a_receipt_is_not_counted_again(self):
        self.warehouse.reception_steps = "two_steps"
        order = self._create_order((self.shirt, 5))
        self._deliver(order)
        wizard = self.env["stock.return.picking"].create({"picking_id": order.picking_ids.id})
        wizard.product_return_moves.quantity = 1
        receipt = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        receipt.move_ids.picked = True
        receipt._action_done()
        second = receipt.move_ids.move_dest_ids.picking_id
        self.assertTrue(second)
        self.assertEqual(order.order_line._get_qty_sendable(), {order.order_line: 4})
        second.move_ids.picked = True
        second._action_done()
        self.assertEqual(order.order_line._get_qty_sendable(), {order.order_line: 4})
        self.assertEqual(order.order_line.qty_returnable, 5)  # the one that is here too

    def test_goods_sent_back_to_the_customer_can_be_returned_again(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, state="processing")
        self.assertEqual(order.order_line.qty_returnable, 0)
        self._process(rma, {"qty_refund": 0, "qty_restock": 0})
        self._send_back(rma.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(order.order_line.qty_returnable, 5)
        self.assertEqual(rma.line_ids.qty_received, 0)
        again = self._create_rma(order, state="processing")
        self.assertEqual(again.line_ids.qty_received, 5)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_partial_arrival_then_the_rest_is_given_up(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, state="accepted")
        self._receive(rma, {self.shirt: 3})
        line = rma.line_ids
        self.assertEqual((line.qty_received, line._get_qty_open(), rma.state), (3, 2, "processing"))
        self.assertEqual(line._get_qty_planned(), 2)
        self.assertEqual(order.order_line.qty_returnable, 0)
        wizard = self._open_process(rma)
        self.assertEqual(wizard.line_ids.qty_refund, 3)
        wizard.action_process()
        self.assertEqual((rma.state, line.qty_refunded), ("done", 3))
        self.assertEqual(line._get_qty_planned(), 0)
        self.assertEqual(order.order_line.qty_returnable, 2)

    def test_return_without_update_of_quantities_brings_goods_back_all_the_same(self):
        order = self._create_sold((self.shirt, 5))
        wizard = self.env["stock.return.picking"].create({"picking_id": order.picking_ids.id})
        wizard.product_return_moves.write({"quantity": 2, "to_refund": False})
        receipt = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        receipt.move_ids.picked = True
        receipt._action_done()
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(order.order_line._get_qty_sendable(), {order.order_line: 3})
        self.assertEqual(order.order_line.qty_returnable, 5)  # those that are here too

    def test_exchange_of_more_than_came_back_is_refused(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 5, state="accepted")
        self._receive(rma, {self.shirt: 2})
        with self.assertRaisesRegex(UserError, "Shirt: 3 to exchange, but only 2 came back"):
            self._process(rma, {"exchange": True, "qty_exchange": 3})

    def test_quantity_cannot_go_below_what_came(self):
        rma = self._create_rma(self._create_sold((self.shirt, 5)), 4, state="accepted")
        self._receive(rma, {self.shirt: 3})
        with self.assertRaisesRegex(ValidationError, "3 have arrived already"), self.cr.savepoint():
            rma.line_ids.quantity = 2
        rma.line_ids.quantity = 3
        self.assertEqual(rma.line_ids._get_qty_planned(), 0)
        rma.line_ids.quantity = 5
        self.assertEqual(rma.line_ids._get_qty_planned(), 2)
