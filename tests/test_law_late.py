"""Late money: told before the day, told apart from late parcels, with what it costs (docs/law.md
L17, L22)."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ..tools.late_refund import get_late_part
from .common import SaleRmaCommon

NOW = "2026-11-10 10:00:00"


@tagged("post_install", "-at_install")
class TestLateRefund(TransactionCase):
    def test_L22_french_steps(self):
        for days, part in (
            (0, 0.0),
            (10, 0.01),
            (11, 0.05),
            (20, 0.05),
            (21, 0.10),
            (31, 0.20),
            (61, 0.50),
            (90, 0.50),
            (91, 0.55),
            (121, 0.60),
            (390, 1.0),
            (400, 1.01),
        ):
            self.assertAlmostEqual(get_late_part(days, 36.5, "FR"), part, msg=days)

    def test_L22_elsewhere_the_legal_interest(self):
        self.assertAlmostEqual(get_late_part(73, 5.0, "DE"), 0.01)


@tagged("post_install", "-at_install")
class TestLawLate(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.startClassPatcher(freeze_time(NOW))
        cls.order = cls._create_sold((cls.shirt, 2))
        cls.rma = cls._create_rma(
            cls.order, {cls.shirt: 1}, rma_type="withdrawal", state="processing"
        )
        cls.rma.user_id = cls.manager

    def _remind(self, at):
        with freeze_time(at):
            self.env["sale.rma"].sudo()._cron_remind_refunds()
        return self.rma.activity_ids.filtered(lambda todo: todo.summary == "Give the money back")

    def test_L17_the_manager_is_reminded_before_the_day_and_once(self):
        self.assertFalse(self._remind("2026-11-15 10:00"))
        todo = self._remind("2026-11-22 10:00")
        self.assertEqual((todo.user_id, todo.date_deadline), (self.manager, date(2026, 11, 24)))
        self.assertEqual(self._remind("2026-11-23 10:00"), todo)

    def test_L17_late_money_and_late_parcels_are_told_apart(self):
        waiting = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        waiting.date_expiry = "2026-11-15"
        with freeze_time("2026-12-20 10:00"):
            (self.rma | waiting).invalidate_recordset()
            self.assertEqual((self.rma.late_message, waiting.late_message), ("Money", "Parcel"))
            found = self.env["sale.rma"].search([("is_refund_late", "=", True)])
            self.assertIn(self.rma, found)
            self.assertNotIn(waiting, found)

    def test_L22_the_cost_of_the_delay_stands_beside_it(self):
        self.company.country_id = self.env.ref("base.fr")
        self.assertEqual(self.rma.amount_late_exposure, 0.0)
        with freeze_time("2026-12-10 10:00"):  # 16 days late
            self.rma.invalidate_recordset()
            self.assertAlmostEqual(self.rma.amount_late_exposure, round(57.5 * 0.05, 2))
