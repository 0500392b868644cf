from odoo import Command
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundPrices(SaleRmaMoneyCommon):
    """Whatever the taxes, the credits of a sold line are together
    what its invoice says, however it comes back (R4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = cls._make_taxes()

    def _return_in_parts(self, order, product, parts):
        """Return a product so many units at a time, and check R4 and R5 at the end."""
        rmas = self.env["sale.rma"]
        for part in parts:
            rmas |= self._return(order, {product: part})
        self.assertClosed(order)
        self.assertSettled(order)
        return rmas

    def test_any_tax_comes_back_whole_whatever_the_parts(self):
        items = {
            self._make_product(f"{name} {price}", price): (quantity, price, taxes, discount)
            for name, taxes in self.taxes.items()
            for quantity, price, discount in ((3, 9.99, 0.0), (5, 33.33, 7.5), (6, 0.07, 0.0))
        }
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            order = self._create_sold(*(self._line(item, *how) for item, how in items.items()))
            for parts in ({3: 1, 5: 2, 6: 1}, {3: 1, 5: 1, 6: 3}, {3: 1, 5: 2, 6: 2}):
                self._return(order, {item: parts[how[0]] for item, how in items.items()})
            with self.subTest(method=method):
                for line in order.order_line:
                    with self.subTest(line=line.name):
                        self.assertLineClosed(line)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_s21_three_for_99_99_with_tax_in_it(self):
        line = self._line(self.shirt, 3, 33.33, self.taxes["in the price"])
        rmas = self._return_in_parts(self._create_sold(line), self.shirt, (1, 1, 1))
        self.assertEqual(rmas.mapped("amount_refunded"), [33.33] * 3)

    def test_every_partition_of_3_x_9_99_with_19_on_top(self):
        for parts in ((3,), (1, 2), (2, 1), (1, 1, 1)):
            with self.subTest(parts=parts):
                order = self._create_sold(self._line(self.shirt, 3, 9.99, self.tax_19))
                rmas = self._return_in_parts(order, self.shirt, parts)
                self.assertEqual(sum(rmas.refund_ids.mapped("amount_untaxed")), 29.97)
                self.assertEqual(self._tax_amounts(rmas.refund_ids), {self.tax_19: 5.69})

    def test_two_lines_rounded_together_close_apart(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        order = self._create_sold(
            self._line(self.shirt, 3, 12.12, self.tax_19),
            self._line(self.mug, 3, 12.12, self.tax_19),
        )
        for product in (self.shirt, self.mug, self.mug, self.shirt, self.mug, self.shirt):
            self._return(order, {product: 1})
        self.assertClosed(order)
        self.assertSettled(order)

    def test_free_goods_come_back_for_nothing(self):
        for price, discount in ((0.0, 0.0), (20.0, 100.0)):
            with self.subTest(price=price, discount=discount):
                order = self._create_sold(
                    self._line(self.shirt, 2, price, self.tax_19, discount),
                    self._line(self.mug, 1, 5.0, self.tax_19),
                )
                rma = self._return(order, {self.shirt: 2})
                self.assertTotal(rma, 0.0)
                self.assertEqual(rma.line_ids.qty_refunded, 2)
                self.assertSettled(order)

    def test_price_edited_on_the_invoice_is_the_one_given_back(self):
        order = self._create_order(self._line(self.shirt, 4, 10.0, self.tax_19))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.price_unit = 8.0
        invoice.action_post()
        rma = self._return(order, {self.shirt: 1})
        self.assertTotal(rma, 9.52)
        self.assertEqual(rma.line_ids.price_paid, 9.52)

    def test_tax_edited_on_the_invoice_is_shared_by_the_units(self):
        order = self._create_order(self._line(self.shirt, 4, 100.0, self.tax_19))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        tax_line = invoice.line_ids.filtered("tax_line_id")
        receivable = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        invoice.write(
            {
                "line_ids": [
                    Command.update(tax_line.id, {"amount_currency": -72.0}),
                    Command.update(receivable.id, {"amount_currency": 472.0}),
                ]
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.amount_tax, 72.0)
        self.assertTotal(self._return(order, {self.shirt: 1}), 118.0)
        self._return(order, {self.shirt: 3})
        self.assertClosed(order)

    def test_s5_the_invoice_counts_not_what_the_product_has_today(self):
        journal = self.company_data["default_journal_sale"].copy()
        account = self.company_data["default_account_revenue"].copy()
        order = self._create_order(self._line(self.shirt, 5, 10.0, self.tax_19, discount=10.0))
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.journal_id = journal
        invoice.invoice_line_ids.write(
            {"account_id": account.id, "tax_ids": [Command.set(self.taxes["in the price"].ids)]}
        )
        invoice.invoice_line_ids.discount = 15.0
        invoice.action_post()
        self.shirt.write({"taxes_id": [Command.clear()], "list_price": 99.0})
        credit = self._return(order, {self.shirt: 2}).refund_ids
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.journal_id, journal)
        self.assertRecordValues(
            credit.invoice_line_ids,
            [
                {
                    "account_id": account.id,
                    "tax_ids": self.taxes["in the price"].ids,
                    "discount": 15.0,
                    "price_unit": 10.0,
                    "quantity": 2.0,
                    "price_total": 17.0,
                }
            ],
        )
