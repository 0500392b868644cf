from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sale_rma.models.refund.refund_lines import DocumentAmounts

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundCurrency(SaleRmaMoneyCommon):
    """A credit note has its invoice's currency and rate, whatever they are
    today: 1.7 on the invoice, 2.3 since (R2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": cls.foreign.id}
        )

    def _sold(self, *items, **values):
        order = self._create_order(*items, pricelist_id=self.pricelist.id, **values)
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_date = "2026-03-01"
        invoice.action_post()
        self.assertEqual(invoice.invoice_currency_rate, 1.7)
        return order

    def test_credit_note_has_currency_and_rate_of_its_invoice(self):
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        rma = self._return(order, {self.shirt: 1})
        self.assertEqual(rma.currency_id, self.foreign)
        self.assertRecordValues(
            rma.refund_ids,
            [
                {
                    "currency_id": self.foreign.id,
                    "invoice_currency_rate": 1.7,
                    "invoice_date": self._today(),
                    "amount_total": 11.89,
                }
            ],
        )
        balance = sum(rma.refund_ids.invoice_line_ids.mapped("balance"))
        self.assertAlmostEqual(balance, 9.99 / 1.7, 2)

    def test_both_currencies_close_for_every_partition(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for parts in ((1, 1, 1), (2, 1), (3,)):
                with self.subTest(method=method, parts=parts):
                    order = self._sold(
                        self._line(self.shirt, 3, 9.99, self.tax_19),
                        self._line(self.mug, 3, 3.33, self.tax_19, 33.33),
                    )
                    for part in parts:
                        self._return(order, {self.shirt: part, self.mug: part})
                    self.assertClosed(order)
                    self.assertSettled(order)

    def test_cent_of_the_invoices_own_tax_item_is_all_that_stays_open(self):
        """Why test_property_refund allows a cent in the company's currency: two at 0.33 less 90 %,
        at 1.7. The tax of the shirts is 0.07 USD and that of the discount -0.07, but Odoo rounds
        the balance of their journal item by itself: 0.01 GBP are 0.01 USD, not 0.00."""
        line = self._line(self.shirt, 2, 0.33, self.tax_19)
        order = self._create_draft_order(line, pricelist_id=self.pricelist.id)
        self._discount(order, percent=90)
        order.action_confirm()
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_date = "2026-03-01"
        invoice.action_post()
        tax_item = invoice.line_ids.filtered("tax_line_id")
        self.assertEqual((tax_item.amount_currency, tax_item.balance), (-0.01, -0.01))
        amounts = DocumentAmounts()
        taxes = [amounts[item][self.tax_19.id, "tax_amount"] for item in invoice.invoice_line_ids]
        self.assertEqual(taxes, [0.07, -0.07])
        for _index in range(2):
            self._return(order, {self.shirt: 1})
        books = self._read_books(order.invoice_ids)
        receivable = invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.assertEqual(
            books,
            {
                (tax_item.account_id, self.tax_19): (0.0, -0.01),
                (receivable.account_id, self.env["account.tax"]): (0.0, 0.01),
            },
        )

    def test_no_exchange_difference_between_an_invoice_and_its_credit(self):
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        invoice = order.invoice_ids
        refund = self._return(order).refund_ids
        self.assertEqual(invoice.amount_residual, 0.0)
        partials = refund.line_ids.matched_debit_ids | refund.line_ids.matched_credit_ids
        self.assertFalse(partials.exchange_move_id)

    def test_draft_keeps_the_rate_though_its_date_changes(self):
        self.company.rma_refund_posting = "draft"
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        refund = self._return(order).refund_ids
        refund.invoice_date = "2026-07-01"
        self.assertEqual(refund.invoice_currency_rate, 1.7)
        refund.action_post()
        self.assertClosed(order)

    def test_fee_of_all_leaves_nothing_in_both_currencies(self):
        order = self._sold(self._line(self.shirt, 1, 9.99, self.tax_19))  # 5.88 + 1.12 in USD
        refund = self._return(order, amount_fee=11.89).refund_ids
        receivable = refund.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.assertEqual(refund.amount_total, 0.0)
        self.assertEqual(sum(receivable.mapped("balance")), 0.0)

    def test_fee_and_adjustment_are_in_the_orders_currency(self):
        order = self._sold(self._line(self.shirt, 1, 100.0, self.tax_19))
        rma = self._return(order, amount_fee=5.0, amount_adjustment=2.0)
        self.assertTotal(rma, 116.0)
        self.assertEqual(rma.refund_ids.invoice_currency_rate, 1.7)

    def test_invoice_in_a_currency_without_cents_closes_too(self):
        yen = self.setup_other_currency(
            "JPY", rates=[("1900-01-01", 150.0)], rounding=1.0, decimal_places=0
        )
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": yen.id})
        line = self._line(self.shirt, 3, 333.0, self.tax_19, 12.5)
        order = self._create_sold(line, pricelist_id=pricelist.id)
        for _index in range(3):
            self._return(order, {self.shirt: 1})
        self.assertClosed(order)
        self.assertSettled(order)

    def test_draft_moved_to_another_currency_is_not_posted(self):
        self.company.rma_refund_posting = "draft"
        order = self._sold(self._line(self.shirt, 3, 9.99, self.tax_19))
        refund = self._return(order, {self.shirt: 1}).refund_ids
        refund.currency_id = self.company.currency_id
        self.assertEqual(refund.invoice_currency_rate, 1.0)
        with self.assertRaisesRegex(UserError, "is in USD.*GBP"), self.cr.savepoint():
            refund.action_post()
        refund.currency_id = self.foreign
        self.assertEqual(refund.invoice_currency_rate, 1.7)
        refund.action_post()
        self.assertAlmostEqual(refund.amount_total, 11.89, 2)
        self._return(order)
        order.rma_ids.refund_ids.filtered(lambda move: move.state == "draft").action_post()
        self.assertClosed(order)

    # === INVOICE IN ANOTHER CURRENCY THAN ITS ORDER === #

    def _moved_to(self, currency, *items, pricelist=None, **values):
        """Sell, by default in the company's currency; accounting moves the invoice to another one,
        where each figure stays."""
        if pricelist:
            values["pricelist_id"] = pricelist.id
        order = self._create_order(*items, **values)
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.write({"currency_id": currency.id, "invoice_date": "2026-03-01"})
        invoice.action_post()
        self.assertEqual(invoice.currency_id, currency)
        return order

    def _process_moved(self, order, quantities=None, **values):
        """Return units; R3: the screen, in the order's currency, is what the books have then."""
        rma = self._create_rma(order, quantities, state="accepted")
        wizard = self._open_process(rma, **values)
        self.assertFalse(wizard.refund_error)
        promised = wizard.amount_total
        wizard.action_process()
        rma.refund_ids.filtered(lambda move: move.state == "draft").action_post()
        self.assertEqual(rma.refund_ids.currency_id, rma.refund_ids.reversed_entry_id.currency_id)
        self.assertAlmostEqual(rma.amount_refunded, promised, 2)
        return rma, promised

    def test_invoice_moved_to_another_currency_is_credited_in_it_and_shown_in_the_orders(self):
        order = self._moved_to(self.foreign, self._line(self.shirt, 3, 9.99, self.tax_19))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        wizard = self._open_process(rma)
        self.assertEqual(wizard.currency_id, self.company.currency_id)
        # 9.99 and 1.90 at 1.7
        self.assertAlmostEqual(wizard.amount_total, 5.88 + 1.12, 2)
        self.assertAlmostEqual(wizard.tax_amount, 1.12, 2)
        self.assertAlmostEqual(rma.amount_estimated, 7.0, 2)
        self.assertAlmostEqual(wizard.line_ids.price_paid, 11.89 / 1.7, 2)
        wizard.action_process()
        refund = rma.refund_ids
        self.assertEqual(refund.currency_id, self.foreign)
        self.assertAlmostEqual(refund.amount_total, 11.89, 2)
        self.assertAlmostEqual(refund.amount_total_signed, -7.0, 2)
        self.assertAlmostEqual(rma.amount_refunded, 7.0, 2)

    def test_moved_invoice_closes_with_its_discount_and_shipping(self):
        order = self._moved_to(
            self.foreign,
            self._line(self.shirt, 3, 9.99, self.tax_19, 12.5),
            self._line(self.mug, 2, 3.33, self.tax_19),
            shipping=5.0,
        )
        first, _promised = self._process_moved(order, {self.shirt: 1, self.mug: 1})
        second, _promised = self._process_moved(order, refund_shipping=True)
        self.assertClosed(order)
        self.assertSettled(order)
        invoice = order.invoice_ids - (first | second).refund_ids
        total = first.amount_refunded + second.amount_refunded
        self.assertAlmostEqual(total, invoice.amount_total_signed, 2)

    def test_fee_and_adjustment_of_a_moved_invoice_are_in_the_orders_currency(self):
        line = self._line(self.shirt, 2, 100.0, self.tax_19)
        order = self._moved_to(self.foreign, line)
        rma, promised = self._process_moved(
            order, {self.shirt: 1}, amount_fee=5.0, amount_adjustment=2.0
        )
        self.assertAlmostEqual(promised, 119 / 1.7 - 3.0, 2)
        self.assertAlmostEqual(rma.refund_ids.amount_total, 119 - 3.0 * 1.7, 2)

    def test_fee_of_all_that_a_moved_invoice_gives_back_leaves_nothing(self):
        order = self._moved_to(self.foreign, self._line(self.shirt, 1, 9.99, self.tax_19))
        rma, promised = self._process_moved(order, amount_fee=7.0)
        self.assertEqual(promised, 0.0)
        self.assertEqual(rma.refund_ids.amount_total, 0.0)
        again = self._moved_to(self.foreign, self._line(self.shirt, 1, 9.99, self.tax_19))
        rma = self._create_rma(again, state="accepted")
        wizard = self._open_process(rma, amount_fee=7.01)
        self.assertRegex(wizard.refund_error, r"below zero. Lower it by \$.0.01")

    def test_three_currencies_order_invoice_and_company(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.9)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": euro.id})
        line = self._line(self.shirt, 3, 9.99, self.tax_19)
        order = self._moved_to(self.foreign, line, pricelist=pricelist)
        self.assertEqual(order.currency_id, euro)
        for _index in range(3):
            _rma, promised = self._process_moved(order, {self.shirt: 1})
            self.assertAlmostEqual(promised, 11.89 / 1.7 * 0.9, delta=0.02)
        self.assertClosed(order)
        self.assertSettled(order)

    def _invoiced_in_two_currencies(self, moved):
        """Two items and a discount of 20.00 on both, billed with the first; one of the invoices,
        0 or 1, is moved to the foreign currency: 1.7 for one of the company's."""
        order = self._create_draft_order(
            self._line(self.shirt, 1, 100.0, self.tax_19),
            self._line(self.mug, 1, 100.0, self.tax_19),
        )
        self._discount(order, percent=10).action_confirm()
        invoices = self.env["account.move"]
        for index, product in enumerate((self.shirt, self.mug)):
            self._deliver(order, {product: 1})
            invoice = self._invoice(order, post=False)
            if index == moved:
                invoice.write({"currency_id": self.foreign.id, "invoice_date": "2026-03-01"})
            invoice.action_post()
            invoices |= invoice
        self.assertEqual(set(invoices.currency_id), {self.foreign, self.company.currency_id})
        return order, invoices

    def test_share_in_the_discount_of_an_invoice_in_another_currency_is_converted(self):
        for moved in (0, 1):
            for posting in ("post", "draft"):
                with self.subTest(moved=moved, posting=posting):
                    self.company.rma_refund_posting = posting
                    order, invoices = self._invoiced_in_two_currencies(moved)
                    rates = invoices.mapped("invoice_currency_rate")
                    # each item at 100 got half of the discount when it was given, whatever
                    # currency accounting moved its invoice to
                    worth = 119.0 / rates[1]
                    discount = 23.8 / rates[0] / 2
                    rma, promised = self._process_moved(order, {self.mug: 1})
                    self.assertEqual(rma.refund_ids.reversed_entry_id, invoices[1])
                    self.assertAlmostEqual(promised, worth - discount, delta=0.02)
                    self.assertAlmostEqual(
                        rma.refund_ids.amount_total, (worth - discount) * rates[1], delta=0.03
                    )
                    share = rma.refund_ids.invoice_line_ids.filtered(lambda x: x.price_total < 0)
                    self.assertAlmostEqual(
                        share.quantity * share.price_unit, share.price_subtotal, delta=0.02
                    )
                    rest, _promised = self._process_moved(order, {self.shirt: 1})
                    moves = invoices | rma.refund_ids | rest.refund_ids
                    self.assertAlmostEqual(sum(moves.mapped("amount_total_signed")), 0.0, 2)
                    self.assertSettled(order)

    def test_undone_credit_of_a_moved_invoice_counts_no_more(self):
        order = self._moved_to(self.foreign, self._line(self.shirt, 3, 9.99, self.tax_19))
        rma, _promised = self._process_moved(order, {self.shirt: 1})
        reversal = rma.refund_ids._reverse_moves(cancel=True)
        self.assertEqual(reversal.currency_id, self.foreign)
        self.assertAlmostEqual(rma.amount_refunded, 0.0, 2)
        self._process_moved(order)

    def test_exchange_of_a_moved_invoice_costs_what_was_paid_in_the_orders_currency(self):
        self.shirt.invoice_policy = "order"
        order = self._moved_to(self.foreign, self._line(self.shirt, 1, 10.0, self.tax_19))
        rma = self._create_rma(order, state="accepted")
        self._process(rma, {"exchange": True})
        exchange = rma.exchange_order_ids
        self.assertEqual(exchange.currency_id, self.company.currency_id)
        self.assertAlmostEqual(exchange.amount_total, 11.9 / 1.7, 2)
        self.assertAlmostEqual(rma.amount_refunded, 11.9 / 1.7, 2)

    def test_exchange_and_credit_in_different_currencies_are_left_to_accounting_and_told(self):
        self.shirt.invoice_policy = "order"
        order = self._moved_to(self.foreign, self._line(self.shirt, 1, 10.0, self.tax_19))
        pay = {"journal_id": self.company_data["default_journal_bank"].id}
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        ).create(pay).action_create_payments()
        rma = self._create_rma(order, state="accepted")
        self._process(rma, {"exchange": True})
        invoice = rma.exchange_order_ids.invoice_ids
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "not_paid"))
        self.assertEqual(rma.refund_ids.payment_state, "not_paid")
        told = rma.message_ids.filtered(lambda x: "in different currencies" in (x.body or ""))
        self.assertEqual(len(told), 1)
        self.assertIn(invoice.name, told.body)
        self.assertIn(rma.refund_ids.name, told.body)

    def test_credit_by_hand_in_another_currency_leaves_what_it_did_not_give(self):
        order = self._sold(self._line(self.shirt, 2, 17.0, self.tax_19))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=order.invoice_ids.ids)
            .create({"journal_id": order.invoice_ids.journal_id.id})
        )
        wizard.refund_moves()
        by_hand = wizard.new_move_ids
        by_hand.write({"currency_id": self.company.currency_id.id})
        by_hand.invoice_line_ids.write({"quantity": 1, "price_unit": 10.0})
        by_hand.action_post()
        self.assertAlmostEqual(by_hand.amount_total, 11.9, 2)  # 20.23 at 1.7
        self.assertTotal(self._return(order), 20.23)
