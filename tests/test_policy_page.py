"""*Our returns policy* is written from the rules."""

from odoo.tests import HttpCase, tagged

from .test_policy import PolicyCase


@tagged("post_install", "-at_install")
class TestPolicyPage(PolicyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env.ref("base.public_user").sudo().company_id  # whose page a stranger sees

    @classmethod
    def _make_policy(cls, **values):
        policy = cls.policies.sudo().create({"name": "Rule", "company_id": cls.shop.id, **values})
        policy.action_activate()
        return policy

    def _read(self):
        response = self.url_open("/returns/policy")
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_settings_and_the_law_are_told(self):
        self.shop.write({"rma_return_days": 30, "rma_withdrawal_link": True})
        text = self._read()
        for expected in ("for 30 days after it was delivered", "for 14 days", "24 months"):
            self.assertIn(expected, text)

    def test_rules_are_told_in_their_order_without_their_names(self):
        tag = self.env["res.partner.category"].create({"name": "Bad payers"})
        self._make_policy(
            name="R7b",
            sequence=2,
            categ_ids=self.swimwear.ids,
            returnable=False,
            explanation="Not once worn.",
        )
        self._make_policy(name="R7a", sequence=1, partner_tag_ids=tag.ids, fee_amount=5)
        text = self._read()
        self.assertLess(text.index("for some customers"), text.index("Swimwear: Not once worn."))
        self.assertIn("Of a refund we keep", text)
        self.assertIn("Everything else", text)
        for secret in ("R7a", "R7b", "Bad payers"):
            self.assertNotIn(secret, text)

    def test_what_is_not_in_use_is_not_told(self):
        policy = self._make_policy(explanation="Only on Sundays.")
        self.assertIn("Only on Sundays.", self._read())
        policy.action_deactivate()
        self.policies.sudo().create(
            {"name": "Draft", "company_id": self.shop.id, "explanation": "Only on Mondays."}
        )
        text = self._read()
        self.assertNotIn("Only on Sundays.", text)
        self.assertNotIn("Only on Mondays.", text)

    def test_rules_of_claims_are_not_told_as_those_of_returns(self):
        self._make_policy(rma_types="claim", explanation="Three years.")
        self.assertNotIn("Three years.", self._read())


@tagged("post_install", "-at_install")
class TestPolicyForm(PolicyCase):
    """The form offers what the rules allow, and says what they do not."""

    def _get_line(self, order, **posted):
        form = self.env["sale.rma.request"]
        order = order.sudo()
        if not posted:
            return form._prepare(order).lines[0]
        prefix = f"line-{order.order_line[0].id}"
        return form._read(
            order, {f"{prefix}-{name}": value for name, value in posted.items()}
        ).lines[0]

    def test_a_wish_that_is_not_allowed_is_not_shown_and_it_is_said(self):
        order = self._create_sold((self.shirt, 1))
        self.assertEqual(self._get_line(order).wishes_message, "")
        self._make_policy(allow_refund=False, explanation="Reduced items are exchanged only.")
        line = self._get_line(order)
        self.assertEqual((line.wishes, line.resolution), (("exchange",), "exchange"))
        self.assertIn("Not possible for this item: Refund", line.wishes_message)
        self.assertIn("Reduced items are exchanged only.", line.wishes_message)

    def test_rules_for_reasons_once_the_reason_is_known(self):
        order = self._create_sold((self.shirt, 1))
        self._make_policy(reason_ids=self.reason.ids, allow_exchange=False)
        self.assertIn("exchange", self._get_line(order).wishes)
        line = self._get_line(order, pick="1", reason=self.reason.code)
        self.assertNotIn("exchange", line.wishes)

    def test_L29_claims_have_all_the_law_gives(self):
        order = self._create_sold((self.shirt, 1))
        self._make_policy(rma_types="all", allow_refund=False, allow_exchange=False)
        asked = self.env["sale.rma.request"]._prepare(order.sudo(), "claim")
        self.assertEqual(asked.lines[0].wishes, ("repair", "exchange", "refund"))
        self.assertFalse(asked.lines[0].wishes_message)
