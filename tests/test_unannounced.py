"""R1: units that came back without a return and are not credited can be put on one, as received."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_odoo_return import OdooReturnCommon


@tagged("post_install", "-at_install")
class TestUnannounced(OdooReturnCommon):
    def _assert_is_returnable(self, order, expected):
        """The rule and its twin for searching say the same."""
        self.env.invalidate_all()
        self.assertEqual(order.is_returnable, expected)
        for value in (True, False):
            found = order.search([("is_returnable", "=", value), ("id", "=", order.id)])
            self.assertEqual(bool(found), value == expected)

    def _credit_by_hand(self, order, quantity):
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.filtered(lambda line: line.product_id).quantity = quantity
        credit.action_post()
        return credit

    def test_parcel_is_put_on_a_return_opened_for_it(self):
        order = self._create_sold((self.shirt, 3))
        back = self._return_order(order)
        self.assertEqual(order.order_line.qty_returnable, 3)
        self._assert_is_returnable(order, True)
        rma = self._create_rma(order, 3, state="accepted")
        self.assertEqual(rma.state, "processing")
        self.assertEqual((back.rma_id, rma.picking_ids), (rma, back))
        self._assert_arrived(rma, 3)
        self._assert_is_returnable(order, False)
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=3, qty_restocked=3, qty_refunded=3)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._assert_is_returnable(order, False)

    def test_customer_is_told_once_that_it_is_here(self):
        order = self._create_sold((self.shirt, 3))
        self._return_order(order)
        rma = self._create_rma(order, 3, state="requested")
        before = rma.history_ids
        rma.action_accept()
        notified = (rma.history_ids - before).filtered(
            lambda message: message.subtype_id == self.env.ref("sale_rma.mt_rma_notified")
        )
        self.assertEqual(len(notified.filtered(lambda m: "anna@example.com" in m.body)), 1)

    def test_requested_before_the_parcel_came_is_accepted_and_processed(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, 3, state="requested")
        self._return_order(order)
        self.assertEqual((rma.state, rma.line_ids.qty_received), ("requested", 3))
        rma.action_accept()
        self.assertEqual(rma.state, "processing")
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=3, qty_refunded=3)

    def test_parcel_with_a_part_of_it_is_received_the_rest_is_planned(self):
        order = self._create_sold((self.shirt, 5))
        self._return_order(order, 2)
        self.assertEqual(order.order_line.qty_returnable, 5)
        rma = self._create_rma(order, 3, state="accepted")
        self.assertEqual(rma.state, "processing")
        self._assert_arrived(rma, 2, planned=1)

    def test_return_of_a_part_of_the_parcel_leaves_the_rest_to_another(self):
        order = self._create_sold((self.shirt, 5))
        self._return_order(order, 5)
        first = self._create_rma(order, 2, state="accepted")
        self._assert_arrived(first, 2)
        self.assertEqual(order.order_line.qty_returnable, 3)
        with self.assertRaisesRegex(ValidationError, "at most 3"), self.cr.savepoint():
            self._create_rma(order, 4)
        second = self._create_rma(order, 3, state="accepted")
        self._assert_arrived(second, 3)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._assert_stock(self.shirt, stock=0)

    def test_two_requests_do_not_take_the_same_parcel(self):
        order = self._create_sold((self.shirt, 3))
        self._return_order(order)
        first, second = self._create_rma(order, 3), self._create_rma(order, 3)
        first.action_request()
        with self.assertRaisesRegex(ValidationError, "at most 0.*WH/IN|at most 0.*/IN/"):
            second.action_request()

    def test_refused_or_cancelled_it_is_free_for_another(self):
        order = self._create_sold((self.shirt, 3))
        back = self._return_order(order)
        for close in ("action_refuse", "action_cancel", "action_draft"):
            rma = self._create_rma(order, 3, state="requested")
            self.assertEqual(back.rma_id, rma)
            getattr(rma, close)(*([] if close == "action_draft" else ["By mistake"]))
            self.assertFalse(back.rma_id | back.move_ids.rma_line_id.rma_id, close)
            self.assertEqual(order.order_line.qty_returnable, 3, close)

    def test_what_was_credited_by_hand_cannot_be_put_on_a_return(self):
        order = self._create_sold((self.shirt, 3))
        back = self._return_order(order)
        self._credit_by_hand(order, 3)
        self.assertEqual(order.order_line.qty_returnable, 0)
        self._assert_is_returnable(order, False)
        with self.assertRaisesRegex(ValidationError, rf"at most 0.*{back.name}"):
            self.env["sale.rma"].create_for_order(
                order.id, [{"sale_line_id": order.order_line.id, "quantity": 1}]
            )
        with self.assertRaisesRegex(UserError, back.name):
            order.action_create_rma()

    def test_amount_given_by_hand_settles_no_unit(self):
        """R2b: a credit note with a lowered price gives an amount, and no unit."""
        order = self._create_sold((self.shirt, 3))
        credit = self._credit_by_hand(order, 1)
        credit.button_draft()
        credit.invoice_line_ids.filtered("product_id").price_unit = 10.0
        credit.action_post()
        back = self._return_order(order)
        self.assertEqual(order.order_line.qty_returnable, 3)
        rma = self._create_rma(order, 3, state="accepted")
        self.assertEqual((back.rma_id, rma.line_ids.qty_received), (rma, 3))

    def test_amounts_given_by_hand_on_all_units_hide_none_from_the_search(self):
        for price, is_there in ((10.0, True), (50.0, False)):  # an amount; the units themselves
            order = self._create_sold((self.shirt, 3))
            credit = self._credit_by_hand(order, 3)
            credit.button_draft()
            credit.invoice_line_ids.filtered("product_id").price_unit = price
            credit.action_post()
            self._return_order(order)
            self._assert_is_returnable(order, is_there)
            self.assertEqual(order.order_line.qty_returnable, 3 if is_there else 0)
            if is_there:  # undone, the units were billed again
                credit._reverse_moves().action_post()
                self._assert_is_returnable(order, True)

    def test_credited_in_part_the_rest_can(self):
        order = self._create_sold((self.shirt, 3))
        self._return_order(order)
        self._credit_by_hand(order, 1)
        self.assertEqual(order.order_line.qty_returnable, 2)
        rma = self._create_rma(order, 2, state="accepted")
        self._assert_arrived(rma, 2)
        self._process(rma)
        self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_swapped_by_odoo_is_settled(self):
        """Odoo's own exchange sends the same again: the customer has all that was paid."""
        order = self._create_sold((self.shirt, 3))
        self._return_order(order, 1)
        delivery = self._get_delivery(order)
        again = delivery.copy({"return_id": False, "move_ids": []})
        delivery.move_ids.copy(
            {"picking_id": again.id, "product_uom_qty": 1, "sale_line_id": order.order_line.id}
        )
        again.action_confirm()
        again.move_ids.write({"quantity": 1, "picked": True})
        again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(order.order_line.qty_returnable, 3)
        rma = self._create_rma(order, 3, state="accepted")
        self._assert_arrived(rma, 0, planned=3)

    def test_sent_to_the_customer_again_it_is_not_here(self):
        self.env["stock.quant"]._update_available_quantity(self.shirt, self.stock, 3)
        order = self._create_sold((self.shirt, 3))
        self._return_picking(self._return_order(order), {self.shirt: 2})
        self.assertEqual(order.order_line.qty_returnable, 3)
        rma = self._create_rma(order, 3, state="accepted")
        self._assert_arrived(rma, 1, planned=2)

    def test_never_invoiced_it_can_be_put_on_a_return_too(self):
        order = self._create_order((self.shirt, 3))
        self._deliver(order)
        self._return_order(order)
        self._assert_is_returnable(order, True)
        rma = self._create_rma(order, 3, state="accepted")
        self._assert_arrived(rma, 3)

    def test_whole_kits_that_came_back_can(self):
        screw, board = self._make_product("Screw", 1), self._make_product("Board", 5)
        order = self._create_sold((self._make_kit("Shelf", 40, {screw: 8, board: 2}), 3))
        self._return_picking(self._get_delivery(order), {screw: 24, board: 3})
        self.assertEqual(order.order_line.qty_returnable, 1)  # of the others a board is missing
        self._assert_is_returnable(order, True)
        rma = self._create_rma(order, 1, state="accepted")
        self._assert_arrived(rma, 1)

    def test_customers_are_offered_only_what_they_have(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 1))
        self._return_picking(self._get_delivery(order), {self.shirt: 3, self.mug: 0})
        offers = order.order_line._get_return_offers()
        self.assertEqual([offer.quantity for offer in offers.values()], [0, 1])
        self.assertEqual(next(iter(offers.values())).code, "sent_back")
        portal = self._make_user("anna", "base.group_portal", partner_id=self.customer.id)
        mine = order.with_user(portal).sudo()
        self.assertTrue(mine.is_returnable)
        self._return_picking(self._get_delivery(order), {self.shirt: 0, self.mug: 1})
        self.env.flush_all()
        mine.invalidate_recordset()
        self.assertFalse(mine.is_returnable)
        mine = mine.sudo(False)
        self.assertFalse(mine.search([("is_returnable", "=", True), ("id", "=", order.id)]))
        self._assert_is_returnable(order, True)

    def test_quantity_raised_on_a_live_return_takes_what_is_here(self):
        order = self._create_sold((self.shirt, 5))
        rma = self._create_rma(order, 2, state="accepted")
        self._return_order(order, 4)
        rma.line_ids.quantity = 5
        self._assert_arrived(rma, 4, planned=1)
