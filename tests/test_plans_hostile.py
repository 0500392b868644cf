"""Plans are data from anybody: what is wrong with one is told in words that name it, nothing is
left of it (R7), and what shows refuses what posts refuses (R3)."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import SaleRmaCommon

NAN, INFINITE = float("nan"), float("inf")
NO_NUMBERS = (NAN, INFINITE, -INFINITE, 1e308, -1e308, 10**400, "2", "many", True, [1])
LEFT_BEHIND = ("account.move", "mail.mail", "mail.message", "sale.order", "stock.picking")
EVERYBODY = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestPlansHostile(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), shipping=7.0)
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 2, cls.mug: 2}, state="accepted")
        cls.line = cls.rma.line_ids[0]
        cls.engine = cls.env["sale.rma"]
        cls.env.flush_all()

    def _count_written(self):
        self.env.flush_all()
        counts = {name: self.env[name].search_count([]) for name in LEFT_BEHIND}
        return counts, self.rma.state, self.rma.process_count

    def _assert_refused(self, words, plans, engine=None):
        """Neither shown nor done, and nothing written although nobody rolls it back."""
        before = self._count_written()
        for name in ("_preview", "_process"):
            with self.subTest(name, plans=str(plans)[:200]):
                try:
                    getattr(self.engine if engine is None else engine, name)(plans)
                except UserError as error:
                    self.assertRegex(str(error), words)
                else:
                    self.fail("it was taken")
        self.assertEqual(self._count_written(), before)

    def _assert_plan_refused(self, words, **plan):
        self._assert_refused(words, [{"rma": self.rma.id, **plan}])

    def _assert_line_refused(self, words, **line):
        self._assert_plan_refused(words, lines=[{"rma_line": self.line.id, **line}])

    # === WHAT PLANS ARE === #

    def test_R7_what_is_no_list_of_plans(self):
        for plans in (None, [], (), {}, {"rma": self.rma.id}, "all", 5, True, self.rma):
            self._assert_refused("plans", plans)
        for plan in (None, [], "all", self.rma.id, {}, [self.rma.id], {"rma": None}):
            self._assert_refused("rma", [plan])

    def test_R7_ids_of_no_return(self):
        gone = self.rma.copy().id
        self.engine.browse(gone).unlink()
        for record_id in (gone, 2**31 - 1, 2**31, 10**30, 0, -5, True, "5", 5.5, NAN):
            self._assert_refused(f"^rma: .*{record_id}", [{"rma": record_id}])
            self._assert_refused(f"^rma: .*{record_id}", [{"rma": self.rma.id}, {"rma": record_id}])

    def test_R9_return_of_another_company_or_of_a_colleague(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        clerk = new_test_user(
            self.env, "elsewhere", EVERYBODY, company_id=other.id, company_ids=[other.id]
        )
        seller = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        self.order.user_id = self.env.user
        self.env.flush_all()
        for user in (clerk, seller):
            engine = self.engine.with_user(user).with_company(user.company_id)
            self._assert_refused(f"^rma: .*{self.rma.id}", [{"rma": self.rma.id}], engine)

    def test_R6_the_same_twice(self):
        plan = {"rma": self.rma.id}
        self._assert_refused(f"{self.rma.name}.*only once", [plan, plan])
        self._assert_refused(f"{self.rma.name}.*only once", [plan, {**plan, "lines": []}])
        line = {"rma_line": self.line.id, "received": 1}
        self._assert_plan_refused("Shirt.*only once", lines=[line, line])
        self._assert_plan_refused("Shirt.*only once", lines=[line, {**line, "keep": True}])

    def test_keys_that_say_nothing(self):
        for key in ("price", "Fee", "lines ", 5, None, ("fee",)):
            with self.subTest(key=key):
                self._assert_plan_refused("not known", **{"close": True} | {str(key): 1})
                self._assert_refused("not known", [{"rma": self.rma.id, key: 1}])
                line = {"rma_line": self.line.id, key: 1}
                self._assert_plan_refused("not known", lines=[line])

    # === WHAT THEY SAY === #

    def test_R7_amounts_that_are_none(self):
        for name in ("fee", "adjustment"):
            for value in (*NO_NUMBERS, 1e13, -1e13):
                self._assert_plan_refused(name, **{name: value})
        for value in (*NO_NUMBERS, -1, 1e13):
            self._assert_line_refused(
                "(?i)exchange.price",
                exchange=True,
                exchange_product=self.mug.id,
                exchange_qty=1,
                exchange_price=value,
            )

    def test_R7_quantities_that_are_none(self):
        labels = {"received": "Came Back", "restock": "Back to Stock", "refund": "Refund"}
        for name, label in {**labels, "exchange_qty": "Exchanged"}.items():
            for value in (*NO_NUMBERS, -1, 0.3, None):
                words = f"{name}|Shirt: {label}|Shirt: .* (came|be) back|Shirt: .* to refund"
                self._assert_line_refused(words, **{name: value})
        for value in (NAN, INFINITE, "2", True, 10**400, -1):
            self._assert_plan_refused("process_count|meanwhile", process_count=value)

    def test_R7_an_amount_above_what_there_is(self):
        self._assert_plan_refused("below zero|Lower it", fee=1e11)
        self._assert_plan_refused("below zero|Lower it", adjustment=-1e11)
        self._assert_plan_refused("below zero", fee=-1)

    def test_R7_records_that_are_none(self):
        for name in ("warehouse", "exchange_product"):
            for value in (2**31 - 1, 2**40, -1, "5", True, 1.0, [5], NAN):
                self._assert_line_refused(name, **{name: value})
        for value in (2**31 - 1, 2**40, -1, "5", True, 1.0, [5]):
            self._assert_plan_refused("exchange_carrier", exchange_carrier=value)
            self._assert_plan_refused("rma_line|another return", lines=[{"rma_line": value}])

    def test_what_the_screen_does_not_offer(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        self.env.user.company_ids |= other
        engine = self.engine.with_context(allowed_company_ids=[self.company.id, other.id])
        theirs = self._make_product(
            "Theirs", 5.0, taxes=self.env["account.tax"], company_id=other.id
        )
        hidden = self._make_product("Hidden", 5.0, sale_ok=False)
        gone = self._make_product("Gone", 5.0, active=False)
        for product in (theirs, hidden, gone, self._make_combo("Set", 5.0, self.mug)):
            line = {"exchange_product": product.id, "exchange_qty": 1}
            plan = {"lines": [{"rma_line": self.line.id, **line}]}
            self._assert_refused(product.name, [{"rma": self.rma.id, **plan}], engine)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        plan = {"lines": [{"rma_line": self.line.id, "warehouse": warehouse.id}]}
        self._assert_refused("Elsewhere", [{"rma": self.rma.id, **plan}], engine)
        carrier = self._make_carrier("Their van", 5.0)
        carrier.company_id = other
        self._assert_refused(
            "Their van", [{"rma": self.rma.id, "exchange_carrier": carrier.id}], engine
        )

    def test_R7_items_of_another_return(self):
        other = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        words = f"{other.line_ids.id}.*{self.rma.name}"
        self._assert_plan_refused(words, lines=[{"rma_line": other.line_ids.id}])
        plans = [
            {"rma": other.id},
            {"rma": self.rma.id, "lines": [{"rma_line": other.line_ids.id}]},
        ]
        self._assert_refused(words, plans)

    def test_R7_texts_and_switches_that_are_none(self):
        for value in (5, ["x"], NAN, "a\0b", True):
            self._assert_plan_refused("adjustment_reason", adjustment=1, adjustment_reason=value)
        for name in ("refund_shipping", "close"):
            for value in ("no", 1, NAN, [], None):
                self._assert_plan_refused(name, **{name: value})
        for name in ("keep", "exchange"):
            for value in ("no", 1, NAN, [], None):
                self._assert_line_refused(name, **{name: value})
        for value in ("all", {"rma_line": self.line.id}, 5, True, self.rma.line_ids):
            self._assert_plan_refused("lines", lines=value)

    def test_the_last_plan_that_is_wrong_leaves_nothing_of_the_first(self):
        order = self._create_sold((self.shirt, 2))
        other = self._create_rma(order, {self.shirt: 1}, state="accepted")
        for wrong in ({"fee": 1e11}, {"adjustment": 500.0}, {"refund_shipping": True}):
            plans = [{"rma": self.rma.id}, {"rma": other.id, **wrong}]
            self._assert_refused(".", plans)
        self.assertEqual(other.state, "accepted")
