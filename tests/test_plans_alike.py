"""Whoever makes the plan, the documents are the same; and plans of several returns give what each
gives alone."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleRmaCommon

WISHES = {
    "defaults": {},
    "one came": {"shirt": {"received": 1}},
    "kept": {"shirt": {"received": 0, "keep": True}},
    "not for sale": {"shirt": {"received": 2, "restock": 0}, "mug": {"received": 1}},
    "less money": {"shirt": {"received": 2, "refund": 1}},
    "extras": {"refund_shipping": True, "fee": 3.0, "adjustment": 1.5},
    "exchange": {"mug": {"received": 2, "exchange": True, "exchange_qty": 2}},
    "other goods": {"shirt": {"exchange": True, "exchange_product": "mug", "exchange_qty": 1}},
    "priced": {
        "shirt": {"exchange": True, "exchange_product": "mug", "exchange_qty": 1},
        "price": 4.0,
        "fee": 2.0,
    },
}
# what the plan's keys are called on the screen
SCREEN = {"received": "qty_received", "restock": "qty_restock", "refund": "qty_refund"}
SCREEN |= {"exchange_product": "exchange_product_id", "exchange_qty": "qty_exchange"}
SCREEN |= {"fee": "amount_fee", "adjustment": "amount_adjustment"}
ITEMS = ("shirt", "mug")


@tagged("post_install", "-at_install")
class TestPlansAlike(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env["sale.rma"]

    def _sell(self):
        sold = (self.shirt, 3, {"discount": 15.0}), (self.mug, 2)
        return self._create_sold(*sold, shipping=7.0)

    def _accept(self, order=None, **quantities):
        quantities = quantities or {"shirt": 2, "mug": 2}
        items = {getattr(self, name): quantity for name, quantity in quantities.items()}
        return self._create_rma(order or self._sell(), items, state="accepted")

    def _make_plan(self, rma, wish):
        """Return the plan of a wish."""
        lines = []
        for name, line in zip(ITEMS, rma.line_ids, strict=True):
            values = {"rma_line": line.id, **wish.get(name, {})}
            if "exchange_product" in values:
                values["exchange_product"] = getattr(self, values["exchange_product"]).id
                if "price" in wish:
                    values["exchange_price"] = wish["price"]
            lines.append(values)
        others = {key: wish[key] for key in wish.keys() - {*ITEMS, "price"}}
        return {"rma": rma.id, "lines": lines, **others}

    def _fill_screen(self, rma, wish):
        """Fill in the screen as the plan of a wish says."""
        plan = self._make_plan(rma, wish)
        lines = plan.pop("lines")
        del plan["rma"]
        wizard = self._open_process(rma, **{SCREEN.get(key, key): plan[key] for key in plan})
        for line, values in zip(wizard.line_ids, lines, strict=True):
            del values["rma_line"]
            line.write({SCREEN.get(key, key): values[key] for key in values})
        return wizard

    def _tell(self, rma):
        """Return all that processing made of a return, without the names of documents."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = ("name", "quantity", "price_unit", "discount", "price_subtotal", "price_total")
        moves = rma.picking_ids.move_ids.sorted("id")
        return {
            "state": rma.state,
            "items": [
                (line.qty_received, line.qty_restocked, line.qty_refunded, line.qty_exchanged)
                for line in rma.line_ids
            ],
            "credits": [
                (move.state, move.amount_total, move.amount_tax, move.reversed_entry_id.id > 0)
                for move in rma.refund_ids
            ],
            "credited": [
                [*map(line.__getitem__, names), line.account_id.id, line.tax_ids.ids]
                for line in rma.refund_ids.invoice_line_ids
            ],
            "moves": [
                (move.product_id.id, move.state, move.quantity, move.location_dest_id.id)
                for move in moves
            ],
            "sent": [
                (line.product_id.id, line.product_uom_qty, line.price_unit, line.discount)
                for line in rma.exchange_order_ids.order_line
            ],
            "sent for": rma.exchange_order_ids.mapped("amount_total"),
            "order": rma.order_id.order_line.mapped(
                lambda line: (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice)
            ),
        }

    def test_screen_and_plan_make_the_same(self):
        for title, wish in WISHES.items():
            with self.subTest(title):
                planned, typed = self._accept(), self._accept()
                plan = self._make_plan(planned, wish)
                wizard = self._fill_screen(typed, wish)
                (preview,) = self.engine._preview([plan])
                self.assertAlmostEqual(preview["amount_total"], wizard.amount_total, 2)
                self.assertAlmostEqual(preview["amount_exchange"], wizard.amount_exchange, 2)
                self.engine._process([plan])
                wizard.action_process()
                self.assertEqual(self._tell(planned), self._tell(typed))
                self.assertTrue(planned.refund_ids)

    def test_bulk_and_plan_make_the_same(self):
        rmas, alone = (self.engine.union(self._accept(), self._accept()) for _way in range(2))
        for some in (rmas, alone):
            self._receive(some[0], {self.shirt: 1})
            self._receive(some[1])
        job = self.env["sale.rma.job"].browse(rmas.action_bulk("process")["res_id"])
        job.action_start()
        while not job.action_run_next()["is_over"]:
            pass
        self.assertEqual(set(job.line_ids.mapped("state")), {"done"})
        for rma, other in zip(rmas, alone, strict=True):
            (plan,) = self.env["sale.rma.job"]._make_plans(other)
            self.engine._process([plan.to_data()])
            self.assertEqual(self._tell(rma), self._tell(other))

    def test_several_orders_at_once_are_each_as_alone(self):
        wishes = [WISHES[title] for title in ("one came", "kept", "extras", "priced")]
        together, alone = ([self._accept() for _wish in wishes] for _way in range(2))
        plans = [self._make_plan(*pair) for pair in zip(together, wishes, strict=True)]
        result = self.engine._process(plans)
        self.assertEqual(result, self.engine.union(*together))
        for rma, other, wish in zip(together, alone, wishes, strict=True):
            self.engine._process([self._make_plan(other, wish)])
            self.assertEqual(self._tell(rma), self._tell(other))

    def test_several_returns_of_one_order_at_once(self):
        """The second is told what the first gave: the order's last cent is in one of them."""
        results = []
        for together in (True, False):
            order = self._sell()
            rmas = [self._accept(order, shirt=1) for _piece in range(3)]
            rmas.append(self._accept(order, mug=2))
            plans = [{"rma": rma.id, "refund_shipping": rma == rmas[0]} for rma in rmas]
            for some in [plans] if together else [[plan] for plan in plans]:
                self.engine._process(some)
            invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
            credits = order.invoice_ids - invoice
            self.assertEqual(len(credits), 4)
            self.assertAlmostEqual(sum(credits.mapped("amount_total")), invoice.amount_total, 2)
            results.append([self._tell(rma) for rma in rmas])
        self.assertEqual(*results)

    def test_two_returns_of_one_order_ask_for_the_shipping_once(self):
        order = self._sell()
        rmas = [self._accept(order, shirt=1), self._accept(order, mug=1)]
        plans = [{"rma": rma.id, "refund_shipping": True} for rma in rmas]
        with self.assertRaisesRegex(UserError, "(?i)shipping"), self.env.cr.savepoint():
            self.engine._process(plans)
        self.assertFalse(order.rma_ids.refund_ids)
