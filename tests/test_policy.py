"""What may come back, until when and on which terms: the shop's rules, with the law as floor."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


class PolicyCase(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["sale.rma.policy"]
        cls.swimwear = cls.env["product.category"].create({"name": "Swimwear"})
        cls.bikinis = cls.env["product.category"].create(
            {"name": "Bikinis", "parent_id": cls.swimwear.id}
        )

    @classmethod
    def _make_policy(cls, **values):
        policy = cls.policies.create({"name": "Rule", **values})
        policy.action_activate()
        return policy

    def _decide(self, order, rma_type="return", **values):
        """Return the decision on the only line of an order."""
        line = order.order_line[0]
        return self.policies._evaluate(line, rma_type, **values)[line]


@tagged("post_install", "-at_install")
class TestPolicyMatch(PolicyCase):
    def _assert_fits(self, fitting, other, **conditions):
        """Check that a rule fits one order and not another."""
        policy = self._make_policy(returnable=False, **conditions)
        self.assertEqual(self._decide(fitting).policy, policy)
        self.assertFalse(self._decide(other).policy)
        self.assertEqual(
            (self._decide(fitting).allowed, self._decide(other).allowed), (False, True)
        )

    def test_product(self):
        self._assert_fits(
            self._create_sold((self.shirt, 1)),
            self._create_sold((self.mug, 1)),
            product_ids=self.shirt.ids,
        )

    def test_category_with_those_below(self):
        self.shirt.categ_id = self.bikinis
        self._assert_fits(
            self._create_sold((self.shirt, 1)),
            self._create_sold((self.mug, 1)),
            categ_ids=self.swimwear.ids,
        )

    def test_category_is_not_taken_for_another_by_its_number(self):
        policy = self._make_policy(categ_ids=self.bikinis.ids, returnable=False)
        self.shirt.categ_id = self.swimwear
        self.assertFalse(self._decide(self._create_sold((self.shirt, 1))).policy)
        self.assertTrue(policy)

    def test_product_tag_of_template_or_variant(self):
        tag = self.env["product.tag"].create({"name": "Hygiene"})
        self.shirt.product_tmpl_id.product_tag_ids = tag
        self._assert_fits(
            self._create_sold((self.shirt, 1)),
            self._create_sold((self.mug, 1)),
            product_tag_ids=tag.ids,
        )
        self.mug.additional_product_tag_ids = tag
        self.assertTrue(self._decide(self._create_sold((self.mug, 1))).policy)

    def test_customer_tag_of_the_company_too(self):
        tag = self.env["res.partner.category"].create({"name": "Wholesale"})
        company = self.env["res.partner"].create(
            {"name": "Wholesale Ltd", "is_company": True, "category_id": tag.ids}
        )
        buyer = self.env["res.partner"].create({"name": "Ann", "parent_id": company.id})
        self._assert_fits(
            self._create_sold((self.shirt, 1), partner_id=buyer.id),
            self._create_sold((self.shirt, 1)),
            partner_tag_ids=tag.ids,
        )

    def test_country_it_was_delivered_to_and_groups(self):
        france = self.env.ref("base.fr")
        abroad = self.env["res.partner"].create({"name": "Zoé", "country_id": france.id})
        there = self._create_sold((self.shirt, 1), partner_id=abroad.id)
        here = self._create_sold((self.shirt, 1))
        self._assert_fits(there, here, country_ids=france.ids)
        self.policies.search([]).action_deactivate()
        self._assert_fits(there, here, country_group_ids=self.env.ref("base.europe").ids)

    def test_price_of_one_unit_as_it_was_paid(self):
        cheap, dear = self._create_sold((self.mug, 3)), self._create_sold((self.shirt, 1))
        paid = self.env["sale.rma.refund"]._get_prices_paid(cheap.order_line)[cheap.order_line]
        self._assert_fits(cheap, dear, price_max=paid)
        self.policies.search([]).action_deactivate()
        self._assert_fits(dear, cheap, price_min=paid + 0.01)

    def test_discount(self):
        order = self._create_order((self.shirt, 1))
        order.order_line.discount = 30
        self._deliver(order)
        self._invoice(order)
        self._assert_fits(order, self._create_sold((self.shirt, 1)), discount_min=30)

    def test_earlier_returns_within_months(self):
        regular = self.env["res.partner"].create({"name": "Often Back"})
        earlier = self._create_sold((self.mug, 2), partner_id=regular.id)
        rma = self._create_rma(earlier, 1, state="requested")
        rma.sudo().date_requested -= timedelta(days=1)
        order = self._create_sold((self.shirt, 1), partner_id=regular.id)
        self._assert_fits(
            order, self._create_sold((self.shirt, 1)), returns_min=1, returns_months=6
        )
        rma.sudo().date_requested -= timedelta(days=200)
        self.env.flush_all()
        self.assertFalse(self._decide(order).policy)

    def test_reason(self):
        size, late = (self.env.ref(f"sale_rma.reason_{name}") for name in ("wrong_size", "late"))
        policy = self._make_policy(reason_ids=size.ids, fee_amount=3)
        order = self._create_sold((self.shirt, 1))
        self.assertEqual(self._decide(order, reason=size).policy, policy)
        self.assertFalse(self._decide(order, reason=late).policy)
        self.assertFalse(self._decide(order).policy)

    def test_kind(self):
        policy = self._make_policy(rma_types="claim", window_days=1000)
        order = self._create_sold((self.shirt, 1))
        self.assertFalse(self._decide(order).policy)
        self.assertEqual(self._decide(order, "claim").policy, policy)

    def test_first_that_fits_is_taken(self):
        second = self._make_policy(sequence=20, fee_amount=2)
        first = self._make_policy(sequence=10, fee_amount=1)
        order = self._create_sold((self.shirt, 1))
        self.assertEqual((self._decide(order).policy, self._decide(order).fee), (first, 1))
        first.action_deactivate()
        self.assertEqual(self._decide(order).policy, second)

    def test_rules_of_another_company_and_drafts_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.policies.create({"name": "Draft", "returnable": False})
        self._make_policy(company_id=other.id, returnable=False)
        self.assertTrue(self._decide(self._create_sold((self.shirt, 1))).allowed)

    def test_queries_do_not_grow_with_the_lines(self):
        self._make_policy(
            sequence=1, categ_ids=self.swimwear.ids, price_min=1, returns_min=9, returnable=False
        )
        self._make_policy(sequence=2, fee_percent=10)
        order = self._create_sold(*[(self.shirt, 1)] * 50)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            decisions = self.policies._evaluate(order.order_line, "return")
        self.assertEqual(len(decisions), 50)


@tagged("post_install", "-at_install")
class TestPolicyOutcome(PolicyCase):
    def test_without_rules_the_settings_decide(self):
        self.company.rma_return_days = 30
        self.company.rma_return_cost_bearer_return = "customer"
        decision = self._decide(self._create_sold((self.shirt, 1)))
        self.assertEqual(
            (decision.allowed, decision.until, decision.fee, decision.cost_bearer),
            (True, fields.Date.today() + timedelta(days=30), 0, "customer"),
        )

    def test_days_are_counted_from_the_arrival(self):
        self._make_policy(window_days=10)
        order = self._create_sold((self.shirt, 1))
        order.picking_ids.rma_date_delivered = fields.Date.today() - timedelta(days=10)
        decision = self._decide(order)
        self.assertEqual((decision.allowed, decision.until), (True, fields.Date.today()))
        order.picking_ids.rma_date_delivered -= timedelta(days=1)
        self.assertEqual((self._decide(order).allowed, self._decide(order).code), (False, "late"))

    def test_decided_as_of_a_moment(self):
        self._make_policy(window_days=10)
        order = self._create_sold((self.shirt, 1))
        order.picking_ids.rma_date_delivered = fields.Date.today()
        for days, is_allowed in ((10, True), (11, False)):
            at = fields.Datetime.now() + timedelta(days=days)
            self.assertEqual(self._decide(order, at=at).allowed, is_allowed)

    def test_fee_of_percent_and_amount(self):
        order = self._create_sold((self.shirt, 2))
        self._make_policy(fee_percent=10, fee_amount=1.5)
        self.assertAlmostEqual(
            self._decide(order).fee, order.currency_id.round(order.amount_total * 0.1) + 1.5
        )

    def test_customers_read_the_shops_words_and_never_the_rules_name(self):
        self._make_policy(name="Hygiene 7b", returnable=False, explanation="Not once worn.")
        order = self._create_sold((self.shirt, 1))
        decision = self._decide(order)
        self.assertEqual(decision.explanation, "Not once worn.")
        self.assertIn("Hygiene 7b", decision.sentences[0])
        offer = order.order_line._get_return_offers()[order.order_line]
        self.assertEqual((offer.quantity, offer.code), (0, "policy"))
        self.assertEqual(offer.message, "Not once worn.")

    def test_portal_offers_as_long_as_the_rule_says(self):
        self.company.rma_return_days = 5
        order = self._create_sold((self.shirt, 1))
        order.picking_ids.move_ids.date -= timedelta(days=8)
        order.picking_ids.rma_date_delivered = fields.Date.today() - timedelta(days=8)
        offers = order.order_line._get_return_offers
        self.assertEqual(offers()[order.order_line].code, "late")
        self._make_policy(window_days=20)
        self.assertEqual(offers()[order.order_line].quantity, 1)
        self.policies.search([]).action_deactivate()
        self._make_policy(window_days=0)
        self.assertIsNone(offers()[order.order_line].until)


@tagged("post_install", "-at_install")
class TestPolicyFloor(PolicyCase):
    def test_R11_withdrawal_is_allowed_whatever_a_rule_says(self):
        self._make_policy(
            rma_types="all", returnable=False, window_days=1, fee_percent=50, cost_bearer="customer"
        )
        order = self._create_sold((self.shirt, 1), rma_is_distance_contract=True)
        decision = self._decide(order, "withdrawal")
        period = self.env["sale.rma.period"]._get_periods(order)[order]
        self.assertEqual(
            (decision.allowed, decision.fee, decision.until, decision.cost_bearer),
            (True, 0, period.end, "shop"),
        )
        self.assertIn("refund", decision.resolutions)

    def test_R11_rule_may_give_a_withdrawal_more_time(self):
        self._make_policy(rma_types="withdrawal", window_days=100)
        order = self._create_sold((self.shirt, 1), rma_is_distance_contract=True)
        at = fields.Datetime.now() + timedelta(days=60)
        self.assertTrue(self._decide(order, "withdrawal", at=at).allowed)

    def test_L29_claim_is_free_for_the_whole_guarantee(self):
        self._make_policy(rma_types="all", returnable=False, fee_amount=20, allow_refund=False)
        order = self._create_sold((self.shirt, 1))
        decision = self._decide(order, "claim")
        self.assertEqual(
            (decision.allowed, decision.fee, decision.until, decision.cost_bearer),
            (True, 0, order.order_line.rma_guarantee_end, "shop"),
        )
        self.assertEqual(set(decision.resolutions) >= {"repair", "exchange", "refund"}, True)

    def test_recall_has_no_conditions(self):
        self._make_policy(rma_types="all", returnable=False)
        order = self._create_sold((self.shirt, 1))
        at = fields.Datetime.now() + timedelta(days=5000)
        decision = self._decide(order, "recall", at=at)
        self.assertEqual((decision.allowed, decision.until, decision.fee), (True, None, 0))

    def test_after_the_period_nothing_is_left_but_the_rule(self):
        order = self._create_sold((self.shirt, 1), rma_is_distance_contract=True)
        at = fields.Datetime.now() + timedelta(days=60)
        self.assertFalse(self._decide(order, "withdrawal", at=at).allowed)


@tagged("post_install", "-at_install")
class TestPolicyOnReturns(PolicyCase):
    def test_what_applied_is_kept_when_it_is_asked_for(self):
        policy = self._make_policy(fee_amount=4, cost_bearer="shop")
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="requested")
        self.assertEqual(rma.line_ids.policy_id, policy)
        policy.action_deactivate()
        self._make_policy(returnable=False)
        self.assertEqual(rma.line_ids.decision["fee_amount"], 4)
        self.assertEqual(rma.return_cost_bearer, "shop")
        self.assertIn("Rule", rma.line_ids.decision_text)

    def test_accepted_by_itself_where_the_rule_says_so(self):
        self._make_policy(name="Trust", acceptance="auto")
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="requested")
        self.assertEqual(rma.state, "accepted")
        self.assertIn("Trust", "".join(rma.message_ids.mapped("body")))

    def test_not_accepted_by_itself_where_one_item_has_to_be_asked(self):
        self._make_policy(product_ids=self.shirt.ids, acceptance="auto")
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="requested")
        self.assertEqual(rma.state, "requested")


@tagged("post_install", "-at_install")
class TestPolicyOverride(PolicyCase):
    def test_what_the_rules_refuse_is_accepted_with_a_reason_only(self):
        self._make_policy(returnable=False, explanation="Not once worn.")
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1, state="requested")
        self.assertIn("Not once worn.", rma.policy_message)
        for reason in (False, "  "):
            rma.policy_override_reason = reason
            with self.assertRaisesRegex(UserError, "Not once worn."):
                rma.action_accept()
        rma.policy_override_reason = "She is our best customer"
        rma.action_accept()
        self.assertEqual(rma.state, "accepted")

    def test_claims_need_no_reason(self):
        self._make_policy(rma_types="all", returnable=False)
        order = self._create_sold((self.shirt, 1))
        rma = self._create_rma(order, 1, rma_type="claim", state="requested")
        rma.action_accept()
        self.assertFalse(rma.policy_message)

    def test_examples_are_drafts_and_made_once(self):
        self.policies.action_load_examples()
        drafts = self.policies.search([("company_id", "=", self.company.id)])
        self.assertGreaterEqual(len(drafts), 5)
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        self.policies.action_load_examples()
        self.assertEqual(self.policies.search([("company_id", "=", self.company.id)]), drafts)
        seller = self._make_user("examples", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.policies.with_user(seller).action_load_examples()


@tagged("post_install", "-at_install")
class TestPolicyFee(PolicyCase):
    """The fee of a rule is proposed, follows what is refunded, and can be typed over."""

    def _accept(self, quantity=2, *items):
        order = self._create_sold((self.shirt, 2), *items)
        return self._create_rma(order, quantity, state="accepted")

    def _get_price(self, rma):
        line = rma.line_ids[0].sale_line_id
        return self.env["sale.rma.refund"]._get_prices_paid(line)[line]

    def test_percent_follows_what_came_back(self):
        self._make_policy(fee_percent=10)
        rma = self._accept()
        price = self._get_price(rma)
        wizard = self._open_process(rma)
        self.assertAlmostEqual(wizard.amount_fee, 2 * price * 0.1)
        wizard.line_ids.qty_received = 1
        self.assertAlmostEqual(wizard.amount_fee, price * 0.1)
        self.assertAlmostEqual(wizard.amount_total, price * 0.9)
        wizard.action_process()
        self.assertAlmostEqual(rma.refund_ids.amount_total, price * 0.9)

    def test_percent_follows_in_the_form_change_by_change(self):
        self._make_policy(fee_percent=10)
        rma = self._accept()
        price = self._get_price(rma)
        with Form(self._open_process(rma)) as form:
            for quantity in (1, 0, 2, 1):
                with form.line_ids.edit(0) as line:
                    line.qty_received = quantity
                self.assertAlmostEqual(form.amount_fee, quantity * price * 0.1)
            form.amount_fee = 1
            with form.line_ids.edit(0) as line:
                line.qty_received = 2
            self.assertEqual(form.amount_fee, 1)

    def test_what_was_typed_stays(self):
        self._make_policy(fee_percent=10)
        wizard = self._open_process(self._accept())
        wizard.amount_fee = 0
        wizard.line_ids.qty_received = 1
        self.assertEqual(wizard.amount_fee, 0)

    def test_amount_is_kept_once_for_a_return(self):
        self._make_policy(fee_amount=3)
        rma = self._accept()
        for expected in (3, 0):
            wizard = self._open_process(rma, close=False)
            wizard.line_ids.qty_received += 0 if expected == 0 else -1
            if not expected:
                wizard.line_ids.qty_received = 2
            self.assertEqual(wizard.amount_fee, expected)
            wizard.action_process()

    def test_amount_is_kept_for_each_item(self):
        self._make_policy(fee_amount=3, fee_per="line")
        order = self._create_sold((self.shirt, 2), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 2, self.mug: 1}, state="accepted")
        self.assertEqual(self._open_process(rma).amount_fee, 6)

    def test_nothing_is_kept_of_an_exchange(self):
        self._make_policy(fee_amount=3)
        wizard = self._open_process(self._accept())
        wizard.line_ids.write({"exchange": True, "exchange_product_id": self.mug.id})
        self.assertEqual(wizard.amount_fee, 0)

    def test_never_more_than_the_goods_cost(self):
        self._make_policy(fee_amount=5000)
        wizard = self._open_process(self._accept())
        self.assertAlmostEqual(wizard.amount_total, 0)

    def test_plan_that_says_no_fee_has_the_rules(self):
        self._make_policy(fee_amount=3)
        rma = self._accept()
        (preview,) = self.env["sale.rma"]._preview([{"rma": rma.id}])
        self.assertAlmostEqual(preview["amount_total"], 2 * self._get_price(rma) - 3)
        (preview,) = self.env["sale.rma"]._preview([{"rma": rma.id, "fee": 0.0}])
        self.assertAlmostEqual(preview["amount_total"], 2 * self._get_price(rma))

    def test_R11_nothing_is_kept_of_a_claim_or_withdrawal(self):
        self._make_policy(rma_types="all", fee_amount=3, fee_percent=50)
        order = self._create_sold((self.shirt, 2), rma_is_distance_contract=True)
        for rma_type in ("claim", "withdrawal"):
            rma = self._create_rma(order, 1, rma_type=rma_type, state="accepted")
            self.assertEqual(self._open_process(rma).amount_fee, 0)


@tagged("post_install", "-at_install")
class TestPolicyVersions(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("rules", "sales_team.group_sale_manager")
        cls.seller = cls._make_user("no_rules", "sales_team.group_sale_salesman_all_leads")

    def test_what_is_in_use_is_not_changed_but_replaced(self):
        policy = self._make_policy(fee_amount=1).with_user(self.manager)
        with self.assertRaises(UserError):
            policy.fee_amount = 2
        with self.assertRaises(UserError):
            policy.unlink()
        draft = self.policies.browse(policy.action_new_version()["res_id"])
        draft = draft.with_user(self.manager)
        draft.fee_amount = 2
        draft.action_activate()
        self.assertEqual((policy.state, draft.state), ("past", "active"))
        self.assertEqual(draft.user_activated_id, self.manager)
        order = self._create_sold((self.shirt, 1))
        self.assertEqual(self._decide(order).fee, 2)
        draft.action_restore()
        self.assertEqual((policy.state, draft.state), ("active", "past"))
        self.assertEqual(self._decide(order).fee, 1)

    def test_salespeople_read_rules_and_change_none(self):
        policy = self._make_policy()
        draft = self.policies.create({"name": "Draft"})
        for records, method in (
            (policy, "action_deactivate"),
            (policy, "action_new_version"),
            (draft, "action_activate"),
        ):
            with self.assertRaises(AccessError):
                getattr(records.with_user(self.seller), method)()
        with self.assertRaises(AccessError):
            draft.with_user(self.seller).fee_amount = 9
        self.assertEqual(policy.with_user(self.seller).name, "Rule")

    def test_state_is_written_as_by_the_buttons(self):
        draft = self.policies.with_user(self.manager).create({"name": "Draft"})
        draft.state = "active"
        self.assertEqual((draft.state, draft.user_activated_id), ("active", self.manager))
        with self.assertRaises(UserError):
            draft.state = "draft"
        draft.state = "past"
        active = draft.create({"name": "At once", "state": "active"})
        self.assertEqual((active.state, active.user_activated_id), ("active", self.manager))
        with self.assertRaises(AccessError):
            draft.with_user(self.seller).state = "active"

    @mute_logger("odoo.sql_db")
    def test_impossible_numbers_are_refused(self):
        for values, error in (
            ({"fee_percent": 101}, IntegrityError),
            ({"fee_percent": -1}, IntegrityError),
            ({"fee_percent": float("nan")}, UserError),
            ({"fee_amount": -5}, IntegrityError),
            ({"fee_amount": float("nan")}, UserError),
            ({"window_days": -1}, IntegrityError),
            ({"window_days": 10**9}, UserError),
            ({"discount_min": float("inf")}, UserError),
        ):
            with self.subTest(values=values), self.assertRaises(error), self.cr.savepoint():
                self.policies.create({"name": "Draft", **values}).flush_recordset()
