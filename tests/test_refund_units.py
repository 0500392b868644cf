from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sale_rma.tools.quantity_field import format_quantity

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundUnits(SaleRmaMoneyCommon):
    """Asked for in the unit it was sold in, given back at the price of the
    unit it was invoiced in."""

    def _sold(self, quantity, sold_in, invoiced_in=None, price=24.0):
        """Sell at 24.00 the dozen or 2.00 the piece, with 19 % on top."""
        if sold_in == self.uom_unit:
            price /= 12
        line = self._line(self.shirt, quantity, price, self.tax_19, product_uom_id=sold_in.id)
        order = self._create_order(line)
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        if invoiced_in and invoiced_in != sold_in:
            item = invoice.invoice_line_ids
            item.write(
                {
                    "product_uom_id": invoiced_in.id,
                    "quantity": sold_in._compute_quantity(quantity, invoiced_in),
                    "price_unit": sold_in._compute_price(price, invoiced_in),
                    "tax_ids": [Command.set(self.tax_19.ids)],
                }
            )
        invoice.action_post()
        return order

    def test_any_unit_comes_back_at_its_price(self):
        piece, dozen = self.uom_unit, self.uom_dozen
        for name, quantity, sold_in, invoiced_in, parts in (
            ("dozens", 2, dozen, dozen, {1: 28.56, 0.5: 14.28}),
            ("dozens, invoiced in pieces", 2, dozen, piece, {1: 28.56, 0.5: 14.28}),
            ("pieces", 24, piece, piece, {6: 14.28, 1: 2.38, 12: 28.56}),
            ("pieces, invoiced in dozens", 24, piece, dozen, {6: 14.28, 1: 2.38, 12: 28.56}),
        ):
            with self.subTest(sold=name):
                order = self._sold(quantity, sold_in, invoiced_in)
                self.assertEqual(order.amount_total, 57.12)
                for part, amount in parts.items():
                    rma = self._return(order, {self.shirt: part})
                    self.assertTotal(rma, amount)
                    self.assertEqual(rma.line_ids.qty_refunded, part)
                self._return(order)
                self.assertClosed(order)
                self.assertSettled(order)

    def test_pieces_of_a_dozen_one_by_one(self):
        order = self._sold(12, self.uom_unit, self.uom_dozen, price=10.0)
        for _index in range(12):
            rma = self._return(order, {self.shirt: 1})
            self.assertEqual(rma.line_ids.qty_refunded, 1)
            self.assertLessEqual(abs(rma.amount_refunded - 11.9 / 12), 0.015)
        self.assertClosed(order)
        self.assertSettled(order)

    def test_half_a_dozen_is_six_pieces_in_stock_and_half_on_the_credit_note(self):
        order = self._sold(2, self.uom_dozen)
        rma = self._return(order, {self.shirt: 0.5})
        self.assertEqual(sum(rma.picking_ids.move_ids.mapped("product_qty")), 6)
        self.assertRecordValues(
            rma.refund_ids.invoice_line_ids,
            [{"quantity": 0.5, "product_uom_id": self.uom_dozen.id, "price_unit": 24.0}],
        )
        self.assertEqual(order.order_line.qty_delivered, 1.5)
        self.assertEqual(order.order_line.qty_invoiced, 1.5)

    # === IN WORDS === #

    def test_quantities_in_words_lose_no_digit(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"].search([("code", "=", "fr_FR")]).thousands_sep = " "
        for quantity, english, french in (
            (0.0, "0", "0"),
            (2.0, "2", "2"),
            (1.5, "1.5", "1,5"),
            (1234567.125, "1,234,567.125", "1 234 567,125"),
            (0.1 + 0.2, "0.3", "0,3"),
            (float("nan"), "nan", "nan"),
        ):
            with self.subTest(quantity=quantity):
                self.assertEqual(format_quantity(self.env, quantity), english)
                french_env = self.env(context={"lang": "fr_FR"})
                self.assertEqual(format_quantity(french_env, quantity), french)

    def test_refusal_says_the_whole_quantity(self):
        gram = self.env.ref("uom.product_uom_gram")
        gold = self._make_product("Gold", 50.0, uom_id=gram.id)
        order = self._create_sold(self._line(gold, 1234567.25, 0.01, self.tax_19))
        wizard = self._open_process(self._create_rma(order, state="accepted"))
        wizard.line_ids.qty_refund = 1234567.5
        with self.assertRaisesRegex(UserError, "1,234,567.5 to refund.*1,234,567.25 asked"):
            wizard.action_process()
