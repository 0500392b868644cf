"""Packs and dozens: any number of pieces can come back, at its share of the price (14.20)."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sale_rma.tools.quantity_field import format_quantity

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestPacks(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pack = cls.env.ref("uom.product_uom_pack_6")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def _sold_packs(self, quantity=1, price=10.0, unit=None, policy="delivery"):
        mug = self._make_product("Beaker", 1.0, policy)
        unit = unit or self.pack
        line = self._line(mug, quantity, price, self.tax_19, product_uom_id=unit.id)
        return self._create_sold(line)

    def _rma(self, order, pieces, of=6, **values):
        """Return pieces as people type them on the screen: a part of a pack, in two decimals."""
        return self._create_rma(order, round(pieces / of, 2), **values)

    def _pieces(self, moves):
        return sum(moves.filtered(lambda move: move.state == "done").mapped("product_qty"))

    def test_each_number_of_pieces_comes_back_at_its_share(self):
        # 12.00 the pack, 19 % on top: 2.00 and 0.38 a piece
        for pieces, total in ((1, 2.38), (2, 4.76), (4, 9.52), (5, 11.90)):
            with self.subTest(pieces=pieces):
                order = self._sold_packs(price=12.0)
                rma = self._rma(order, pieces, state="done")
                self.assertEqual(self._pieces(rma.line_ids.move_ids[:1]), pieces)
                self.assertEqual(rma.amount_refunded, total)
                credit = rma.refund_ids.invoice_line_ids
                self.assertEqual((credit.quantity, credit.product_uom_id), (pieces, self.uom_unit))
                self.assertAlmostEqual(credit.price_unit, 2.0, 6)
                self.assertEqual(order.order_line.qty_delivered, round(1 - pieces / 6, 2))
                self.assertEqual(order.order_line.qty_invoiced, round(1 - pieces / 6, 2))
                self.assertSettled(order)

    def test_six_single_pieces_give_back_the_pack_to_the_cent(self):
        # 10.00 the pack and 1.90 of tax: 1.98333 a piece
        order = self._sold_packs()
        rmas = [self._rma(order, 1, state="done") for _piece in range(6)]
        totals = [rma.amount_refunded for rma in rmas]
        self.assertAlmostEqual(sum(totals), 11.90, 2)
        self.assertTrue(all(abs(total - 11.90 / 6) < 0.02 for total in totals), totals)
        self.assertClosed(order)
        self.assertSettled(order)
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.qty_returnable), (0, 0, 0))

    def test_six_returns_at_once_have_room_and_a_seventh_has_not(self):
        order = self._sold_packs()
        for _piece in range(6):
            self._rma(order, 1, state="accepted")
        self.assertEqual(order.order_line.qty_returnable, 0)
        self.assertFalse(order.is_returnable)
        domain = [("is_returnable", "=", True), ("id", "=", order.id)]
        self.assertFalse(order.search(domain))
        with self.assertRaisesRegex(ValidationError, r"at most 0 Pack of 6 \(0 pieces\)"):
            self._rma(order, 1)

    def test_what_is_left_is_told_in_pieces_by_the_search_too(self):
        order = self._sold_packs()
        domain = [("is_returnable", "=", True), ("id", "=", order.id)]
        for pieces, state, left in ((2, "done", True), (3, "accepted", True), (1, "done", False)):
            self._rma(order, pieces, state=state)
            self.assertEqual((order.is_returnable, bool(order.search(domain))), (left, left))

    def test_pieces_of_a_dozen_paid_in_advance(self):
        # 2 dozens at 30.00, 11.40 of tax: 2.975 a piece
        order = self._sold_packs(2, 30.0, self.dozen, policy="order")
        for pieces in (1, 7, 5, 11):
            self._rma(order, pieces, of=12, state="done")
        self.assertAlmostEqual(sum(order.rma_ids.mapped("amount_refunded")), 71.40, 2)
        self.assertClosed(order)
        self.assertSettled(order)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_pieces_that_odoos_own_return_books_in_two_decimals_are_pieces(self):
        # five of twelve are 0.42 dozen to Odoo, which are 5.04 pieces
        order = self._sold_packs(1, 30.0, self.dozen)
        wizard = self.env["stock.return.picking"].create({"picking_id": order.picking_ids.id})
        wizard.product_return_moves.quantity = 5 / 12
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        for pieces in (5, 7):
            self._rma(order, pieces, of=12, state="done")
        self.assertEqual(sum(order.rma_ids.mapped("amount_refunded")), 35.70)
        self.assertEqual(order.order_line.qty_returnable, 0)
        self.assertClosed(order)

    def test_pieces_come_in_parts_on_the_screen(self):
        order = self._sold_packs(2, 12.0)
        rma = self._rma(order, 7, state="accepted")  # 1.17
        self.assertEqual(sum(rma.picking_ids.move_ids.mapped("product_qty")), 7)
        self._process(rma, {"qty_received": 0.33}, close=False)
        line = rma.line_ids
        self.assertEqual(self._pieces(line.move_ids), 2)
        self.assertEqual(rma.amount_refunded, 4.76)
        self._process(rma, {"qty_received": 1.17})
        self.assertEqual((self._pieces(line.move_ids), rma.amount_refunded), (7, 16.66))
        self.assertEqual(self._stock_of(line.product_id), -5)  # 12 sold

    def test_what_is_no_piece_is_refused_in_pieces(self):
        order = self._sold_packs()
        with self.assertRaisesRegex(ValidationError, r"at most 1 Pack of 6 \(6 pieces\)"):
            self._create_rma(order, 1.17)
        with self.assertRaisesRegex(ValidationError, "only whole pieces"):
            self._create_rma(order, 0.25)
        rma = self._rma(order, 5, state="accepted")
        with self.assertRaisesRegex(UserError, "whole pieces"):
            self._process(rma, {"qty_received": 0.4})

    def test_words_say_pieces(self):
        for quantity, text, number in ((5 / 6, "5 pieces", "0.83"), (1 / 6, "1 piece", "0.17")):
            self.assertEqual(format_quantity(self.env, quantity, self.pack), text)
            self.assertEqual(format_quantity(self.env, quantity), number)
        self.assertEqual(format_quantity(self.env, 2.0, self.pack), "2 Pack of 6")

    def test_a_change_written_to_the_item_is_in_pieces_too(self):
        order = self._sold_packs()
        rma = self._rma(order, 1)
        rma.line_ids.quantity = 0.83
        self.assertAlmostEqual(rma.line_ids.quantity * 6, 5, 5)
        self.assertEqual(rma.line_ids._fields["quantity"].get_digits(self.env)[1], 2)
