"""What a reason asks for is asked whoever makes the return: form, API, import, portal."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReason(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3))
        cls.defective = cls.env.ref("sale_rma.reason_defective")  # claims only, asks for a comment
        cls.damaged = cls.env.ref("sale_rma.reason_damaged")  # claims only, asks for a photo

    def test_reason_of_claims_is_refused_on_a_return(self):
        rma = self._create_rma(self.order, 1.0)
        with self.assertRaisesRegex(ValidationError, "Defective.*Claim"):
            rma.line_ids.reason_id = self.defective
        rma.rma_type = "claim"
        rma.line_ids.reason_id = self.defective
        with self.assertRaisesRegex(ValidationError, "Defective.*Claim"):
            rma.rma_type = "return"

    def test_api_refuses_a_reason_of_claims_on_a_return(self):
        line = {"sale_line_id": self.order.order_line.id, "quantity": 1, "reason": "defective"}
        with self.assertRaisesRegex(ValidationError, "Defective.*Claim"):
            self.env["sale.rma"].create_for_order(self.order.id, [line])

    def test_import_refuses_a_reason_of_claims_on_a_return(self):
        names = ["order_id/.id", "line_ids/sale_line_id/.id", "line_ids/reason_id/.id"]
        row = [self.order.id, self.order.order_line.id, self.defective.id]
        result = self.env["sale.rma"].load(names, [list(map(str, row))])
        self.assertFalse(result["ids"])
        self.assertIn("Claim", result["messages"][0]["message"])

    def test_comment_that_a_reason_asks_for_is_asked_of_staff(self):
        rma = self._create_rma(self.order, 1.0, rma_type="claim")
        rma.line_ids.reason_id = self.defective
        with self.assertRaisesRegex(UserError, "Shirt.*Defective.*comment"):
            rma.action_accept()
        rma.line_ids.note = "The seam is open"
        rma.action_accept()
        self.assertEqual(rma.state, "accepted")

    def test_photo_that_a_reason_asks_for_is_asked_of_staff(self):
        rma = self._create_rma(self.order, 1.0, rma_type="claim")
        rma.line_ids.reason_id = self.damaged
        with self.assertRaisesRegex(UserError, "Shirt.*Damaged.*photo"):
            rma.action_request()
        rma.line_ids.attachment_ids = [Command.create({"name": "a.jpg", "raw": b"x"})]
        rma.action_request()
        self.assertEqual(rma.state, "requested")

    def test_withdrawal_is_asked_for_nothing(self):
        rma = self._create_rma(self.order, 1.0, rma_type="withdrawal")
        rma.line_ids.reason_id = self.damaged
        rma.action_accept()
        self.assertEqual(rma.state, "accepted")
