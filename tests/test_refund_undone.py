from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundUndone(SaleRmaMoneyCommon):
    """Whatever happens to a credit note later, the quantities follow, and
    the return can be processed again."""

    def _sold(self, quantity=4, **values):
        line = self._line(self.shirt, quantity, 10.0, self.tax_19)
        return self._create_sold(line, **values)

    def _draft_refund(self, quantity=2, **values):
        """Return shirts with the credit note left in draft."""
        self.company.rma_refund_posting = "draft"
        rma = self._return(self._sold(**values), {self.shirt: quantity})
        self.company.rma_refund_posting = "post"
        self.assertEqual(rma.refund_ids.state, "draft")
        return rma

    def _process_again(self, rma):
        """Reopen the return and give back what the screen proposes."""
        rma.action_reopen()
        wizard = self._open_process(rma)
        wizard.action_process()
        self.assertEqual(rma.state, "done")
        return wizard

    # === LEFT IN DRAFT === #

    def test_draft_counts_in_nothing_refunded_but_its_units_are_spoken_for(self):
        rma = self._draft_refund()
        self.assertEqual(rma.amount_refunded, 0.0)
        self.assertEqual(rma.line_ids.qty_refunded, 0.0)
        sold = rma.order_id.order_line
        refundable = self.env["sale.rma.refund"]._get_qty_refundable(sold)
        self.assertEqual(refundable[sold], 2)
        self.assertSettled(rma.order_id)
        again = self._open_process(self._create_rma(rma.order_id, state="accepted"))
        again.line_ids.qty_refund = 3
        with self.assertRaisesRegex(UserError, "Shirt"), self.cr.savepoint():
            again.action_process()
        rma.refund_ids.action_post()
        self.assertTotal(rma, 23.8)
        self.assertEqual(rma.line_ids.qty_refunded, 2.0)

    def test_draft_that_gives_back_more_is_refused_when_it_is_posted(self):
        for name, edit, words in (
            ("units", {"quantity": 3}, "only 2 were asked for"),
            ("price", {"price_unit": 12.0}, "at most .*23.80"),
            ("discount", {"quantity": 2, "price_unit": 11.0, "discount": 5.0}, "at most"),
        ):
            with self.subTest(edited=name):
                rma = self._draft_refund()
                rma.refund_ids.invoice_line_ids.write(edit)
                with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                    rma.refund_ids.action_post()

    def test_draft_without_its_share_of_a_discount_is_refused(self):
        self.company.rma_refund_posting = "draft"
        order = self._create_draft_order(self._line(self.shirt, 4, 10.0, self.tax_19))
        self._sell(self._discount(order, percent=10))
        rma = self._return(order, {self.shirt: 2})
        rma.refund_ids.invoice_line_ids[1:].unlink()
        with self.assertRaisesRegex(UserError, "at most"):
            rma.refund_ids.action_post()

    def test_draft_that_gives_back_less_counts_as_less(self):
        rma = self._draft_refund()
        rma.refund_ids.invoice_line_ids.quantity = 1
        rma.refund_ids.action_post()
        self.assertEqual(rma.line_ids.qty_refunded, 1.0)
        self.assertTotal(rma, 11.9)
        self.assertSettled(rma.order_id)
        self.assertEqual(self._process_again(rma).line_ids.qty_refund, 1.0)
        self._return(rma.order_id)
        self.assertClosed(rma.order_id)
        self.assertSettled(rma.order_id)

    def test_line_of_accountings_own_is_free(self):
        """As far as the invoice of 47.60 leaves something (R2b: test_refund_ceiling)."""
        rma = self._draft_refund()
        rma.refund_ids.invoice_line_ids = [
            Command.create({"name": "Goodwill", "price_unit": 23.8, "tax_ids": []})
        ]
        rma.refund_ids.action_post()
        self.assertTotal(rma, 47.6)

    def test_two_drafts_do_not_get_in_each_others_way(self):
        self.company.rma_refund_posting = "draft"
        order = self._create_draft_order(self._line(self.shirt, 3, 9.99, self.tax_19))
        self._sell(self._discount(order, percent=12.5))
        rmas = [self._return(order, {self.shirt: 1}) for _index in range(3)]
        for rma in rmas[::-1]:
            rma.refund_ids.action_post()
        self.assertClosed(order)
        self.assertSettled(order)

    def test_drafts_of_two_invoices_that_share_a_discount_are_posted_one_by_one(self):
        self.company.rma_refund_posting = "draft"
        order = self._create_draft_order(
            self._line(self.shirt, 2, 100.0, self.tax_19),
            self._line(self.mug, 2, 20.0, self.tax_19),
        )
        self._discount(order, percent=10).action_confirm()
        self._deliver(order, {self.mug: 2})
        self._invoice(order)
        self._deliver(order)
        self._invoice(order)
        rma = self._return(order)
        self.assertEqual(len(rma.refund_ids), 2)
        for refund in rma.refund_ids:
            refund.action_post()
        self.assertClosed(order)

    def test_nobody_from_outside_skips_the_check_of_what_is_posted(self):
        rma = self._draft_refund()
        refund = rma.refund_ids
        refund.invoice_line_ids.filtered("rma_line_id").quantity = 3
        for claim in (refund.ids, set(refund.ids), frozenset(refund.ids), True):
            with self.subTest(claim=claim), self.assertRaises(UserError), self.cr.savepoint():
                refund.with_context(rma_just_made=claim).action_post()

    # === POSTED, THEN UNDONE === #

    def test_undone_credit_note_frees_its_units_and_the_return_is_processed_again(self):
        for name, undo in (
            ("reset and cancelled", lambda move: (move.button_draft(), move.button_cancel())),
            ("cancelled", lambda move: move.button_cancel()),
            ("reset and deleted", lambda move: (move.button_draft(), move.unlink())),
            ("reversed", lambda move: move._reverse_moves(cancel=True)),
        ):
            with self.subTest(credit_note=name):
                order = self._sold()
                rma = self._return(order, {self.shirt: 2})
                undo(rma.refund_ids)
                self.assertEqual(rma.line_ids.qty_refunded, 0.0)
                self.assertEqual(rma.amount_refunded, 0.0)
                self.assertSettled(order)
                self.assertEqual(self._process_again(rma).line_ids.qty_refund, 2.0)
                self.assertEqual(rma.line_ids.qty_refunded, 2.0)
                self.assertTotal(rma, 23.8)
                self._return(order)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_credit_note_replaced_by_accounting_is_the_returns_again(self):
        rma = self._return(self._sold(), {self.shirt: 2})
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=rma.refund_ids.ids)
            .create({"journal_id": rma.refund_ids.journal_id.id})
        )
        wizard.modify_moves()
        self.assertEqual(rma.line_ids.qty_refunded, 0.0)
        self.assertEqual(wizard.new_move_ids.rma_id, rma)
        wizard.new_move_ids.invoice_line_ids.quantity = 3
        with self.assertRaises(UserError), self.cr.savepoint():
            wizard.new_move_ids.action_post()
        wizard.new_move_ids.invoice_line_ids.quantity = 1
        wizard.new_move_ids.action_post()
        self.assertEqual(rma.line_ids.qty_refunded, 1.0)
        self.assertTotal(rma, 11.9)
        self.assertSettled(rma.order_id)

    def test_reversal_left_in_draft_frees_nothing_yet(self):
        rma = self._return(self._sold(), {self.shirt: 2})
        rma.refund_ids._reverse_moves()
        self.assertEqual(rma.line_ids.qty_refunded, 2.0)
        sold = rma.order_id.order_line
        self.assertEqual(self.env["sale.rma.refund"]._get_qty_refundable(sold)[sold], 2.0)

    def test_credit_note_reset_and_posted_again_is_what_it_was(self):
        order = self._sold()
        rma = self._return(order, {self.shirt: 2}, amount_fee=1.0)
        rma.refund_ids.button_draft()
        self.assertEqual(rma.amount_refunded, 0.0)
        rma.refund_ids.action_post()
        self.assertTotal(rma, 22.8)

    def test_shipping_can_be_refunded_again_after_its_credit_note_is_cancelled(self):
        order = self._sold(shipping=10.0)
        rma = self._return(order, refund_shipping=True)
        rma.refund_ids.button_cancel()
        rma.action_reopen()
        wizard = self._open_process(rma)
        self.assertTrue(wizard.can_refund_shipping)
        wizard.refund_shipping = True
        wizard.action_process()
        self.assertClosed(order)

    def test_cancelled_return_takes_its_draft_credit_note_along(self):
        rma = self._draft_refund()
        rma.refund_ids.button_cancel()
        self.assertEqual(rma.line_ids.qty_refunded, 0.0)
        self.assertEqual(self._process_again(rma).line_ids.qty_refund, 2.0)
