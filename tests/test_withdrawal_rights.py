"""Issue 12, 8: withdrawals and messages follow the split of own and all documents, as returns."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon
from .test_rights import MUTED


@tagged("post_install", "-at_install")
class TestWithdrawalRights(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = "sales_team.group_sale_salesman"
        cls.seller = cls._make_user("seller", own)
        cls.colleague = cls._make_user("colleague", own, "stock.group_stock_user")
        cls.staff = cls._make_user("staff", own)
        cls.leader = cls._make_user("leader", "sales_team.group_sale_salesman_all_leads")
        cls.company.sudo().rma_user_id = cls.staff
        cls.order = cls._create_sold((cls.shirt, 3), user_id=cls.seller.id)
        cls.nobodys = cls._create_sold((cls.shirt, 3), user_id=False)
        cls.matched = cls._submit(1, order=cls.order)
        cls.unmatched = cls._submit(2)

    @classmethod
    def _submit(cls, number, order=None):
        withdrawal = (
            cls.env["sale.rma.withdrawal"]
            .sudo()
            ._submit(
                cls._prepare_statement(
                    number,
                    channel="link" if order else "form",
                    contract=order.name if order else "something",
                    order_id=order.id if order else False,
                    part="the blue one",
                )
            )
        )
        for recorded in withdrawal.search(withdrawal._get_to_follow_up_domain()):
            recorded._follow_up()
        return withdrawal

    def _seen_by(self, user, records):
        self.env.invalidate_all()
        return records.with_user(user).sudo(False).search([("id", "in", records.ids)]).ids

    def test_statement_about_ones_own_order_is_ones_own(self):
        self.assertEqual(self._seen_by(self.seller, self.matched), self.matched.ids)
        self.assertFalse(self._seen_by(self.colleague, self.matched))
        self.assertTrue(self._seen_by(self.seller, self.matched.event_ids))
        self.assertFalse(self._seen_by(self.colleague, self.matched.event_ids))

    def test_statement_about_nobodys_order_is_everybodys(self):
        self.company.sudo().rma_user_id = False
        withdrawal = self._submit(3, order=self.nobodys)
        self.assertEqual(self._seen_by(self.colleague, withdrawal), withdrawal.ids)

    def test_statement_nobody_can_place_is_for_those_who_decide(self):
        for user in (self.staff, self.leader):
            self.assertEqual(self._seen_by(user, self.unmatched), self.unmatched.ids)
        for user in (self.seller, self.colleague):
            self.assertFalse(self._seen_by(user, self.unmatched))

    def test_manager_of_the_return_sees_its_statement(self):
        check = self.env["sale.rma.withdrawal.check"].create(
            {"withdrawal_id": self.unmatched.id, "order_id": self.order.id, "outcome": "return"}
        )
        check.action_confirm()
        self.assertEqual(self._seen_by(self.seller, self.unmatched), self.unmatched.ids)
        rma = self.unmatched.rma_ids
        rma.user_id = self.colleague
        self.assertEqual(self._seen_by(self.colleague, self.unmatched), self.unmatched.ids)

    @mute_logger(*MUTED)
    def test_nobody_closes_or_sends_anothers(self):
        for withdrawal in self.matched | self.unmatched:
            self.env.invalidate_all()
            foreign = withdrawal.with_user(self.colleague).sudo(False)
            checks = foreign.env["sale.rma.withdrawal.check"]
            for attempt in (
                lambda foreign=foreign: foreign.read(["statement"]),
                foreign.action_check,
                foreign.action_send_receipt,
                foreign.action_download_receipt,
                foreign.action_view_returns,
                lambda foreign=foreign, checks=checks: checks.create(
                    {"withdrawal_id": foreign.id, "outcome": "noted"}
                ).action_confirm(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
            self.assertTrue(withdrawal.is_to_check)

    @mute_logger(*MUTED)
    def test_receipt_is_read_by_who_reads_the_statement(self):
        values = {"name": "receipt.pdf", "raw": b"%PDF-1.4", "res_id": self.matched.id}
        file = self.env["ir.attachment"].sudo().create({**values, "res_model": self.matched._name})
        self.assertTrue(file.with_user(self.seller).read(["raw"]))
        with self.assertRaises(AccessError):
            file.with_user(self.colleague).read(["raw"])

    # === MESSAGES ABOUT RETURNS === #

    def _make_inquiry(self, rma=None):
        values = {"name": "Where is it?", "company_id": self.company.id, "rma_id": rma and rma.id}
        return self.env["sale.rma.inquiry"].sudo().create(values)

    @mute_logger(*MUTED)
    def test_messages_are_seen_and_closed_by_whom_they_are_for(self):
        rma = self._create_rma(self.order, 1, state="requested", user_id=self.seller.id)
        placed, unplaced = self._make_inquiry(rma), self._make_inquiry()
        for user, seen in (
            (self.seller, placed),
            (self.colleague, placed.browse()),
            (self.staff, placed | unplaced),
            (self.leader, placed | unplaced),
        ):
            self.assertEqual(set(self._seen_by(user, placed | unplaced)), set(seen.ids))
        for inquiry in placed | unplaced:
            foreign = inquiry.with_user(self.colleague)
            for attempt in (foreign.action_done, foreign.action_reopen, foreign.action_move):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
        placed.with_user(self.seller).action_done()
        self.assertEqual(placed.state, "done")
