"""R11: no rules and settings give a withdrawal, or a claim in its time, less than the law does.

Random rules, orders and moments; the floor is worked out here, from deliveries.
"""

import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .test_policy import PolicyCase

CASES = 300
SEED = 2026


@tagged("post_install", "-at_install")
class TestPropertyPolicy(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.tags = cls.env["product.tag"].create([{"name": "Sale"}, {"name": "Hygiene"}])
        cls.shirt.product_tag_ids = cls.tags[0]
        cls.reasons = cls.env["sale.rma.reason"].search([])
        cls.arrivals = {}
        countries = [cls.env.ref(f"base.{code}") for code in ("fr", "de", "us", "mq")]
        for number, age in enumerate((0, 1, 7, 13, 14, 15, 29, 200, 729, 731)):
            buyer = cls.env["res.partner"].create(
                {"name": f"Buyer {number}", "country_id": countries[number % 4].id}
            )
            order = cls._create_sold(
                (cls.shirt, 2), (cls.mug, 1), partner_id=buyer.id, rma_is_distance_contract=True
            )
            arrived = fields.Date.today() - timedelta(days=age)
            order.picking_ids.rma_date_delivered = arrived
            cls.arrivals[order] = arrived
        cls.orders = cls.env["sale.order"].union(*cls.arrivals)

    def _prepare_rule(self):
        """Return values of a rule as somebody might type them, mostly hard on customers."""
        pick = self.random.choice
        values = {
            "name": "Rule",
            "sequence": pick((1, 2, 3)),
            "rma_types": pick(("all", "all", "return", "claim", "withdrawal")),
            "returnable": pick((True, False)),
            "window_days": pick((0, 1, 5, 14, 100, 900)),
            "allow_refund": pick((True, False)),
            "allow_exchange": pick((True, False)),
            "fee_percent": pick((0, 10, 100)),
            "fee_amount": pick((0, 5, 5000)),
            "fee_per": pick(("line", "return")),
            "cost_bearer": pick(("shop", "customer")),
            "refund_shipping": pick((True, False)),
            "acceptance": pick(("ask", "auto")),
            "photo_required": pick((True, False)),
            "note_required": pick((True, False)),
            "refund_on": pick(("clerk", "proof", "arrival", "graded")),
        }
        conditions = {
            "reason_ids": self.reasons.ids[:3],
            "product_ids": self.shirt.ids,
            "categ_ids": self.shirt.categ_id.ids,
            "product_tag_ids": self.tags.ids,
            "country_ids": self.env.ref("base.fr").ids,
            "country_group_ids": self.env.ref("base.europe").ids,
            "price_min": 10,
            "price_max": 30,
            "discount_min": 1,
            "returns_min": 1,
        }
        for name in self.random.sample(sorted(conditions), pick((0, 0, 1, 2))):
            values[name] = conditions[name]
        return values

    def _set_up_company(self):
        pick = self.random.choice
        self.company.write(
            {
                "rma_return_days": pick((0, 1, 30)),
                "rma_return_cost_bearer_withdrawal": pick(("shop", "customer")),
                "rma_withdrawal_days": pick((14, 30)),
                "rma_guarantee_months": pick((24, 36)),
            }
        )

    def _check_case(self, rules, kind, reason, at):
        decisions = rules._evaluate(self.orders.order_line, kind, reason, at)
        for line, decision in decisions.items():
            arrived = self.arrivals[line.order_id]
            if kind == "withdrawal":
                least = arrived + timedelta(days=max(14, self.company.rma_withdrawal_days))
            else:
                least = arrived + relativedelta(months=self.company.rma_guarantee_months)
            day = line._to_return_day(at)
            self.assertTrue(decision.until is None or decision.until >= least, decision)
            if day > least:
                continue
            self.assertTrue(decision.allowed, decision)
            self.assertEqual((decision.fee, decision.fee_percent, decision.fee_amount), (0, 0, 0))
            self.assertIn("refund", decision.resolutions)
            if kind == "claim":
                self.assertEqual(decision.cost_bearer, "shop")
                self.assertLessEqual({"repair", "exchange"}, set(decision.resolutions))
            else:
                self.assertFalse(decision.photo_required or decision.note_required)
                if self.company.rma_return_cost_bearer_withdrawal == "shop":
                    self.assertEqual(decision.cost_bearer, "shop")

    def test_R11_no_rules_go_below_the_law(self):
        for case in range(CASES):
            self._set_up_company()
            count = self.random.choice((1, 1, 2, 3))
            rules = self.policies.create([self._prepare_rule() for _number in range(count)])
            kind = self.random.choice(("withdrawal", "claim"))
            reason = self.random.choice((None, *self.reasons))
            at = fields.Datetime.now() + timedelta(days=self.random.choice((0, 0, 1, 3, 30)))
            with self.subTest(case=case, seed=SEED, kind=kind):
                self._check_case(rules.sorted(), kind, reason, at)
