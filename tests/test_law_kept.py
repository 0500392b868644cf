"""What a consumer declared is not taken back by a colleague (docs/law.md L16, L28)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_law_before_dispatch import LawBeforeDispatchCommon


@tagged("post_install", "-at_install")
class TestLawKept(LawBeforeDispatchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", "sales_team.group_sale_salesman_all_leads")
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 1))

    def test_L16_no_clerk_cancels_or_lessens_what_was_declared(self):
        self._submit(self.order)
        rma = self.order.rma_ids.with_user(self.clerk)
        shirt = rma.line_ids[0]
        for lessen in (
            lambda: rma.action_cancel(reason="no"),
            lambda: shirt.write({"quantity": 1}),
            shirt.unlink,
            lambda: rma.write({"line_ids": [(2, shirt.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "sales manager"), self.cr.savepoint():
                lessen()

    def test_L16_what_the_consumer_keeps_after_all_a_manager_takes_off(self):
        self._submit(self.order)
        rma = self.order.rma_ids.with_user(self.manager)
        rma.line_ids[0].quantity = 1
        self.assertIn("2 withdrawn, 1 left", rma.message_ids[:1].body)
        rma.action_cancel(reason="The consumer keeps everything")
        with self.assertRaisesRegex(UserError, "kept"):
            rma.unlink()

    def test_L16_what_nobody_declared_yet_is_the_clerks(self):
        rma = self._create_rma(self.order, rma_type="withdrawal").with_user(self.clerk)
        rma.line_ids[0].quantity = 1
        rma.line_ids[1].unlink()
        self.assertEqual(rma.line_ids.quantity, 1)
