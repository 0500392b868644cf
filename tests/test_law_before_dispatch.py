"""Withdrawal before the goods were sent (docs/law.md L17, N11)."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class LawBeforeDispatchCommon(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Paris"
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.company.rma_user_id = cls.manager
        cls.coat = cls._make_product("Coat", 100.0, policy="order")
        cls.course = cls._make_product(
            "Course", 80.0, policy="order", type="service", is_storable=False
        )
        for product in (cls.coat, cls.shirt, cls.mug):
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouse.lot_stock_id, 10
            )

    def _submit(self, order, quantities=None):
        """Submit a statement as a known customer: the whole order, or {product: quantity}."""
        items = [
            {"sale_line_id": line.id, "quantity": quantities[line.product_id], "description": "x"}
            for line in order.order_line
            if line.product_id in (quantities or {})
        ]
        self.__class__.count = getattr(self, "count", 0) + 1
        return (
            self.env["sale.rma.withdrawal"]
            .sudo()
            ._submit(
                self._prepare_statement(
                    self.count,
                    channel="login",
                    contract=order.name,
                    login="anna",
                    order_id=order.id,
                    items=items,
                )
            )
        )

    def _create_paid(self, *items, **values):
        order = self._create_order(*(items or ((self.coat, 2),)), **values)
        self._invoice(order)
        order.picking_ids.move_ids._action_assign()
        return order

    def _planned(self, order):
        """{product: units that the warehouse is still asked to send}"""
        moves = order.order_line._get_moves_to_send()
        return {move.product_id: move.product_uom_qty for move in moves}


class TestLawBeforeDispatch(LawBeforeDispatchCommon):
    # === THE CASE === #

    @freeze_time("2026-11-23 10:00")
    def test_L17_opens_accepted_and_is_due_14_days_after_the_statement(self):
        order = self._create_paid()
        withdrawal = self._submit(order)
        rma = order.rma_ids
        self.assertEqual((rma.state, rma.rma_type), ("accepted", "withdrawal"))
        self.assertEqual(
            rma.line_ids.mapped(lambda line: (line.quantity, line.qty_unsent)), [(2, 2)]
        )
        self.assertEqual(rma.date_informed, withdrawal.submitted_at)
        self.assertEqual(rma.date_refund_due, date(2026, 12, 7))
        self.assertFalse(rma.picking_ids)
        self.assertFalse(rma.date_expiry)
        self.assertEqual(withdrawal.doubt, "none")

    def test_L17_the_warehouse_is_not_asked_to_send_it_any_more(self):
        order = self._create_paid()
        self.assertEqual(order.picking_ids.state, "assigned")
        self._submit(order)
        self.assertEqual(order.picking_ids.state, "cancel")
        self.assertEqual(self.coat.free_qty, 10)
        bodies = " ".join(order.picking_ids.message_ids.mapped("body"))
        self.assertIn("not to be sent", bodies)

    def test_L17_part_of_what_is_planned_is_lowered(self):
        order = self._create_paid((self.coat, 3), (self.mug, 1))
        self._submit(order, {self.coat: 2})
        self.assertEqual(self._planned(order), {self.coat: 1, self.mug: 1})
        move = order.picking_ids.move_ids.filtered(lambda move: move.product_id == self.coat)
        self.assertEqual((move.state, move.quantity), ("assigned", 1))

    def test_L17_refund_of_what_was_not_sent_awaits_no_goods(self):
        order = self._create_paid()
        self._submit(order)
        wizard = self._open_process(order.rma_ids)
        line = wizard.line_ids
        self.assertEqual((line.qty_received, line.qty_restock, line.qty_refund), (0, 0, 2))
        self.assertFalse(wizard.refund_error)
        wizard.action_process()
        self.assertEqual(order.rma_ids.state, "done")
        self.assertEqual(order.rma_ids.amount_refunded, order.amount_total)
        self.assertFalse(order.rma_ids.picking_ids)

    def test_L17_order_is_left_with_nothing_to_deliver_or_invoice(self):
        for policy in ("order", "delivery"):
            for invoiced in (True, False):
                if policy == "delivery" and invoiced:
                    continue
                coat = self._make_product("Cape", 100.0, policy=policy)
                order = self._create_order((coat, 2))
                if invoiced:
                    self._invoice(order)
                self._submit(order)
                self._process(order.rma_ids)
                line = order.order_line
                what = (policy, invoiced)
                self.assertEqual((line.qty_to_invoice, self._planned(order)), (0, {}), what)
                self.assertNotEqual(order.invoice_status, "to invoice", what)

    def test_L17_uninvoiced_is_not_billed_from_the_statement_on(self):
        order = self._create_order((self.coat, 2))
        self.assertEqual(order.order_line.qty_to_invoice, 2)
        self._submit(order)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertNotEqual(order.invoice_status, "to invoice")

    def test_L17_part_sent_and_part_not(self):
        order = self._create_paid((self.coat, 3))
        self._deliver(order, {self.coat: 1})
        self._submit(order)
        line = order.rma_ids.line_ids
        self.assertEqual((line.quantity, line.qty_unsent), (3, 2))
        self.assertEqual(order.rma_ids.picking_ids.move_ids.product_uom_qty, 1)
        self.assertFalse(self._planned(order))
        self._receive(order.rma_ids)
        self._process(order.rma_ids)
        self.assertEqual((line.qty_received, line.qty_refunded), (1, 3))
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_L17_what_is_still_awaited_is_not_proposed_with_what_was_not_sent(self):
        order = self._create_paid((self.coat, 3))
        self._deliver(order, {self.coat: 1})
        self._submit(order)
        wizard = self._open_process(order.rma_ids)
        wizard.line_ids.write({"qty_received": 0, "qty_restock": 0, "qty_refund": 2})
        wizard.action_process_keep_open()
        self.assertEqual(order.rma_ids.state, "processing")
        line = self._open_process(order.rma_ids).line_ids
        # nothing came yet: what is asked for is proposed, and nothing for the rest again
        self.assertEqual((line.qty_received, line.qty_refund), (1, 1))

    def test_L17_prepaid_services_not_performed_are_withdrawn_too(self):
        order = self._create_paid((self.course, 2), (self.coat, 1))
        order.order_line[0].qty_delivered = 1
        withdrawal = self._submit(order)
        items = {line.product_id: line.qty_unsent for line in order.rma_ids.line_ids}
        self.assertEqual(items, {self.course: 1, self.coat: 1})
        self.assertIn("Course", withdrawal.check_note)
        self._process(order.rma_ids)
        self.assertAlmostEqual(order.rma_ids.amount_refunded, 180 * 1.15)

    def test_L17_paid_and_not_invoiced_is_said(self):
        order = self._create_order((self.shirt, 1))
        provider = self.env["payment.provider"].create({"name": "Pay", "code": "none"})
        method = self.env["payment.method"].create({"name": "Card", "code": "rma_card"})
        order.transaction_ids = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "PAY-1",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "state": "done",
            }
        )
        self._submit(order)
        self.assertIn("PAY-1", order.rma_ids.activity_ids.note)
        self.assertEqual(order.rma_ids.activity_ids.user_id, self.manager)

    # === LIMITS (R1) === #

    def test_R1_no_more_is_withdrawn_than_was_ordered(self):
        order = self._create_paid((self.coat, 3))
        self._submit(order, {self.coat: 2})
        self.assertEqual(self._submit(order).rma_ids.line_ids.quantity, 1)
        with self.assertRaises(ValidationError):
            self.env["sale.rma"].create_for_order(
                order.id,
                [{"sale_line_id": order.order_line.id, "quantity": 1}],
                rma_type="withdrawal",
            )

    def test_R1_a_commercial_return_takes_sent_goods_only(self):
        order = self._create_paid()
        with self.assertRaises(UserError):
            self._create_rma(order, {self.coat: 1}, state="accepted")
        self.assertFalse(order.is_returnable)

    def test_R1_a_service_that_was_performed_is_not_withdrawn(self):
        order = self._create_paid((self.course, 1))
        order.order_line.qty_delivered = 1
        self.assertFalse(self._submit(order).rma_ids)

    def test_writing_the_ordered_quantity_does_not_send_what_was_withdrawn(self):
        order = self._create_paid()
        self._submit(order)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self._planned(order), {self.coat: 1})
        order.order_line.product_uom_qty = 2
        self.assertEqual(sum(self._planned(order).values()), 0)

    # === NO DEAD END === #

    def test_cancelled_by_a_manager_it_is_sent_again(self):
        for locked in (False, True):
            order = self._create_paid()
            order.locked = locked
            self._submit(order)
            order.rma_ids.action_cancel("By mistake")
            self.assertEqual(self._planned(order), {self.coat: 2})
            picking = order.picking_ids.filtered(lambda picking: picking.state != "cancel")
            self.assertEqual((picking.state, order.locked), ("assigned", locked))
            self.assertEqual(order.order_line.qty_to_invoice, 0)
            self._deliver(order)

    def test_shipped_all_the_same_it_has_to_come_back(self):
        order = self._create_paid()
        self._submit(order)
        picking = order.picking_ids.copy({"move_ids": [], "move_line_ids": []})
        self.env["stock.move"].create(
            {
                "product_id": self.coat.id,
                "product_uom_qty": 2,
                "quantity": 2,
                "picked": True,
                "picking_id": picking.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": order.picking_ids.location_dest_id.id,
                "sale_line_id": order.order_line.id,
            }
        )
        picking._action_done()
        line = order.rma_ids.line_ids
        self.assertEqual((line.quantity, line.qty_unsent), (2, 0))
        self.assertEqual(order.rma_ids.picking_ids.move_ids.product_uom_qty, 2)
        self.assertIn("although they were withdrawn", order.rma_ids.activity_ids.note)

    def test_what_was_picked_is_told_to_colleagues(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._create_paid()
        pick = order.picking_ids
        pick.move_ids.write({"quantity": 2, "picked": True})
        pick._action_done()
        self._submit(order)
        ship = order.picking_ids - pick
        self.assertEqual(ship.state, "cancel")
        self.assertIn(pick.name, order.rma_ids.activity_ids.note)

    def test_kits_are_held_by_their_components(self):
        kit = self._make_kit("Set", 120.0, {self.shirt: 2, self.mug: 1}, policy="order")
        order = self._create_paid((kit, 3))
        self._submit(order, {kit: 2})
        self.assertEqual(self._planned(order), {self.shirt: 2, self.mug: 1})
        self._process(order.rma_ids)
        self.assertAlmostEqual(order.rma_ids.amount_refunded, 240 * 1.15)

    # === KIND AND DATES === #

    def test_L16_a_withdrawal_stays_one(self):
        order = self._create_paid()
        self._submit(order)
        clerk = self._make_user("clerk", "sales_team.group_sale_salesman_all_leads")
        rma = order.rma_ids.with_user(clerk)
        with self.assertRaises(UserError):
            rma.rma_type = "return"
        with self.assertRaises(UserError):
            rma.action_change_type("claim", "he meant another thing")
        with self.assertRaises(UserError):
            rma.with_user(self.manager).action_change_type("claim", " ")

    def test_L16_a_manager_changes_the_kind_with_a_reason(self):
        order = self._create_sold((self.shirt, 1))
        self._submit(order)
        rma = order.rma_ids.with_user(self.manager)
        rma.action_change_type("claim", "It came broken")
        self.assertEqual(rma.rma_type, "claim")
        self.assertIn("It came broken", rma.message_ids[:1].body)

    def test_L17_dates_of_law_are_written_once(self):
        order = self._create_paid()
        with freeze_time("2026-11-23 10:00"):
            self._submit(order)
        rma = order.rma_ids
        rma.action_cancel("By mistake")
        rma.action_draft()
        rma.action_accept()
        self.assertEqual(str(rma.date_informed), "2026-11-23 10:00:00")
        self.assertEqual(rma.date_refund_due, date(2026, 12, 7))

    def test_L17_nobody_writes_the_clock_or_what_was_not_sent(self):
        order = self._create_sold((self.shirt, 2))
        self._submit(order)
        rma = order.rma_ids.with_user(self.manager)
        for name in ("date_informed", "date_refund_due"):
            with self.assertRaises(UserError):
                rma.write({name: "2030-01-01"})
        with self.assertRaises(UserError):
            rma.line_ids.qty_unsent = 2

    def test_L17_customer_is_not_told_to_send_back_what_he_never_got(self):
        order = self._create_paid()
        self._submit(order)
        rma = order.rma_ids
        page = self.env["ir.qweb"]._render("sale_rma.portal_return_next", {"rma": rma})
        self.assertIn("before it was sent", str(page))
        bodies = (
            self.env["mail.mail"]
            .search([("model", "=", "sale.rma"), ("res_id", "=", rma.id)])
            .mapped("body_html")
        )
        [body] = [body for body in bodies if "You have withdrawn from the contract" in body]
        self.assertNotIn("Print the return slip", body)
        self.assertIn("There is nothing you need to do", body)

    # === PART SENT, PART NOT === #

    @freeze_time("2026-11-23 10:00")
    def test_L17_what_was_not_sent_has_the_earlier_day_and_the_rest_may_wait(self):
        order = self._create_paid((self.coat, 3))
        self._deliver(order, {self.coat: 1})
        self._submit(order)
        rma = order.rma_ids
        self.assertEqual(rma.date_refund_due, date(2026, 12, 7))
        self.assertIn("For what was sent already we may wait", rma._get_withdrawal_text())
        wizard = self._open_process(rma)
        wizard.line_ids.write({"qty_received": 0, "qty_restock": 0, "qty_refund": 2})
        with freeze_time("2026-12-01 10:00"):
            wizard.action_process_keep_open()
        with freeze_time("2026-12-20 10:00"):
            self._receive(rma)
        self.assertEqual(rma.date_refund_due, date(2026, 12, 20))

    def test_L17_a_kit_of_which_a_part_was_sent_counts_as_not_sent(self):
        kit = self._make_kit("Set", 120.0, {self.shirt: 2, self.mug: 1}, policy="order")
        order = self._create_paid((kit, 2))
        self._deliver(order, {self.shirt: 3, self.mug: 1})
        self._submit(order)
        line = order.rma_ids.line_ids
        self.assertEqual((line.quantity, line.qty_unsent), (2, 1))
        self.assertFalse(self._planned(order))
        self._receive(order.rma_ids)
        self._process(order.rma_ids)
        self.assertAlmostEqual(order.rma_ids.amount_refunded, 240 * 1.15)
        self.assertEqual(order.rma_ids.state, "done")
