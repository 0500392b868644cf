"""No fee and no quiet deduction on withdrawals (docs/law.md L23, L26, L28)."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


class LawDeductionCase(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 1))
        cls.photo = cls.env["ir.attachment"].create({"name": "sole.jpg", "raw": b"x"})

    def _create_received(self, **values):
        return self._create_rma(self.order, rma_type="withdrawal", state="processing", **values)

    def _get_item(self, rma, product=None):
        return rma.line_ids.filtered(lambda line: line.product_id == (product or self.shirt))

    def _deduct(self, rma, amount, product=None):
        self._get_item(rma, product).write(
            {
                "amount_deducted": amount,
                "deduction_ground": "the soles are worn",
                "deduction_attachment_ids": [Command.set(self.photo.ids)],
            }
        )


@tagged("post_install", "-at_install")
class TestLawDeduction(LawDeductionCase):
    def test_L23_a_withdrawal_takes_no_fee(self):
        rma = self._create_received()
        for values in ({"amount_fee": 5.0}, {"amount_adjustment": -5.0}):
            with self.assertRaisesRegex(UserError, "no fee"), self.cr.savepoint():
                self._process(rma, **values)
        self._process(rma, amount_adjustment=1.0, adjustment_reason="sorry")
        self.assertEqual(rma.state, "done")

    def test_L26_a_deduction_needs_ground_and_photo(self):
        item = self._get_item(self._create_received())
        for values in (
            {"amount_deducted": 5.0},
            {"amount_deducted": 5.0, "deduction_ground": "worn"},
            {"amount_deducted": 5.0, "deduction_attachment_ids": [Command.set(self.photo.ids)]},
            {"amount_deducted": -5.0, "deduction_ground": "worn"},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                item.write(values)

    def test_L26_a_deduction_lowers_its_item_only_and_with_its_tax(self):
        rma = self._create_received()
        paid = sum(self.order.invoice_ids.mapped("amount_total"))
        self._deduct(rma, 11.5)
        wizard = self._open_process(rma)
        self.assertAlmostEqual(wizard.amount_total, paid - 11.5)
        wizard.action_process()
        self.assertAlmostEqual(rma.refund_ids.amount_total, paid - 11.5)
        kept = rma.refund_ids.invoice_line_ids.filtered("rma_deduction_id")
        self.assertEqual(kept.tax_ids, self.tax)
        self.assertAlmostEqual(kept.price_subtotal, -10.0)

    def test_L26_what_was_deducted_once_is_not_deducted_again(self):
        rma = self._create_received()
        paid = sum(self.order.invoice_ids.mapped("amount_total"))
        self._deduct(rma, 11.5)
        self._process(
            rma, {self.shirt: {"qty_refund": 1}, self.mug: {"qty_refund": 1}}, close=False
        )
        self._process(rma)
        self.assertAlmostEqual(rma.amount_refunded, paid - 11.5)

    def test_L26_no_more_than_the_item_is_deducted(self):
        rma = self._create_received()
        self._deduct(rma, 20.0, self.mug)
        with self.assertRaisesRegex(UserError, "more than"):
            self._process(rma)

    def test_L26_the_customer_is_told_in_mail_page_and_history(self):
        rma = self._create_received()
        self._deduct(rma, 11.5)
        self._process(rma)
        bodies = " ".join(rma.message_ids.mapped("body"))
        self.assertIn("the soles are worn", bodies)
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "sale.rma"), ("res_id", "=", rma.id)], order="id desc", limit=1)
        )
        self.assertIn("the soles are worn", mail.body_html or mail.body)
        page = self.env["ir.qweb"]._render(
            "sale_rma.portal_return_content",
            {"rma": rma, "viewed_rma": rma, "may_act": False, "errors": {}},
        )
        self.assertIn("the soles are worn", str(page))

    def test_L28_what_is_not_refunded_names_its_ground(self):
        rma = self._create_received()
        with self.assertRaisesRegex(UserError, "article 16"), self.cr.savepoint():
            self._process(rma, {self.mug: {"qty_refund": 0}})
        self._get_item(rma, self.mug).refusal_ground = "sealed_hygiene"
        self._process(rma, {self.mug: {"qty_refund": 0}})
        self.assertEqual(rma.state, "done")
        self.assertIn("Sealed for health", " ".join(rma.message_ids.mapped("body")))

    def test_L28_what_can_not_be_refunded_needs_no_ground(self):
        order = self._create_order((self.shirt, 1))
        self._deliver(order)
        rma = self._create_rma(order, rma_type="withdrawal", state="processing")
        self._process(rma)
        self.assertEqual(rma.state, "done")


@tagged("post_install", "-at_install")
class TestLawDeductionWhereProcessed(LawDeductionCase):
    """The same on the screen and for programs: the plan says it, what is shown is posted (R3)."""

    def _get_decision(self, amount=11.5):
        return {
            "amount_deducted": amount,
            "deduction_ground": "the soles are worn",
            "deduction_attachment_ids": self.photo.ids,
        }

    def test_L26_the_screen_shows_posts_and_keeps_the_deduction(self):
        rma = self._create_received()
        wizard = self._open_process(rma)
        whole = wizard.amount_total
        line = wizard.line_ids.filtered(lambda line: line.product_id == self.shirt)
        line.write({**self._get_decision(), "deduction_attachment_ids": False})
        self.assertIn("photo", wizard.refund_error)
        photo = self.env["ir.attachment"].create(
            {"name": "a.png", "raw": b"x", "res_model": line._name, "res_id": line.id}
        )
        line.deduction_attachment_ids = photo
        self.assertFalse(wizard.refund_error)
        self.assertAlmostEqual(wizard.amount_total, whole - 11.5)
        wizard.action_process()
        self.assertAlmostEqual(rma.amount_refunded, whole - 11.5)
        item = self._get_item(rma)
        self.assertEqual((item.amount_deducted, item.deduction_attachment_ids), (11.5, photo))
        self.assertEqual((photo.res_model, photo.res_id), (item._name, item.id))

    def test_L26_a_plan_says_it_and_its_preview_is_what_is_posted(self):
        rma = self._create_received()
        item = self._get_item(rma)
        plan = {"rma": rma.id, "lines": [{"rma_line": item.id, **self._get_decision()}]}
        [shown] = rma._preview([plan])
        self.assertAlmostEqual(shown["amount_total"], 115 - 11.5)
        self.assertFalse(item.amount_deducted)
        rma._process([{**plan, "close": False}])
        self.assertAlmostEqual(rma.amount_refunded, 115 - 11.5)
        self.assertEqual(item.deduction_ground, "the soles are worn")

    def test_L26_what_a_plan_says_is_checked(self):
        rma = self._create_received()
        item = self._get_item(rma)
        for values in (
            {"amount_deducted": "5"},
            {"amount_deducted": float("nan")},
            {"amount_deducted": 5.0, "deduction_ground": "worn"},
            {**self._get_decision(), "deduction_attachment_ids": "x"},
            {**self._get_decision(), "deduction_attachment_ids": [10**9]},
            {"refusal_ground": "no wish"},
        ):
            plan = {"rma": rma.id, "lines": [{"rma_line": item.id, **values}]}
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                rma._process([plan])

    def test_L26_a_photo_taken_away_takes_the_deduction_with_it(self):
        rma = self._create_received()
        photo = self.photo.copy()
        self.photo = photo
        self._deduct(rma, 11.5)
        photo.unlink()
        with self.assertRaisesRegex(ValidationError, "photo"):
            rma._process([{"rma": rma.id}])

    def test_N8_nothing_is_deducted_of_a_recall(self):
        recall = self._create_rma(self.order, {self.shirt: 1}, "accepted")
        recall.sudo().rma_type = "recall"
        with self.assertRaisesRegex(ValidationError, "recall"):
            self._deduct(recall, 5.0)

    def test_L28_what_the_screen_refuses_is_not_proposed_for_refund(self):
        rma = self._create_received()
        wizard = self._open_process(rma)
        line = wizard.line_ids.filtered(lambda line: line.product_id == self.mug)
        line.refusal_ground = "sealed_hygiene"
        self.assertEqual(line.qty_refund, 0)
        wizard.action_process()
        self.assertEqual(self._get_item(rma, self.mug).refusal_ground, "sealed_hygiene")
        self.assertAlmostEqual(rma.amount_refunded, 115)

    def test_L28_in_bulk_what_is_refused_is_not_refunded(self):
        rma = self._create_received()
        self._get_item(rma, self.mug).refusal_ground = "sealed_hygiene"
        rma._process([{"rma": rma.id}])
        self.assertAlmostEqual(rma.amount_refunded, 115)
