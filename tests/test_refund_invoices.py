from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundInvoices(SaleRmaMoneyCommon):
    """A unit is given back on the posted invoice that billed it, as far as
    nobody gave it back before (R2)."""

    def _sold(self, quantity=4, policy="delivery", **values):
        """Sell shirts at 10.00 with 19 % on top, delivered and not invoiced."""
        self.shirt.invoice_policy = policy
        order = self._create_order(self._line(self.shirt, quantity, 10.0, self.tax_19), **values)
        self._deliver(order)
        return order

    def _credit_by_hand(self, invoice, quantity=None):
        """Use Odoo's own credit note wizard, for all or for some units."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        if quantity:
            wizard.new_move_ids.invoice_line_ids.quantity = quantity
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def _pay(self, invoice, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": amount, "payment_difference_handling": "open"})._create_payments()

    # === WHAT CAN BE REFUNDED === #

    def test_without_a_posted_invoice_nothing_is_refunded_and_the_screen_says_why(self):
        for name, prepare in (
            ("none", lambda order: None),
            ("draft", lambda order: self._invoice(order, post=False)),
            ("cancelled", lambda order: self._invoice(order, post=False).button_cancel()),
        ):
            with self.subTest(invoice=name):
                order = self._sold()
                prepare(order)
                wizard = self._open_process(self._create_rma(order, state="accepted"))
                self.assertEqual(wizard.line_ids.qty_refund, 0)
                self.assertEqual(wizard.line_ids.refund_message, "Not invoiced: nothing to refund")
                wizard.line_ids.qty_refund = 1
                with self.assertRaisesRegex(UserError, "Shirt.*was not invoiced"):
                    wizard.action_process()

    def test_credited_by_hand_is_not_credited_again(self):
        for name, credit, left in (
            ("one of four", lambda order: self._credit_by_hand(order.invoice_ids, 1), 3),
            ("all", lambda order: self._credit_by_hand(order.invoice_ids), 0),
        ):
            with self.subTest(credited=name):
                order = self._sold()
                self._invoice(order)
                credit(order)
                rma = self._create_rma(order, state="accepted")
                wizard = self._open_process(rma)
                self.assertEqual(wizard.line_ids.qty_refund, left)
                wizard.line_ids.qty_refund = left + 1
                with self.assertRaisesRegex(UserError, "Shirt"), self.cr.savepoint():
                    wizard.action_process()
                wizard.line_ids.qty_refund = left
                wizard.action_process()
                self.assertClosed(order)
                self.assertSettled(order)

    def test_credit_note_made_from_the_order_counts_too(self):
        order = self._sold()
        self._invoice(order)
        goods_back = self._create_rma(order, {self.shirt: 2}, state="accepted")
        self._process(goods_back, {"qty_refund": 0})
        self.assertSettled(order)  # what a return took back is not credited behind its back
        returned = self._sold()
        self._invoice(returned)
        picking = returned.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        credit = returned._create_invoices(final=True)
        credit.action_post()
        self.assertEqual(credit.move_type, "out_refund")
        self._return(returned)
        self.assertClosed(returned)
        self.assertSettled(returned)

    def test_goodwill_credited_by_hand_stays_and_is_not_made_up_for(self):
        order = self._sold()
        invoice = self._invoice(order)
        goodwill = self._credit_by_hand(invoice, 1)
        goodwill.button_draft()
        goodwill.invoice_line_ids.price_unit = 15.0
        goodwill.action_post()
        self.assertTotal(self._return(order, {self.shirt: 1}), 11.9)
        self._return(order, {self.shirt: 2})
        _invoices, credits = self._get_invoices(order)
        self.assertAlmostEqual(sum(credits.mapped("amount_total")), 47.6, 2)

    def test_cent_that_a_credit_by_hand_was_rounded_by_is_made_up_for(self):
        """3 x 9.99 with 19 % are 35.66, one of them 11.89: a credit of 11.88 leaves a cent, which
        the next one gives back, not the last."""
        order = self._create_order(self._line(self.shirt, 3, 9.99, self.tax_19))
        self._deliver(order)
        invoice = self._invoice(order)
        rounded = self._credit_by_hand(invoice, 1)
        rounded.button_draft()
        rounded.invoice_line_ids.price_unit = 9.98
        rounded.action_post()
        self.assertEqual(rounded.amount_total, 11.88)
        second = self._return(order, {self.shirt: 1}).refund_ids
        self.assertAlmostEqual(rounded.amount_untaxed + second.amount_untaxed, 2 * 9.99, 2)
        self._return(order, {self.shirt: 1})
        self.assertClosed(order)

    # === SEVERAL INVOICES === #

    def test_credit_note_counts_for_the_salesperson_of_its_invoice(self):
        seller = self._make_user("seller", "sales_team.group_sale_salesman")
        colleague = self._make_user("colleague", "sales_team.group_sale_salesman_all_leads")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        order = self._sold(user_id=seller.id)
        invoice = self._invoice(order)
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted").with_user(colleague)
        rma.env["sale.rma.process"].create({"rma_id": rma.id}).action_process()
        refund = rma.sudo().refund_ids
        self.assertEqual(refund.invoice_user_id, seller)
        self.assertEqual(refund.team_id, invoice.team_id)
        self.assertEqual(refund.ref, invoice.name)

    def test_several_invoices_of_one_line_are_each_reversed_newest_first(self):
        self.shirt.invoice_policy = "delivery"
        order = self._create_order(self._line(self.shirt, 5, 10.0, self.tax_19))
        self._deliver(order, {self.shirt: 2})
        first = self._invoice(order)
        self._deliver(order)
        second = self._invoice(order)
        self.assertEqual(second.invoice_line_ids.quantity, 3)
        rma = self._return(order, {self.shirt: 4})
        self.assertEqual(rma.refund_ids.reversed_entry_id, first | second)
        self.assertRecordValues(
            rma.refund_ids.sorted("amount_total"),
            [{"amount_total": 11.9}, {"amount_total": 35.7}],
        )
        self._return(order, {self.shirt: 1})
        self.assertClosed(order)
        self.assertSettled(order)

    def test_one_invoice_of_several_orders_is_reversed_for_each_order_apart(self):
        orders = self._sold(2) | self._sold(3)
        invoice = orders._create_invoices()
        invoice.action_post()
        self.assertEqual(len(invoice), 1)
        for order in orders:
            rma = self._return(order)
            self.assertEqual(rma.refund_ids.reversed_entry_id, invoice)
            self.assertSettled(order)
        self.assertEqual(self._read_books(invoice | orders.rma_ids.refund_ids), {})

    def test_s6_returns_of_several_customers_are_processed_together(self):
        other = self.customer.copy({"name": "Berta"})
        sold = [(self.customer, 10), (self.customer, 15), (self.customer, 20), (other, 25)]
        orders = self.env["sale.order"]
        for partner, quantity in sold:
            order = self._sold(quantity, partner_id=partner.id)
            self._invoice(order)
            orders |= order
        rmas = self.env["sale.rma"]
        for order in orders:
            rmas |= self._create_rma(order, state="processing")
        wizards = self.env["sale.rma.process"].union(*(self._open_process(rma) for rma in rmas))
        wizards.action_process()
        for order, rma in zip(orders, rmas, strict=True):
            self.assertEqual(rma.refund_ids.reversed_entry_id, order.invoice_ids - rma.refund_ids)
            self.assertEqual(rma.refund_ids.partner_id, order.partner_id)
            self.assertEqual(rma.refund_ids.invoice_line_ids.rma_line_id, rma.line_ids)
            self.assertClosed(order)

    def test_returns_of_one_order_processed_together_share_what_there_is(self):
        order = self._create_sold(self._line(self.shirt, 2, 10.0, self.tax_19), shipping=7.0)
        rmas = self.env["sale.rma"]
        for _index in range(2):
            rmas |= self._create_rma(order, {self.shirt: 1}, state="accepted")
        wizards = self.env["sale.rma.process"].union(*(self._open_process(rma) for rma in rmas))
        wizards.refund_shipping = True
        words = "shipping was refunded already"
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            wizards.action_process()
        wizards[1:].refund_shipping = False
        wizards.action_process()
        self.assertClosed(order)

    # === PAYMENTS === #

    def test_credit_lowers_what_is_unpaid_and_stays_open_for_what_is_paid(self):
        for name, paid, residual, open_credit in (
            ("unpaid", 0.0, 35.7, 0.0),
            ("partly paid", 40.0, 0.0, 4.3),
            ("paid", 47.6, 0.0, 11.9),
        ):
            with self.subTest(invoice=name):
                order = self._sold()
                invoice = self._invoice(order)
                if paid:
                    self._pay(invoice, paid)
                refund = self._return(order, {self.shirt: 1}).refund_ids
                self.assertAlmostEqual(invoice.amount_residual, residual, 2)
                self.assertAlmostEqual(refund.amount_residual, open_credit, 2)

    def test_down_payment_is_part_of_what_was_paid(self):
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                self.shirt.invoice_policy = policy
                order = self._create_order(self._line(self.shirt, 4, 10.0, self.tax_19))
                self.env["sale.advance.payment.inv"].create(
                    {
                        "sale_order_ids": order.ids,
                        "advance_payment_method": "percentage",
                        "amount": 50,
                    }
                ).create_invoices()
                order.invoice_ids.action_post()
                self._deliver(order)
                final = order._create_invoices(final=True)
                final.action_post()
                rma = self._create_rma(order, {self.shirt: 1})
                self.assertEqual(rma.line_ids.price_paid, 11.9)
                rma.unlink()
                self.assertTotal(self._return(order, {self.shirt: 1}), 11.9)
                self.assertTotal(self._return(order, {self.shirt: 3}), 35.7)
                invoices, credits = self._get_invoices(order)
                self.assertEqual(credits.reversed_entry_id, final)
                self.assertEqual(self._read_books(invoices | credits), {})
                self.assertSettled(order)

    def test_down_payment_alone_refunds_nothing(self):
        order = self._sold()
        self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": order.ids, "advance_payment_method": "percentage", "amount": 50}
        ).create_invoices()
        order.invoice_ids.action_post()
        wizard = self._open_process(self._create_rma(order, state="accepted"))
        self.assertFalse(wizard.line_ids.is_invoiced)
        self.assertEqual(wizard.line_ids.qty_refund, 0)

    # === ORDERS === #

    def test_locked_order_is_returned_as_any(self):
        order = self._sold()
        self._invoice(order)
        order.action_lock()
        self.assertTotal(self._return(order, {self.shirt: 1}), 11.9)
        self._return(order)
        self.assertTrue(order.locked)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_order_cancelled_after_delivery_is_returned_as_any(self):
        order = self._sold()
        self._invoice(order)
        order._action_cancel()
        self.assertTotal(self._return(order), 47.6)
        self.assertClosed(order)
        self.assertEqual(order.invoice_status, "no")

    def test_cash_rounding_of_the_invoice_is_not_the_refunds(self):
        account = self.company_data["default_account_revenue"].id
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": account,
                "loss_account_id": account,
            }
        )
        order = self._create_order(self._line(self.shirt, 1, 10.01, self.tax_19))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 11.9)
        self.assertTotal(self._return(order), 11.91)

    def test_early_payment_discount_lowers_the_tax_given_back_too(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 7 days, tax always reduced",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        order = self._sold(payment_term_id=term.id)
        invoice = self._invoice(order)
        self.assertAlmostEqual(invoice.amount_tax, 7.45, 2)
        for _index in range(4):
            self._return(order, {self.shirt: 1})
        _invoices, credits = self._get_invoices(order)
        self.assertAlmostEqual(sum(credits.mapped("amount_total")), invoice.amount_total, 2)
        self.assertAlmostEqual(sum(credits.mapped("amount_tax")), 7.45, 2)
