from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundCeiling(SaleRmaMoneyCommon):
    """R2b, issues 12.6 and 14.8: what is given back on an order, goodwill included, is at most
    what its invoices billed, tax included. A table at 60 and a chair at 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.table, cls.chair = cls._make_product("Table", 60.0), cls._make_product("Chair", 40.0)
        cls.adjustment = cls.env.ref("sale_rma.product_refund_adjustment")
        cls.seller = cls._make_user(
            "seller", "sales_team.group_sale_salesman", "stock.group_stock_user"
        )
        cls.accountant = cls._make_user("accountant", "account.group_account_invoice")

    def _sold(self, *items, taxes=None, **values):
        prices = {self.table: 60.0, self.chair: 40.0}
        lines = [
            self._line(product, quantity, prices[product], self.no_tax if taxes is None else taxes)
            for product, quantity in items or [(self.table, 1)]
        ]
        return self._create_sold(*lines, user_id=self.seller.id, **values)

    def _open_as(self, user, rma, **values):
        action = rma.with_user(user).action_process()
        wizard = self.env["sale.rma.process"].with_user(user).browse(action["res_id"])
        wizard.write(values)
        return wizard

    def _keep(self, order, adjustment, quantities=None, **values):
        """The customer keeps the goods and gets a goodwill."""
        keep = {"qty_received": 0, "qty_restock": 0, "qty_refund": 0}
        return self._return(order, quantities, keep, amount_adjustment=adjustment, **values)

    def _credit_by_hand(self, order, price, quantity=1, product=None, linked=True):
        """A credit note by accounting that reverses the invoice of an order, at its own price."""
        invoice = self._get_invoices(order)[0][:1]
        move = invoice._reverse_moves([{"invoice_date": self._today()}])
        line = move.invoice_line_ids.filtered(lambda x: not product or x.product_id == product)[:1]
        (move.invoice_line_ids - line).unlink()
        values = {"quantity": quantity, "price_unit": price, "tax_ids": [Command.clear()]}
        if not linked:
            values["sale_line_ids"] = [Command.clear()]
        line.write(values)
        move.action_post()
        return move

    def _get_invoices(self, order):
        """Return the posted invoices of an order, and its credit notes, also those that no line
        ties to it."""
        moves = order.order_line.invoice_lines.move_id
        moves |= moves.reversal_move_ids | moves.reversal_move_ids.reversal_move_ids
        posted = moves.filtered(lambda move: move.state == "posted")
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        return invoices, posted - invoices

    def _given(self, order):
        return round(sum(self._get_invoices(order)[1].mapped("amount_total")), 2)

    # === CEILING === #

    def test_r2b_salesperson_cannot_give_a_million(self):
        rma = self._create_rma(self._sold(), state="accepted")
        wizard = self._open_as(self.seller, rma, amount_adjustment=1_000_000)
        words = r"only .*60\.00 are left.*sales manager"
        self.assertRegex(wizard.refund_error, words)
        self.assertEqual(wizard.amount_total, 0.0)
        for reason in (False, "He is a friend"):
            wizard.adjustment_reason = reason
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                wizard.action_process()
        self.assertFalse(rma.refund_ids)

    def test_r2b_tax_is_in_it_to_the_cent(self):
        """71.40 were billed."""
        order = self._sold((self.table, 1), taxes=self.tax_19)
        wizard = self._open_as(self.seller, self._create_rma(order, state="accepted"))
        wizard.line_ids.qty_refund = 0
        wizard.amount_adjustment = 71.41
        self.assertIn("71.40", wizard.refund_error)
        wizard.amount_adjustment = 71.40
        self.assertFalse(wizard.refund_error)
        wizard.action_process()
        self.assertEqual(self._given(order), 71.4)

    def test_r2b_manager_needs_a_reason_that_is_kept(self):
        rma = self._create_rma(self._sold(), state="accepted")
        wizard = self._open_process(rma, amount_adjustment=5.0)
        self.assertIn("give the reason", wizard.refund_error)
        wizard.adjustment_reason = "  "
        with self.assertRaisesRegex(UserError, "give the reason"), self.cr.savepoint():
            wizard.action_process()
        wizard.adjustment_reason = "Taxi to the dock"
        wizard.action_process()
        self.assertTotal(rma, 65.0)
        self.assertIn("Taxi to the dock", "".join(rma.history_ids.mapped("body")))

    def test_r2b_credit_notes_by_hand_and_drafts_count(self):
        for name, posting, give in (
            ("by hand", "post", lambda so: self._credit_by_hand(so, 50.0, linked=False)),
            ("draft of a return", "draft", lambda so: self._keep(so, 50.0)),
        ):
            with self.subTest(given=name):
                order = self._sold()
                self.company.rma_refund_posting = posting
                give(order)
                self.company.rma_refund_posting = "post"
                rma = self._create_rma(order, state="accepted")
                wizard = self._open_as(self.seller, rma)
                wizard.line_ids.qty_refund = 0
                wizard.amount_adjustment = 10.01
                self.assertIn("10.00 are left", wizard.refund_error)
                wizard.amount_adjustment = 10.0
                self.assertFalse(wizard.refund_error)

    def test_r2b_two_returns_processed_at_once_share_one_ceiling(self):
        order = self._sold((self.table, 2))
        rmas = [self._create_rma(order, {self.table: 1}, state="accepted") for _index in range(2)]
        wizards = self.env["sale.rma.process"].union(
            *(self._open_process(rma, amount_adjustment=30.0) for rma in rmas)
        )
        wizards.line_ids.write({"qty_refund": 1})
        wizards = wizards.with_user(self.env.user)
        self.assertFalse(any(wizards.mapped("refund_error")))
        with self.assertRaisesRegex(UserError, "give the reason"), self.cr.savepoint():
            wizards.action_process()

    def test_r2b_edited_draft_is_checked_when_it_is_posted(self):
        """40 of 100 were given: 60 are left for what accounting adds to the draft."""
        self.company.rma_refund_posting = "draft"
        order = self._sold((self.table, 1), (self.chair, 1))
        refund = self._return(order, {self.chair: 1}).refund_ids
        goodwill = {"name": "Goodwill", "price_unit": 60.01, "tax_ids": []}
        refund.invoice_line_ids = [Command.create(goodwill)]
        refund.rma_adjustment_reason = "Friend"
        with self.assertRaisesRegex(UserError, r"only .*100\.00 are left"), self.cr.savepoint():
            refund.with_user(self.accountant).action_post()
        refund.invoice_line_ids.filtered(lambda x: x.name == "Goodwill").price_unit = 60.0
        refund.with_user(self.accountant).action_post()
        self.assertEqual(self._given(order), 100)

    def test_r2b_draft_that_a_manager_approved_is_posted_by_accounting(self):
        self.company.rma_refund_posting = "draft"
        rma = self._return(self._sold(), amount_adjustment=7.0, adjustment_reason="Broken vase")
        rma.refund_ids.with_user(self.accountant).action_post()
        self.assertTotal(rma, 67.0)

    def test_r2b_down_payment_and_rest_are_one_ceiling(self):
        order = self._create_order(self._line(self.table, 2, 60.0, self.no_tax))
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": "fixed", "fixed_amount": 50.0})._create_invoices(
            order
        ).action_post()
        self._deliver(order)
        order._create_invoices(final=True).action_post()
        self.assertTotal(self._return(order), 120)
        self.assertEqual(self.env["sale.rma.refund"]._get_amount_left(order), 0)

    def test_r2b_invoice_of_several_orders_gives_each_its_own(self):
        orders = self.env["sale.order"]
        for product, price in ((self.table, 60.0), (self.chair, 40.0)):
            orders |= self._create_order(self._line(product, 1, price, self.no_tax))
            self._deliver(orders[-1:])
        orders._create_invoices(grouped=False).action_post()
        self.assertEqual(len(orders.invoice_ids), 1)
        left = [self.env["sale.rma.refund"]._get_amount_left(order) for order in orders]
        self.assertEqual(left, [60, 40])

    def test_r2b_other_currency_of_the_invoice(self):
        order = self._create_order(self._line(self.table, 2, 60.0, self.no_tax))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.currency_id = self.foreign
        invoice.action_post()
        for _index in range(2):
            self._process(self._create_rma(order, {self.table: 1}, state="accepted"))
        given = sum(order.rma_ids.mapped("amount_refunded"))
        self.assertAlmostEqual(given, invoice._get_total_in(order.currency_id), 2)
        rma = self._create_rma(self._sold(), state="accepted")
        self.assertFalse(self._open_process(rma).refund_error)

    def test_r2b_cancelled_and_reversed_documents_count_as_they_are(self):
        order = self._sold()
        engine = self.env["sale.rma.refund"]
        rma = self._keep(order, 10.0)
        self.assertEqual(engine._get_amount_left(order), 50)
        rma.refund_ids._reverse_moves(cancel=True)
        self.assertEqual(engine._get_amount_left(order), 60)
        order.invoice_ids.filtered(lambda x: x.move_type == "out_invoice")[:1].button_cancel()
        self.assertEqual(engine._get_amount_left(order), 0)

    # === GIVEN BEFORE === #

    def test_r2b_goodwill_given_before_is_taken_off_whoever_gave_it(self):
        for name, give in (
            ("on a return", lambda so: self._keep(so, 10.0).refund_ids),
            ("by hand, on the line", lambda so: self._credit_by_hand(so, 10.0)),
            ("by hand, beside", lambda so: self._credit_by_hand(so, 10.0, linked=False)),
        ):
            with self.subTest(given=name):
                order = self._sold()
                document = give(order)
                wizard = self._open_process(self._create_rma(order, state="accepted"))
                self.assertEqual(wizard.line_ids.qty_refund, 1)
                self.assertEqual(
                    (wizard.amount_goods, wizard.amount_given_before, wizard.amount_total),
                    (60, 10, 50),
                )
                self.assertIn(document.name, wizard.given_before_message)
                self.assertIn("10.00", wizard.given_before_message)
                wizard.action_process()
                self.assertEqual(self._given(order), 60)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_r2b_books_close_with_taxes_and_policies(self):
        self.adjustment.taxes_id = self.tax_19
        for policy in ("order", "delivery"):
            for linked in (True, False):
                with self.subTest(policy=policy, linked=linked):
                    self.table.invoice_policy = policy
                    order = self._sold((self.table, 3), taxes=self.tax_19)
                    if linked:
                        self._credit_by_hand(order, 10.0).button_draft()
                        hand = order.invoice_ids.filtered(lambda x: x.move_type == "out_refund")
                        hand.invoice_line_ids.tax_ids = self.tax_19
                        hand.action_post()
                    else:
                        self._keep(order, 11.9, {self.table: 1})
                    self.assertTotal(self._return(order, {self.table: 1}), 59.5)
                    self.assertTotal(self._return(order, {self.table: 1}), 71.4)
                    self._return(order)
                    self.assertEqual(self._given(order), 214.2)
                    self.assertClosed(order)
                    self.assertSettled(order)
                    self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_r2b_goodwill_for_one_item_is_not_taken_off_another(self):
        """The chair is worth 40 whatever was given for the table."""
        for name, give in (
            ("return", lambda so: self._keep(so, 10.0, {self.table: 1})),
            ("line", lambda so: self._credit_by_hand(so, 10.0, product=self.table)),
        ):
            with self.subTest(given=name):
                order = self._sold((self.table, 1), (self.chair, 1))
                give(order)
                self.assertTotal(self._return(order, {self.chair: 1}), 40)
                self.assertTotal(self._return(order), 50)
                self.assertClosed(order)

    def test_r2b_goodwill_for_several_items_is_shared_by_what_they_cost(self):
        """10 for both: 6 for the table, 4 for the chair."""
        order = self._sold((self.table, 1), (self.chair, 1))
        self._keep(order, 10.0)
        self.assertTotal(self._return(order, {self.chair: 1}), 36)
        self.assertTotal(self._return(order), 54)
        self.assertClosed(order)

    def test_r2b_goodwill_for_the_order_is_taken_off_what_comes_last(self):
        order = self._sold((self.table, 1), (self.chair, 1))
        self._credit_by_hand(order, 10.0, linked=False)
        self.assertTotal(self._return(order, {self.table: 1}), 60)
        self.assertTotal(self._return(order), 30)
        self.assertEqual(self._given(order), 100)

    def test_r2b_unit_credited_by_hand_above_its_price_leaves_less(self):
        """The chair was credited at 45: 55 are left for the table."""
        order = self._sold((self.table, 1), (self.chair, 1))
        self._credit_by_hand(order, 45.0, product=self.chair)
        rma = self._create_rma(order, {self.table: 1}, state="accepted")
        wizard = self._open_as(self.seller, rma)
        self.assertEqual((wizard.amount_given_before, wizard.amount_total), (5, 55))
        wizard.action_process()
        self.assertEqual(self._given(order), 100)

    def test_r2b_lowered_price_is_an_amount_and_no_unit_to_invoice(self):
        """Kept at a lowered price, the table is not offered for invoicing again (R5)."""
        order = self._sold((self.table, 1), (self.chair, 1))
        self._credit_by_hand(order, 10.0, product=self.table)
        self._return(order, {self.chair: 1})
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0])
        self._return(order)
        self.assertSettled(order)

    def test_r2b_goodwill_undone_is_not_taken_off(self):
        for name, undo in (
            ("cancelled", lambda move: move.button_cancel()),
            ("reversed", lambda move: move._reverse_moves(cancel=True)),
        ):
            with self.subTest(goodwill=name):
                order = self._sold()
                undo(self._keep(order, 10.0).refund_ids)
                self.assertTotal(self._return(order), 60)
