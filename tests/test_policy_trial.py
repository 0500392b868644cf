"""A rule is seen on the returns of the past before it is switched on."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_policy import PolicyCase


@tagged("post_install", "-at_install")
class TestPolicyTrial(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shirts = cls._create_sold((cls.shirt, 3))
        cls.mugs = cls._create_sold((cls.mug, 2))
        cls.returns = cls._create_rma(cls.shirts, 2, state="requested")
        cls.returns |= cls._create_rma(cls.mugs, 1, state="requested")
        prices = cls.env["sale.rma.refund"]._get_prices_paid((cls.shirts | cls.mugs).order_line)
        cls.shirt_price = prices[cls.shirts.order_line]
        cls.mug_price = prices[cls.mugs.order_line]

    def _try(self, **values):
        draft = self.policies.create({"name": "Draft", **values})
        return self.env["sale.rma.policy.trial"].browse(draft.action_try()["res_id"])

    def _count(self, trial):
        names = ("request_count", "change_count", "refused_count", "allowed_count")
        return tuple(trial[name] for name in names)

    def test_what_would_be_refused(self):
        trial = self._try(product_ids=self.shirt.ids, returnable=False)
        self.assertEqual(self._count(trial), (2, 1, 1, 0))
        self.assertAlmostEqual(trial.amount_difference, -2 * self.shirt_price)
        self.assertEqual(trial.line_ids.rma_id, self.returns[0])

    def test_what_would_be_kept(self):
        trial = self._try(fee_percent=10, fee_amount=1)
        self.assertEqual(self._count(trial), (2, 2, 0, 0))
        fees = [2 * self.shirt_price * 0.1 + 1, self.mug_price * 0.1 + 1]
        self.assertAlmostEqual(trial.amount_difference, -sum(map(self._round, fees)))

    def _round(self, amount):
        return self.company.currency_id.round(amount)

    def test_nothing_is_kept_of_exchanges(self):
        self.returns.line_ids.resolution = "exchange"
        trial = self._try(fee_percent=10)
        self.assertEqual((trial.change_count, trial.amount_difference), (2, 0))

    def test_what_is_as_it_was_is_not_listed(self):
        trial = self._try(product_ids=self.mug.ids, cost_bearer="customer")
        self.assertEqual(self._count(trial), (2, 0, 0, 0))

    def test_what_was_decided_then_counts_and_not_the_rules_of_now(self):
        policy = self._make_policy(fee_amount=5)
        rma = self._create_rma(self.shirts, 1, state="requested")
        policy.action_deactivate()
        trial = self._try(product_ids=self.shirt.ids)
        line = trial.line_ids.filtered(lambda line: line.rma_id == rma)
        self.assertEqual((line.fee_before, line.fee_after, line.amount), (5, 0, 5))

    def test_it_takes_the_place_of_the_version_it_replaces(self):
        policy = self._make_policy(sequence=1, fee_amount=5)
        draft = self.policies.browse(policy.action_new_version()["res_id"])
        draft.fee_amount = 2
        trial = self.env["sale.rma.policy.trial"].browse(draft.action_try()["res_id"])
        self.assertEqual(set(trial.line_ids.mapped("fee_after")), {2})

    def test_as_of_the_day_it_was_asked_for(self):
        self.shirts.picking_ids.rma_date_delivered = fields.Date.today() - timedelta(days=9)
        trial = self._try(product_ids=self.shirt.ids, window_days=5)
        self.assertEqual(trial.refused_count, 1)
        self.returns[0].sudo().date_requested -= timedelta(days=6)
        self.shirts.picking_ids.move_ids.date -= timedelta(days=9)
        trial = self._try(product_ids=self.shirt.ids, window_days=5)
        self.assertEqual(trial.refused_count, 0)

    def test_earlier_returns_are_counted_as_of_then(self):
        self.returns[0].sudo().date_requested -= timedelta(days=2)
        self.returns[1].sudo().date_requested -= timedelta(days=1)
        trial = self._try(returns_min=1, returnable=False)
        self.assertEqual(trial.line_ids.rma_id, self.returns[1])

    def test_older_ones_are_left_out(self):
        self.returns[0].sudo().date_requested -= timedelta(days=95)
        self.assertEqual(self._try(returnable=False).request_count, 1)

    def test_R11_what_the_law_gives_is_not_touched(self):
        order = self._create_sold((self.shirt, 2), rma_is_distance_contract=True)
        for rma_type in ("claim", "withdrawal"):
            self._create_rma(order, 1, rma_type=rma_type, state="requested")
        trial = self._try(rma_types="all", returnable=False, fee_percent=50)
        self.assertEqual((trial.statutory_count, trial.touched_count), (2, 0))
        self.assertEqual(self._count(trial), (4, 2, 2, 0))

    def test_returns_stay_as_they_are(self):
        states = self.returns.mapped("state")
        decisions = self.returns.line_ids.mapped("decision")
        self._try(returnable=False, acceptance="auto")
        self.assertEqual(self.returns.mapped("state"), states)
        self.assertEqual(self.returns.line_ids.mapped("decision"), decisions)

    def test_only_managers_try_and_see_their_own(self):
        manager = self._make_user("trial", "sales_team.group_sale_manager")
        other = self._make_user("trial2", "sales_team.group_sale_manager")
        seller = self._make_user("trial3", "sales_team.group_sale_salesman_all_leads")
        draft = self.policies.create({"name": "Draft", "returnable": False})
        with self.assertRaises(AccessError):
            draft.with_user(seller).action_try()
        with self.assertRaises(AccessError):
            self.env["sale.rma.policy.trial"].with_user(seller).create({"policy_id": draft.id})
        trial_id = draft.with_user(manager).action_try()["res_id"]
        trial = self.env["sale.rma.policy.trial"].with_user(manager).browse(trial_id)
        self.assertEqual(trial.change_count, 2)
        self.assertTrue(trial.action_open_lines())
        with self.assertRaises(AccessError):
            trial.with_user(other).read(["change_count"])
        with self.assertRaises(AccessError):
            trial.line_ids.with_user(other).read(["amount"])
