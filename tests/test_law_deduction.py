"""No fee and no quiet deduction on withdrawals (docs/law.md L23, L26, L28)."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestLawDeduction(SaleRmaCommon):
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
