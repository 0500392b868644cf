from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon

POLICIES = ("order", "delivery")


@tagged("post_install", "-at_install")
class TestBooks(SaleRmaMoneyCommon):
    """After each return the order tells the truth about what is
    delivered, invoiced and to invoice (R5)."""

    def _sold(self, policy, delivered=5, invoiced=True):
        """Sell five shirts at 10.00."""
        self.shirt.invoice_policy = policy
        order = self._create_order(self._line(self.shirt, 5, 10.0, self.tax_19))
        self._deliver(order, {self.shirt: delivered})
        if invoiced:
            self._invoice(order)
        return order

    def assertBooks(self, order, delivered, invoiced, to_invoice, status):
        line = order.order_line
        self.assertRecordValues(
            line,
            [
                {
                    "qty_delivered": delivered,
                    "qty_invoiced": invoiced,
                    "qty_to_invoice": to_invoice,
                    "invoice_status": status,
                }
            ],
        )
        self.assertEqual(order.invoice_status, status)
        self.assertAlmostEqual(line.amount_to_invoice, to_invoice * 11.9, 2)
        self.assertAlmostEqual(line.untaxed_amount_to_invoice, to_invoice * 10.0, 2)
        self.assertAlmostEqual(order.amount_to_invoice, to_invoice * 11.9, 2)
        if to_invoice:
            invoice = order._create_invoices(final=True)
            self.assertEqual(invoice.move_type, "out_invoice")
            self.assertEqual(invoice.invoice_line_ids.quantity, to_invoice)
        else:
            self.assertSettled(order)

    def test_goods_and_money_back(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy)
                self._return(order, {self.shirt: 2})
                self.assertBooks(order, 3, 3, 0, "invoiced")
                self._return(order)
                self.assertBooks(order, 0, 0, 0, "invoiced")

    def test_s10_keep_the_item(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy)
                rma = self._return(order, {self.shirt: 2}, {"qty_received": 0, "keep": True})
                self.assertFalse(rma.picking_ids.filtered(lambda x: x.state == "done"))
                self.assertTotal(rma, 23.8)
                self.assertBooks(order, 5, 3, 0, "invoiced")

    def test_goods_back_without_money(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy)
                self._return(order, {self.shirt: 2}, {"qty_refund": 0})
                self.assertBooks(order, 3, 5, 0, "invoiced")

    def test_s23_never_invoiced_goods_are_not_invoiced_when_they_came_back(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy, invoiced=False)
                rma = self._return(order)
                self.assertFalse(rma.refund_ids)
                self.assertBooks(order, 0, 0, 0, "invoiced")

    def test_what_the_customer_keeps_of_it_is_still_to_invoice(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy, invoiced=False)
                self._return(order, {self.shirt: 2})
                self.assertBooks(order, 3, 0, 3, "to invoice")

    def test_what_is_not_delivered_yet_is_still_to_invoice(self):
        order = self._sold("delivery", delivered=3)
        self._return(order, {self.shirt: 2})
        self._deliver(order)
        self.assertBooks(order, 3, 1, 2, "to invoice")

    def _send_again(self, rma, quantity):
        """The receipt of a return is returned to the customer."""
        wizard = self.env["stock.return.picking"].create({"picking_id": rma.picking_ids.id})
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": quantity, "picked": True})
        back._action_done()

    def test_delivered_again_after_a_return_is_invoiced_again(self):
        """Issue 14.10: five sold, two back and credited, then one or both sent again: they are to
        invoice."""
        for policy in POLICIES:
            for again in (1, 2):
                with self.subTest(policy=policy, again=again):
                    order = self._sold(policy)
                    rma = self._return(order, {self.shirt: 2})
                    self.assertBooks(order, 3, 3, 0, "invoiced")
                    self._send_again(rma, again)
                    self.assertEqual(rma.line_ids.qty_received, 2 - again)
                    self.assertEqual(order.order_line.qty_returnable, 3 + again)
                    self.assertBooks(order, 3 + again, 3, again, "to invoice")
                    order.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
                    self.assertBooks(order, 3 + again, 3 + again, 0, "invoiced")

    def test_sent_back_before_anything_was_credited_is_not_invoiced_twice(self):
        """A refused return: what came back goes to the customer again, nothing was credited."""
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy)
                rma = self._return(order, {self.shirt: 2}, {"qty_refund": 0, "qty_restock": 0})
                self._send_again(rma, 2)
                self.assertBooks(order, 5, 5, 0, "invoiced")

    def test_draft_credit_note_is_not_offered_for_invoicing_either(self):
        self.company.rma_refund_posting = "draft"
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order = self._sold(policy)
                self._return(order, {self.shirt: 2})
                self.assertEqual(order.order_line.qty_to_invoice, 0.0)
                self.assertEqual(order.invoice_status, "invoiced")
                order.rma_ids.refund_ids.action_post()
                self.assertBooks(order, 3, 3, 0, "invoiced")

    def test_discount_and_shipping_lines_are_settled_with_their_order(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.shirt.invoice_policy = policy
                order = self._create_draft_order(
                    self._line(self.shirt, 3, 9.99, self.tax_19), shipping=4.9
                )
                self._sell(self._discount(order, percent=10))
                for _index in range(2):
                    self._return(order, {self.shirt: 1}, {"qty_received": 0, "keep": True})
                    self.assertSettled(order)
                self._return(order, {self.shirt: 1}, refund_shipping=True)
                self.assertSettled(order)
                self.assertClosed(order)

    # === KITS AND COMBOS === #

    def _return_bit_by_bit(self, order, products):
        """One by one, the last without its goods; then nothing is left, to invoice neither."""
        for sold in order.order_line.filtered(lambda line: line.product_id in products):
            for index in range(int(sold.product_uom_qty)):
                keep = {"qty_received": 0, "keep": True}
                is_last = index == sold.product_uom_qty - 1
                rma = self._return(order, {sold.product_id: 1}, keep if is_last else None)
                self.assertEqual(rma.line_ids.qty_refunded, 1)
                self.assertSettled(order)
        self.assertClosed(order)

    def test_kits_come_back_one_by_one(self):
        screw, board = self._make_product("Screw", 1.0), self._make_product("Board", 5.0)
        for policy in POLICIES:
            with self.subTest(policy=policy):
                kit = self._make_kit(f"Shelf {policy}", 40.0, {screw: 8, board: 2}, policy)
                order = self._create_sold(self._line(kit, 3, 33.33, self.tax_19, 12.5))
                self._return_bit_by_bit(order, kit)
                self.assertEqual(order.order_line.qty_delivered, 1)

    def test_combos_come_back_by_their_items_one_by_one(self):
        items = self.shirt | self.mug
        for policy in POLICIES:
            with self.subTest(policy=policy):
                items.invoice_policy = policy
                order = self._create_draft_order((self._make_combo("Set", 49.99, *items), 3))
                self.assertFalse(order.amount_total)
                self._add_combo_items(order)
                self._sell(order)
                self.assertAlmostEqual(order.amount_untaxed, 149.97, 2)
                self._return_bit_by_bit(order, items)

    def test_combos_back_before_their_invoice_are_not_invoiced(self):
        items = self.shirt | self.mug
        for policy in POLICIES:
            with self.subTest(policy=policy):
                items.invoice_policy = policy
                order = self._create_draft_order((self._make_combo("Set", 49.99, *items), 3))
                self._add_combo_items(order)
                order.action_confirm()
                self._deliver(order)
                self._return(order, 1)
                invoice = order._create_invoices()
                units = invoice.invoice_line_ids.filtered("product_id").mapped("quantity")
                self.assertEqual(set(units), {2.0})
                invoice.unlink()
                self._return(order)
                self.assertSettled(order)

    # === CHANGED AFTERWARDS === #

    def test_lowering_what_was_ordered_by_what_came_back_credits_nothing_more(self):
        order = self._sold("order")
        self._return(order, {self.shirt: 2})
        for ordered, to_invoice in ((4, 0), (3, 0), (7, 2)):
            order.order_line.product_uom_qty = ordered
            self.assertEqual(order.order_line.qty_to_invoice, to_invoice, ordered)
        order.order_line.product_uom_qty = 3
        self.assertSettled(order)

    def test_kept_goods_that_come_back_without_a_return_credit_nothing_more(self):
        order = self._sold("delivery")
        self._return(order, {self.shirt: 2}, {"qty_received": 0, "keep": True})
        picking = order.picking_ids.filtered(lambda picking: picking.state == "done")
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 2, "picked": True})
        back._action_done()
        self.assertBooks(order, 3, 3, 0, "invoiced")

    def test_orders_without_returns_are_left_alone(self):
        order = self._sold("order", delivered=2, invoiced=False)
        self.assertEqual(order.order_line.qty_to_invoice, 5)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertAlmostEqual(order.amount_to_invoice, 59.5, 2)

    # === INVOICE IN DRAFT WHILE THE GOODS COME BACK === #

    def _return_before_posting(self, policy):
        """Two of five come back while their invoice is a draft: nothing can be given back."""
        order = self._sold(policy, invoiced=False)
        invoice = self._invoice(order, post=False)
        rma = self._create_rma(order, {self.shirt: 2}, state="accepted")
        wizard = self._open_process(rma)
        self.assertEqual(wizard.line_ids.qty_refund, 0.0)
        self.assertEqual(wizard.line_ids.refund_message, "Not invoiced: nothing to refund")
        wizard.action_process()
        self.assertFalse(rma.refund_ids)
        return order, invoice, rma

    def _reopen_after_posting(self, policy, quantity):
        """The draft is posted with so many of the five, and the return opened again."""
        order, invoice, rma = self._return_before_posting(policy)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
        invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()
        self.assertBooks(order, 3, quantity, 0, "invoiced")
        rma.action_reopen()
        return order, rma, self._open_process(rma)

    def test_draft_invoice_posted_after_the_goods_came_back_is_credited_then(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order, rma, wizard = self._reopen_after_posting(policy, 5)
                self.assertEqual(wizard.line_ids.qty_refund, 2.0)
                wizard.action_process()
                self.assertEqual(rma.state, "done")
                self.assertTotal(rma, 23.8)
                self.assertBooks(order, 3, 3, 0, "invoiced")

    def test_draft_invoice_lowered_to_what_was_kept_needs_no_credit(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order, rma, wizard = self._reopen_after_posting(policy, 3)
                self.assertEqual(wizard.line_ids.qty_refund, 0.0)
                self.assertIn("2 came back and were never", wizard.line_ids.keep_message)
                wizard.action_process()
                self.assertFalse(rma.refund_ids)
                self.assertBooks(order, 3, 3, 0, "invoiced")

    def test_draft_invoice_lowered_by_less_than_came_back_is_credited_for_the_rest(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order, _rma, wizard = self._reopen_after_posting(policy, 4)
                self.assertEqual(wizard.line_ids.qty_refund, 1.0)
                wizard.action_process()
                self.assertBooks(order, 3, 3, 0, "invoiced")

    def test_draft_invoice_deleted_after_the_goods_came_back_bills_only_what_was_kept(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                order, invoice, _rma = self._return_before_posting(policy)
                invoice.unlink()
                self.assertBooks(order, 3, 0, 3, "to invoice")
