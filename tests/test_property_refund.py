"""Randomised orders, returned at random, with every figure told from the books alone.

RMA_PROPERTY_ORDERS sets how many orders are made (90; in CI 300), RMA_PROPERTY_SEED which ones
(4); with RMA_PROPERTY_SHRINK=1 a failure is reduced to its simplest case, which takes minutes.
"""

import os
from collections import defaultdict
from contextlib import contextmanager, suppress
from fractions import Fraction
from pprint import pformat

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon

ORDERS = int(os.environ.get("RMA_PROPERTY_ORDERS", 90))
ORDERS_AT_ONCE = 15
SEED = int(os.environ.get("RMA_PROPERTY_SEED", 4))
SHRINK = bool(os.environ.get("RMA_PROPERTY_SHRINK"))
TAXES = (
    "none",
    "on top",
    "in the price",
    "two on top",
    "fixed amount and percent",
    "fixed amount in the base",
    "group",
)

CENTS = st.one_of(st.sampled_from([0, 1, 333, 999, 1000, 3333, 9999]), st.integers(0, 20000))

LINES = st.fixed_dictionaries(
    {
        "cents": CENTS,
        "quantity": st.integers(1, 6),
        "discount": st.sampled_from([0.0, 0.0, 5.0, 12.5, 33.33, 100.0]),
        "taxes": st.sampled_from(TAXES),
        "policy": st.sampled_from(["order", "delivery"]),
        "late": st.integers(0, 3),  # units delivered by a second delivery
        "never": st.sampled_from([0, 0, 0, 1]),  # units never delivered
        "surplus": st.sampled_from([0, 0, 0, 2]),  # units of goods sent beyond what was ordered
    }
)
RETURNS = st.fixed_dictionaries(
    {
        "units": st.lists(st.integers(0, 4), min_size=3, max_size=3),
        "keep": st.sampled_from([False, False, False, True]),
        "shipping": st.booleans(),
        "fee": st.sampled_from([0.0, 0.0, 0.0, 0.01, 4.99]),
        "adjustment": st.sampled_from([0.0, 0.0, 0.0, -1.01, 2.5]),
        "undo": st.sampled_from([False] * 7 + [True]),
        # percent of what is left of the invoices, given by hand before the return
        "by_hand": st.sampled_from([0, 0, 0, 0, 3, 60]),
    }
)
SALES = st.fixed_dictionaries(
    {
        "lines": st.lists(LINES, min_size=1, max_size=3),
        "shipping": st.one_of(st.none(), CENTS),
        "discount": st.sampled_from([None, None, "percent", "amount", "promotion"]),
        "foreign": st.booleans(),
        "in_parts": st.booleans(),  # invoiced after each delivery
        "returns": st.lists(RETURNS, min_size=1, max_size=3),
    }
)
WORLDS = st.fixed_dictionaries(
    {
        "rounding": st.sampled_from(["round_per_line", "round_globally"]),
        "posting": st.sampled_from(["post", "post", "draft"]),
        # goods are delivered and received; services, which costs less time, are claimed
        "goods": st.sampled_from([False, False, True]),
        # after the sale the promotion is another one, and products are in another category
        "edited": st.booleans(),
        "sales": st.lists(SALES, min_size=ORDERS_AT_ONCE, max_size=ORDERS_AT_ONCE),
    }
)


@tagged("post_install", "-at_install")
class TestPropertyRefund(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(type(cls.env["sale.rma"]), "_log_history", lambda *args: None)
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.taxes = cls._make_taxes()
        service = {"type": "service", "is_storable": False}
        cls.products = {
            (policy, goods): [
                cls._make_product(f"{policy} {i}", 1.0, policy, **({} if goods else service))
                for i in range(3)
            ]
            for policy in ("order", "delivery")
            for goods in (True, False)
        }
        cls.program = cls._make_program(discount=10, discount_applicability="order")
        cls.pricelists = {
            foreign: cls.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id}
            )
            for foreign, currency in ((True, cls.foreign), (False, cls.company.currency_id))
        }
        cls.counts = defaultdict(int)

    def test_any_order_returned_in_any_way_keeps_every_rule(self):
        examples = max(ORDERS // ORDERS_AT_ONCE, 1)
        print(f"\nRMA_PROPERTY_SEED={SEED} RMA_PROPERTY_ORDERS={ORDERS}")  # noqa: T201

        @seed(SEED)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(WORLDS)
        def run(world):
            savepoint = self.cr.savepoint()
            try:
                self._check_world(world)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

        run()
        print(dict(self.counts))  # noqa: T201

    # === THE WORLD === #

    def _check_world(self, world):
        self.company.tax_calculation_rounding_method = world["rounding"]
        self.company.rma_refund_posting = world["posting"]
        self.program.active = False
        orders = self._make_orders(world)
        sale_of = dict(zip(orders, world["sales"], strict=True))
        self._deliver_and_invoice(sale_of)
        cases = [OrderOracle(self, order, sale) for order, sale in sale_of.items()]
        self.counts["orders"] += len(cases)
        for step in range(max(len(sale["returns"]) for sale in world["sales"])):
            due = [case for case in cases if len(case.sale["returns"]) > step and not case.failure]
            self._return_step(due, step)
            for case in due:
                with case.blamed():
                    case.check()
        failures = [case for case in cases if case.failure]
        if failures:
            about = {key: value for key, value in world.items() if key != "sales"}
            raise AssertionError(
                "\n".join(
                    f"{case.failure} in {about} on\n{pformat(case.sale)}" for case in failures
                )
            )

    def _make_orders(self, world):
        orders = self.env["sale.order"].create(
            [self._prepare_order(sale, world["goods"]) for sale in world["sales"]]
        )
        for order, sale in zip(orders, world["sales"], strict=True):
            amount = order.amount_total
            if sale["discount"] == "percent" and amount:
                self._discount(order, percent=17.5)
            elif sale["discount"] == "amount" and amount > 5:
                self._discount(order, amount=round(amount / 3, 2))
            elif sale["discount"] == "promotion" and amount:
                self.program.active = True
                with suppress(UserError):  # nothing but shipping costs anything
                    self._claim(order, self.program)
        orders.action_confirm()
        self.program.active = False
        if world["edited"]:
            self._edit_promotion(world["goods"])
        return orders

    def _edit_promotion(self, goods):
        products = self.products["order", goods] + self.products["delivery", goods]
        category = self.env["product.category"].create({"name": "Clearance"})
        for product in products[::2]:
            product.categ_id = category
        self.program.with_context(active_test=False).reward_ids.write(
            {
                "discount": 50,
                "discount_applicability": "specific",
                "discount_product_category_id": category.id,
            }
        )

    def _prepare_order(self, sale, goods):
        lines = []
        for index, line in enumerate(sale["lines"]):
            product = self.products[line["policy"], goods][index]
            vals = self._line(
                product,
                line["quantity"],
                line["cents"] / 100,
                self.taxes[line["taxes"]],
                line["discount"],
            )
            lines.append({"product_id": vals[0].id, "product_uom_qty": vals[1], **vals[2]})
        if sale["shipping"] is not None:
            vals = self._line(
                self.carrier.product_id, 1, sale["shipping"] / 100, self.taxes["on top"]
            )
            lines.append(
                {"product_id": vals[0].id, "product_uom_qty": 1, "is_delivery": True, **vals[2]}
            )
        return {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "warehouse_id": self.warehouse.id,
            "pricelist_id": self.pricelists[sale["foreign"]].id,
            "order_line": [Command.create(vals) for vals in lines],
        }

    def _deliver_and_invoice(self, sale_of):
        """Deliver twice; invoice after each delivery, or at the end."""
        for stage in (1, 2):
            sold_lines = {
                sold: sold.product_uom_qty
                - line["never"]
                + (0 if sold.product_id.type == "service" else line["surplus"])
                - (line["late"] if stage == 1 else 0)
                for order, sale in sale_of.items()
                for sold, line in zip(order.order_line, sale["lines"], strict=False)
            }
            self._deliver_up_to(sold_lines)
            due = self.env["sale.order"].union(
                *(
                    order
                    for order, sale in sale_of.items()
                    if (stage == 2 or sale["in_parts"]) and order.invoice_status == "to invoice"
                )
            )
            if due:
                invoices = due._create_invoices(grouped=True)
                invoices.invoice_date = "2026-03-01"  # another rate than today's
                invoices.filtered(lambda move: move.amount_total >= 0).action_post()

    def _deliver_up_to(self, sold_lines):
        moves = self.env["stock.move"]
        for sold, quantity in sold_lines.items():
            if sold.product_id.type == "service":
                sold.qty_delivered = max(quantity, 0.0)
                continue
            move = sold.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            if not move:  # the first delivery took all, with what is beyond
                continue
            move.quantity = max(quantity - sold.qty_delivered, 0.0)
            move.picked = bool(move.quantity)
            moves |= move.filtered("picked")
        moves.picking_id._action_done()

    # === THE RETURNS === #

    def _return_step(self, cases, step):
        for case in cases:
            case.give_by_hand(step)
        rmas = self.env["sale.rma"].create(
            [vals for case in cases if (vals := case.prepare_return(step))]
        )
        case_of = {case.order: case for case in cases}
        rmas.action_accept()
        wizards = self.env["sale.rma.process"]
        promises = {}
        for rma in rmas:
            wizard = self._open_process(rma)
            with case_of[rma.order_id].blamed():
                case_of[rma.order_id].fill_in(wizard, step)
            promises[rma] = wizard.amount_total, wizard.tax_totals
            wizards |= wizard
        wizards.action_process()
        self.counts["returns"] += len(rmas)
        drafts = rmas.refund_ids.filtered(lambda move: move.state == "draft")
        for line in drafts.rma_id.line_ids:
            self.assertEqual(line.qty_refunded, 0.0)
        drafts.action_post()
        for rma, promise in promises.items():
            case = case_of[rma.order_id]
            with case.blamed():
                self._check_promise(rma, *promise)
                case.note(rma)
        self._undo(rmas.filtered(lambda rma: case_of[rma.order_id].sale["returns"][step]["undo"]))

    def _undo(self, rmas):
        """Cancel the credit notes and give the same units back again."""
        rmas = rmas.filtered("refund_ids")
        if not rmas:
            return
        refunds = rmas.refund_ids
        units = {line: line.qty_refunded for line in rmas.line_ids}
        extras = {rma: self._read_extras(rma) for rma in rmas}
        refunds.button_draft()
        refunds.button_cancel()
        for line in rmas.line_ids:
            self.assertEqual(line.qty_refunded, 0.0)
        rmas.action_reopen()
        wizards = self.env["sale.rma.process"]
        for rma in rmas:
            wizard = self._open_process(rma)
            for line in wizard.line_ids:
                line.qty_received, line.qty_restock = line.qty_already_received, 0.0
                line.qty_refund = units[line.rma_line_id]
            wizard.write(extras[rma])
            wizards |= wizard
        wizards.action_process()
        rmas.refund_ids.filtered(lambda move: move.state == "draft").action_post()
        self.counts["undone"] += len(rmas)

    def _read_extras(self, rma):
        lines = rma.refund_ids.invoice_line_ids
        product = {
            name: self.env.ref(f"sale_rma.product_refund_{name}") for name in ("fee", "adjustment")
        }
        return {
            "refund_shipping": any(lines.sale_line_ids.mapped("is_delivery")),
            "amount_fee": -sum(
                lines.filtered(lambda x: x.product_id == product["fee"]).mapped("price_total")
            ),
            "amount_adjustment": sum(
                lines.filtered(
                    lambda x: x.product_id == product["adjustment"] and not x.rma_set_off_id
                ).mapped("price_total")
            ),
            "adjustment_reason": ", ".join(
                filter(None, rma.refund_ids.mapped("rma_adjustment_reason"))
            ),
        }


class OrderOracle:
    """What an order's figures must be, told from its invoices and deliveries alone."""

    def __init__(self, test, order, sale):
        self.test, self.order, self.sale = test, order, sale
        self.sold = order.order_line[: len(sale["lines"])]
        self.others = order.order_line - self.sold
        self.shipping = self.others.filtered("is_delivery")
        self.discounts = self.others - self.shipping
        self.delivered = {line: line.qty_delivered for line in self.sold}
        # what is on a draft invoice is not offered for invoicing, nor can it be credited
        self.invoiced = {
            line: sum(self._items(line, "out_invoice").mapped("quantity"))
            for line in order.order_line
        }
        self.drafted = {line: line.qty_invoiced - self.invoiced[line] for line in order.order_line}
        self.returned = defaultdict(float)
        self.kept = defaultdict(float)  # credited while the customer keeps them
        self.credited = defaultdict(float)
        self.approved = False  # a sales manager gave more than was invoiced
        self.failure = None

    @contextmanager
    def blamed(self):
        """Keep what goes wrong for this order's account: the others of its world go on."""
        try:
            yield
        except AssertionError as error:
            self.failure = self.failure or str(error)

    def prepare_return(self, step):
        """Return the values of a return of what is still possible, if anything is."""
        asked = self.sale["returns"][step]["units"]
        lines = []
        for sold, units in zip(self.sold, asked, strict=False):
            possible = self.delivered[sold] - self.returned[sold]
            quantity = min(units, possible)
            if quantity > 0:
                lines.append(Command.create({"sale_line_id": sold.id, "quantity": quantity}))
        is_service = self.sold.product_id[:1].type == "service"
        rma_type = "claim" if is_service else "return"
        return lines and {"order_id": self.order.id, "rma_type": rma_type, "line_ids": lines}

    def give_by_hand(self, step):
        """R2b: a credit note by accounting, tied to nothing but the invoice it reverses."""
        percent = self.sale["returns"][step]["by_hand"]
        amount = round(self._get_left() * percent / 100, 2)
        invoice = self._moves("out_invoice")[:1]
        if amount > 0 and invoice:
            goodwill = {"name": "Goodwill", "price_unit": amount, "tax_ids": []}
            self.test.env["account.move"].create(
                {
                    "move_type": "out_refund",
                    "partner_id": invoice.partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "reversed_entry_id": invoice.id,
                    "invoice_date": invoice.invoice_date,
                    "invoice_line_ids": [Command.create(goodwill)],
                }
            ).action_post()
            self.test.counts["given by hand"] += 1

    def fill_in(self, wizard, step):
        """Fill in the screen: all comes back, or the customer keeps it."""
        wish = self.sale["returns"][step]
        test = self.test
        for line in wizard.line_ids:
            sold = line.rma_line_id.sale_line_id
            refundable = self.invoiced[sold] - self.credited[sold]
            test.assertAlmostEqual(
                line.qty_refundable, min(line.quantity, max(refundable, 0)), 6, "R2"
            )
            possible = self._get_refundable(line, wish["keep"])
            test.assertLessEqual(line.qty_refund, self._get_refundable(line, False) + 1e-6, "R10")
            if wish["keep"]:
                line.qty_received = line.qty_restock = 0
            line.qty_refund = min(line.qty_refundable, possible)
            if possible < line.qty_refundable:
                test.counts["sent too much"] += 1
        wizard.refund_shipping = wish["shipping"] and wizard.can_refund_shipping
        if wizard.refund_error:
            self._check_refusal(wizard)
            wizard.line_ids.qty_refund = 0
            wizard.refund_shipping = False
        total = wizard.amount_total
        if total > 0:
            is_claim = wizard.rma_id.rma_type == "claim"  # free of charge (L30)
            wizard.amount_fee = 0.0 if is_claim else min(wish["fee"], total)
            wizard.amount_adjustment = max(wish["adjustment"], -(total - wizard.amount_fee))
            left = self._get_left()
            if total - wizard.amount_fee + wizard.amount_adjustment > left + 0.004:
                test.assertIn("give the reason", wizard.refund_error or "", "R2b")
                test.counts["above the ceiling"] += 1
                wizard.adjustment_reason = "Goodwill"
                self.approved = True
            test.assertFalse(wizard.refund_error)

    def _get_refundable(self, line, is_kept):
        """R2: units kept are fewer than units paid, after as many are refunded. To keep one that
        is refunded is a decision, but none about what was sent beyond what was ordered."""
        sold = line.rma_line_id.sale_line_id
        if sold.product_id.type == "service":
            return line.quantity
        paid = self.invoiced[sold] + self.drafted[sold]
        arriving = 0 if is_kept else line.quantity
        with_customer = self.delivered[sold] - self.returned[sold] - arriving - self.kept[sold]
        unkept = paid - self.credited[sold] - max(with_customer, 0)
        if not is_kept:
            return min(line.quantity, max(unkept, 0))
        ordered = max(paid, sold.product_uom_qty) - self.credited[sold]
        return line.quantity if ordered >= max(with_customer, 0) else 0

    def _get_left(self):
        """R2b: what the order's invoices billed less what credit notes gave back."""
        invoices = self._moves("out_invoice")
        credits = invoices.reversal_move_ids.filtered(lambda move: move.state != "cancel")
        undone = credits.reversal_move_ids.filtered(lambda move: move.state == "posted")
        total = sum((invoices | undone).mapped("amount_total"))
        return round(total - sum(credits.mapped("amount_total")), 2)

    def _check_refusal(self, wizard):
        """Only what costs less than its share in a discount cannot be given back."""
        self.test.counts["below zero"] += 1
        self.test.assertIn("cost less than its share", wizard.refund_error)
        discounts = [self._items(line, "out_invoice") for line in self.discounts]
        taken_off = -sum(sum(items.mapped("price_total")) for items in discounts)
        lines = wizard.line_ids.filtered("qty_refund").rma_line_id.sale_line_id
        cost = sum(
            sum(self._items(sold, "out_invoice").mapped("price_total"))
            * min(1, self._get_part(wizard, sold))
            for sold in lines
        )
        self.test.assertGreater(taken_off, cost)

    def _get_part(self, wizard, sold):
        lines = wizard.line_ids.filtered(lambda line: line.rma_line_id.sale_line_id == sold)
        return sum(lines.mapped("qty_refund")) / self.invoiced[sold]

    def note(self, rma):
        """Remember what a return that is done did."""
        for line in rma.line_ids:
            self.returned[line.sale_line_id] += line.qty_received
            self.kept[line.sale_line_id] += max(line.qty_refunded - line.qty_received, 0.0)
            self.credited[line.sale_line_id] += line.qty_refunded

    # === RULES === #

    def check(self):
        self.order.invalidate_recordset()
        self._check_credit_notes()
        for sold in self.sold:
            self._check_quantities(sold)
            self._check_amounts(sold)
        for discount in self.discounts:
            self._check_share(discount)
        self._check_closure()
        if not self.approved:
            self.test.assertGreaterEqual(self._get_left(), 0, "R2b")

    def _check_credit_notes(self):
        for credit in self._moves("out_refund"):
            origin = credit.reversed_entry_id
            self.test.assertIn(origin, self._moves("out_invoice"))
            self.test.assertEqual(credit.currency_id, origin.currency_id)
            self.test.assertAlmostEqual(
                credit.invoice_currency_rate, origin.invoice_currency_rate, 9
            )
            self.test.assertGreaterEqual(credit.amount_total, 0)

    def _check_quantities(self, sold):
        """R1, R5: delivered, invoiced and to invoice are what moves and entries say."""
        delivered, invoiced = self.delivered[sold], self.invoiced[sold]
        returned, credited = self.returned[sold], self.credited[sold]
        billable = sold.product_uom_qty if sold.product_id.invoice_policy == "order" else delivered
        drafted = self.drafted[sold]
        to_invoice = max(billable - invoiced - drafted - max(returned - credited, 0.0), 0.0)
        expected = {
            "qty_delivered": delivered - returned,
            "qty_invoiced": invoiced + drafted - credited,
            "qty_to_invoice": to_invoice,
            "qty_returnable": delivered - returned,
        }
        for name, quantity in expected.items():
            self.test.assertAlmostEqual(sold[name], quantity, 6, f"{sold.name}: {name}")
        if to_invoice:
            self.test.assertEqual(sold.invoice_status, "to invoice")
        elif invoiced + drafted >= sold.product_uom_qty:
            self.test.assertIn(sold.invoice_status, ("invoiced", "upselling"))
        self.test.assertAlmostEqual(
            sold.amount_to_invoice,
            sold.price_total / sold.product_uom_qty * (to_invoice + drafted),
            delta=0.005 + 1e-9,  # half a cent of rounding
            msg=f"{sold.name}: amount_to_invoice",
        )

    def _check_amounts(self, sold):
        """R2, R4: so far credits are the units' part of the invoice lines, to the cent; at the end
        all of them, in both currencies."""
        billed, credited = self._items(sold, "out_invoice"), self._items(sold, "out_refund")
        for name in ("amount_currency", "balance"):
            invoiced = -sum(billed.mapped(name))
            given = sum(credited.mapped(name))
            self.test.assertLessEqual(round(given, 2), round(invoiced, 2), sold.name)
            if self.credited[sold] == self.invoiced[sold] != 0:
                self.test.assertAlmostEqual(given, invoiced, 2, sold.name)
        if self.invoiced[sold]:
            part = Fraction(self.credited[sold]) / Fraction(self.invoiced[sold])
            expected = part * Fraction(sum(billed.mapped("price_total")))
            found = sum(credited.mapped("price_total"))
            self.test.assertLessEqual(abs(found - expected), 0.03, sold.name)

    def _check_share(self, discount):
        """The returned units' share of a discount, by what they cost untaxed. It was given on the
        units ordered: what was sent and invoiced beyond has none, the first that come back do."""
        billed, credited = self._items(discount, "out_invoice"), self._items(discount, "out_refund")
        # promotions are not for shipping
        lines = (self.sold | self.shipping).filtered(
            lambda sold: (
                self._percent_taxes(sold) == self._percent_taxes(discount)
                and not (sold.is_delivery and discount.reward_id)
            )
        )
        given_on = {
            sold: min(Fraction(self.invoiced[sold]), Fraction(sold.product_uom_qty))
            for sold in lines
            if self._items(sold, "out_invoice")
        }
        weights = {
            sold: Fraction(sum(self._items(sold, "out_invoice").mapped("price_subtotal")))
            * units
            / Fraction(self.invoiced[sold])
            for sold, units in given_on.items()
        }
        total = sum(weights.values())
        if not total or not billed:
            return
        part = sum(
            weight * min(Fraction(self._credited_units(sold)) / given_on[sold], 1)
            for sold, weight in weights.items()
        )
        expected = part / total * Fraction(sum(billed.mapped("price_total")))
        found = sum(credited.mapped("price_total"))
        self.test.assertLessEqual(abs(found - expected), 0.04, discount.name)

    def _check_closure(self):
        """R4 of the whole order: when all came back, nothing is left on any account."""
        lines = self.sold | self.shipping
        whole = all(self._credited_units(line) == self.invoiced[line] for line in lines)
        credits = self._moves("out_refund")
        extras = credits.invoice_line_ids.filtered(lambda line: not line.sale_line_ids)
        if not whole or not credits:
            return
        invoices = self._moves("out_invoice")
        self.test.counts["closed"] += 1
        for name in ("amount_untaxed", "amount_total", "amount_tax"):
            extra = {
                "amount_untaxed": sum(extras.mapped("price_subtotal")),
                "amount_total": sum(extras.mapped("price_total")),
                "amount_tax": sum(extras.mapped("price_total"))
                - sum(extras.mapped("price_subtotal")),
            }[name]
            self.test.assertAlmostEqual(
                sum(credits.mapped(name)), sum(invoices.mapped(name)) + extra, 2, name
            )
        if not extras:
            self._check_books(invoices | credits)

    def _check_books(self, moves):
        """Every account and every tax is at zero; in the company's currency, where the documents
        have another, but for the cent by which Odoo's rounding of a tax item's balance differs
        from its lines' (test_refund_currency: test_cent_of_the_invoices_own_tax_item...)."""
        for (_account, tax), amounts in self.test._read_books(moves).items():
            self.test.assertEqual(amounts[0], 0.0, tax.name)
            self.test.assertTrue(self.sale["foreign"], tax.name)
            self.test.assertLessEqual(abs(amounts[1]), 0.011, tax.name)

    # === READING === #

    def _moves(self, move_type):
        return self.order.invoice_ids.filtered(
            lambda move: move.move_type == move_type and move.state == "posted"
        )

    def _items(self, sold, move_type):
        return sold.invoice_lines.filtered(
            lambda line: line.move_type == move_type and line.parent_state == "posted"
        )

    def _credited_units(self, sold):
        return sum(self._items(sold, "out_refund").mapped("quantity"))

    def _percent_taxes(self, sold):
        return sold.tax_ids.flatten_taxes_hierarchy().filtered(
            lambda tax: tax.amount_type == "percent"
        )
