"""Figures equal the sums over the documents (issue 16.14)."""

import random
from collections import defaultdict
from datetime import datetime

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestFigures(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["sale.rma.report"]
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.broken = cls.env.ref("sale_rma.reason_not_as_described")

    # === READING === #

    def _read(self, aggregates, group_by=(), domain=()):
        """Return {group: figures}, or the figures of all rows."""
        self.env.flush_all()
        rows = self.report._read_group(list(domain), list(group_by), list(aggregates))
        if not group_by:
            return rows[0]
        return {row[0]: row[1:] for row in rows}

    def _assert_figures(self, found, expected):
        for key in found.keys() | expected.keys():
            self.assertAlmostEqual(
                (found.get(key) or (0,))[0] or 0.0, expected.get(key, 0.0), 2, str(key)
            )

    # === RANDOM DATA === #

    def _make_random(self, dice):
        """Return an order with returns, some of them finished, with all that can be given."""
        items = [
            (product, dice.randint(1, 4), {"price_unit": dice.randint(100, 9999) / 100})
            for product in (self.shirt, self.mug)
        ]
        order = self._create_sold(*items, shipping=dice.choice((None, 4.99)))
        state = dice.choice(("draft", "requested", "processing", *["done"] * 5))
        quantities = {product: dice.randint(0, 2) for product, *_rest in items}
        quantities = {p: min(q, dict(i[:2] for i in items)[p]) for p, q in quantities.items()}
        if not any(quantities.values()):
            return order
        rma = self._create_rma(order, quantities, state="accepted" if state == "done" else state)
        rma.line_ids[:1].reason_id = dice.choice((self.reason, self.broken))
        if state == "done":
            self._finish(rma, dice)
        return order

    def _finish(self, rma, dice):
        wizard = self._open_process(rma)
        wizard.refund_shipping = wizard.can_refund_shipping and dice.random() < 0.5
        wizard.amount_fee = dice.choice((0.25, 0.5))
        wizard.amount_adjustment = dice.choice((0.0, -0.25))
        wizard.line_ids[:1].qty_received = dice.randint(1, int(wizard.line_ids[:1].quantity))
        if dice.random() < 0.5:
            wizard.line_ids[:1].write({"exchange": True, "exchange_product_id": self.mug.id})
        wizard.action_process()
        if dice.random() < 0.5:
            rma.refund_ids._reverse_moves(cancel=True)

    def test_figures_are_the_sums_over_the_documents_of_random_returns(self):
        dice = random.Random(16)
        orders = self.env["sale.order"].union(*(self._make_random(dice) for _n in range(10)))
        rmas = orders.rma_ids.filtered(lambda rma: rma.state != "draft")
        self.assertIn("done", rmas.mapped("state"))
        moves = self.env["account.move"].search([("rma_id", "in", rmas.ids)])
        sent = rmas.exchange_order_ids.order_line.filtered("source_rma_line_id")
        goods = (orders | rmas.exchange_order_ids).order_line.filtered(
            lambda line: line.product_id.type == "consu" and line.price_unit >= 0
        )
        self.assertTrue(sent and moves.filtered(lambda move: move.move_type == "out_invoice"))
        names = ("qty_sold", "qty_returned", "amount_refunded", "amount_fee", "amount_exchanged")
        found = self._read([f"{name}:sum" for name in names])
        fees = moves.line_ids.filtered(
            lambda line: line.product_id == self.env.ref("sale_rma.product_refund_fee")
        )
        fee = sum(-x.price_total * x.move_id._get_credit_sign() for x in fees)
        expected = (
            sum(goods.mapped("product_uom_qty")),
            sum(rmas.line_ids.mapped("qty_returned")),
            -sum(moves.filtered(lambda m: m.state == "posted").mapped("amount_total_signed")),
            fee,
            sum(sent.mapped("price_total")),
        )
        for name, figure, total in zip(names, found, expected, strict=True):
            self.assertTrue(total, name)
            self.assertAlmostEqual(figure, total, 2, name)
        self.assertAlmostEqual(found[2], sum(rmas.mapped("amount_refunded")), 2)
        self._check_groups(rmas, goods)

    def _check_groups(self, rmas, goods):
        sold, returned, why, refunded = (defaultdict(float) for _n in range(4))
        for line in goods:
            sold[line.product_id] += line.product_uom_qty
        for line in rmas.line_ids:
            returned[line.product_id] += line.qty_returned
            why[line.reason_id] += line.qty_returned
        for rma in rmas:
            refunded[rma] += rma.amount_refunded
        self._assert_figures(self._read(["qty_sold:sum"], ["product_id"]), sold)
        self._assert_figures(self._read(["qty_returned:sum"], ["product_id"]), returned)
        self._assert_figures(self._read(["qty_returned:sum"], ["reason_id"]), why)
        self._assert_figures(self._read(["amount_refunded:sum"], ["rma_id"]), refunded)

    # === PIECES === #

    def test_a_pack_counts_as_its_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_sold((self.mug, 2, {"product_uom_id": dozen.id}))
        self._create_rma(order, 1, state="done")
        self.assertEqual(
            self._read(["qty_sold:sum", "qty_returned:sum", "qty_refunded:sum"]), (24, 12, 12)
        )

    def test_of_a_finished_return_counts_what_came_back(self):
        rma = self._create_rma(self._create_sold((self.shirt, 3)), 3, state="accepted")
        self.assertEqual(rma.line_ids.qty_returned, 3, "as long as it is awaited")
        self._process(rma, {"qty_received": 1})
        self.assertEqual(rma.line_ids.qty_returned, 1)
        self.assertEqual(self._read(["qty_returned:sum"])[0], 1)

    def test_what_is_refused_is_not_returned(self):
        rma = self._create_rma(self._create_sold((self.shirt, 3)), 3, state="requested")
        rma.action_refuse("Too late")
        self.assertFalse(self._read(["qty_returned:sum"])[0])
        self.assertEqual(self._read(["returns:count_distinct"])[0], 1, "it can be counted")

    # === RATES === #

    def test_rates_have_their_base_of_items_and_of_orders(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 5))
        self._create_sold((self.shirt, 2), shipping=5.0)
        self._create_rma(order, {self.shirt: 1}, state="accepted")
        self._create_rma(order, {self.mug: 1}, state="accepted")
        found = self._read(
            ["rate_items:avg", "qty_sold:sum", "rate_orders:avg", "orders_sold:count_distinct"]
        )
        self.assertEqual(found, (20.0, 10.0, 50.0, 2))
        by_product = self._read(["rate_items:avg"], ["product_id"])
        self.assertEqual(by_product[self.shirt], (20.0,))
        self.assertEqual(by_product[self.mug], (20.0,))

    def test_rate_is_of_the_same_period(self):
        old, new = self._create_sold((self.shirt, 4)), self._create_sold((self.shirt, 2))
        old.date_order = datetime(2025, 3, 5)
        self._create_rma(old, 1, state="requested").sudo().date_requested = datetime(2025, 4, 2)
        self._create_rma(new, 1, state="requested")
        spring = [("date", ">=", "2025-03-01"), ("date", "<", "2025-05-01")]
        self.assertEqual(self._read(["rate_items:avg", "qty_sold:sum"], (), spring), (25.0, 4))
        april = [("date", ">=", "2025-04-01"), ("date", "<", "2025-05-01")]
        self.assertEqual(self._read(["rate_items:avg", "qty_sold:sum"], (), april)[1], False)
        bought = [("date_order", "<", "2025-04-01")]
        self.assertEqual(self._read(["rate_items:avg"], (), bought), (25.0,), "by day of sale")

    def test_the_pivot_reads_rates_and_percentiles_of_all_its_groups_at_once(self):
        order = self._create_sold((self.shirt, 4), (self.mug, 1))
        self._create_rma(order, {self.shirt: 1}, state="done")
        sets = [[], ["product_id"]]
        totals, rows = self.report.formatted_read_grouping_sets(
            [], sets, ["rate_items:avg", "days_to_refund_median:avg"]
        )
        self.assertEqual(totals[0]["rate_items:avg"], 20.0)
        rates = {row["product_id"][0]: row["rate_items:avg"] for row in rows if row["product_id"]}
        self.assertEqual(rates, {self.shirt.id: 25.0, self.mug.id: 0.0})

    # === TIME === #

    def _make_returns_that_took(self, *days):
        for number in days:
            rma = self._create_rma(self._create_sold((self.shirt, 1)), state="done")
            asked = fields.Datetime.subtract(rma.date_received, days=number)
            rma.sudo().date_requested = asked

    def test_median_and_nine_of_ten_of_the_days(self):
        self._make_returns_that_took(1, 2, 3, 4, 20)
        names = ("days_to_arrival", "days_to_refund")
        for name in names:
            found = self._read([f"{name}_median:avg", f"{name}_p90:avg", f"{name}:avg"])
            for days, expected in zip(found, (3, 13.6, 6), strict=True):
                self.assertAlmostEqual(days, expected, 1, name)

    def test_share_late(self):
        self._make_returns_that_took(1, 1, 1, 1)
        late = self.env["sale.rma"].search([], limit=1)
        late.sudo().date_received = datetime(2025, 1, 1)  # due 14 days later
        self.assertEqual(self._read(["share_late:avg"]), (25.0,))
        overdue = self._create_rma(self._create_sold((self.shirt, 1)), state="processing")
        overdue.sudo().date_received = datetime(2025, 1, 1)
        self.assertEqual(self._read(["share_late:avg"]), (40.0,), "not refunded yet, and over")

    # === MONEY === #

    def test_refunded_last_month_and_why_is_the_credit_notes_of_last_month(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 2), shipping=8.4)
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        rma.line_ids[1].reason_id = self.broken
        self._process(rma, refund_shipping=True, amount_fee=1.0)
        saved = self.env.ref("sale_rma.sale_rma_report_filter_refunded")
        self.assertEqual(saved.model_id, "sale.rma.report")
        groups = self._read(["amount_refunded:sum"], ["reason_id"])
        items = {line.reason_id: line.price_paid for line in rma.line_ids}
        self._assert_figures(groups, {**items, self.reason.browse(): 8.4 * 1.15 - 1.0})
        self.assertAlmostEqual(sum(g[0] or 0 for g in groups.values()), rma.amount_refunded)

    def test_amounts_sum_and_group_in_the_list_of_returns(self):
        for product in (self.shirt, self.mug):
            self._create_rma(self._create_sold((product, 1)), state="done")
        rmas = self.env["sale.rma"].search([("company_id", "=", self.company.id)])
        groups = rmas._read_group([("id", "in", rmas.ids)], ["state"], ["amount_refunded:sum"])
        self.assertEqual(groups, [("done", sum(rmas.mapped("amount_refunded")))])
        self.assertTrue(groups[0][1])

    def test_a_credit_note_undone_is_not_refunded(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), state="done")
        self.assertTrue(rma.amount_refunded)
        rma.refund_ids.button_draft()
        rma.refund_ids.button_cancel()
        self.env.flush_all()
        self.assertEqual((rma.amount_refunded, rma.date_refunded), (0.0, False))
        self.assertFalse(self._read(["amount_refunded:sum"])[0])

    # === RIGHTS === #

    def test_a_salesperson_sees_the_figures_of_own_documents(self):
        seller, other = (
            self._make_user(name, "sales_team.group_sale_salesman") for name in ("own", "other")
        )
        order = self._create_sold((self.shirt, 3), user_id=seller.id)
        self._create_rma(order, 1, state="done")
        self._create_sold((self.shirt, 7), user_id=other.id)
        self.env.flush_all()
        found = self.report.with_user(seller)._read_group(
            [], [], ["qty_sold:sum", "qty_returned:sum"]
        )
        self.assertEqual(found, [(3, 1)])
        everything = self._make_user("all", "sales_team.group_sale_salesman_all_leads")
        found = self.report.with_user(everything)._read_group([], [], ["qty_sold:sum"])
        self.assertEqual(found, [(10,)])

    def test_others_read_no_figures(self):
        for group in ("stock.group_stock_user", "base.group_portal", "base.group_user"):
            user = self._make_user(f"no_{group}", group)
            with self.assertRaises(AccessError):
                self.report.with_user(user)._read_group([], [], ["qty_sold:sum"])

    def test_another_companys_figures_stay_there(self):
        self._create_rma(self._create_sold((self.shirt, 3)), 1, state="done")
        other = self.env["res.company"].create({"name": "Other"})
        seller = self._make_user(
            "elsewhere",
            "sales_team.group_sale_salesman_all_leads",
            company_ids=[Command.set((self.company | other).ids)],
        )
        self.env.flush_all()
        for company, sold in ((self.company, 3), (other, False)):
            report = self.report.with_user(seller).with_context(allowed_company_ids=company.ids)
            self.assertEqual(report._read_group([], [], ["qty_sold:sum"]), [(sold,)])

    # === BUTTONS === #

    def test_product_and_customer_show_their_rate(self):
        order = self._create_sold((self.shirt, 4), (self.mug, 1))
        self._create_rma(order, {self.shirt: 1}, state="accepted")
        self.env.flush_all()
        for record in (self.shirt, self.shirt.product_tmpl_id):
            self.assertEqual((record.rma_rate, record.rma_qty_sold), (25.0, 4.0))
            action = record.action_view_rma_report()
            self.assertEqual(self._read(["qty_returned:sum"], (), action["domain"]), (1,))
        self.assertEqual((self.customer.rma_rate, self.customer.rma_qty_sold), (20.0, 5.0))
        keeper = self._make_user("keeps_stock", "stock.group_stock_user")
        self.assertEqual(self.shirt.with_user(keeper).rma_rate, 0.0, "no figures for others")

    def test_a_row_opens_what_it_is_about(self):
        rma = self._create_rma(self._create_sold((self.shirt, 4)), 1, state="accepted")
        self.env.flush_all()
        opened = {(row.kind, row.action_open()["res_model"]) for row in self.report.search([])}
        self.assertEqual(opened, {("sold", "sale.order"), ("returned", "sale.rma")})
        returned = self.report.search([("kind", "=", "returned")])
        self.assertEqual((returned.rma_id, returned.state), (rma, "accepted"))
