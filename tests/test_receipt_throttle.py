from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ..models.withdrawal.sale_rma_withdrawal_throttle import RECEIPTS_BY_HAND
from ..tools.mail_address import get_mailbox
from .common import SaleRmaCommon

RECEIPT_LOGGER = "odoo.addons.sale_rma.models.withdrawal.sale_rma_withdrawal_acknowledgement"
PUBLIC = "93.184.216.{}"


@tagged("post_install", "-at_install")
class TestReceiptThrottle(SaleRmaCommon, MockEmail):
    """No cannon, and nobody's receipt starves (docs/law.md L6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.email = "shop@example.com"
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.company.rma_user_id = cls.manager
        cls.order = cls._create_sold((cls.shirt, 9))
        cls.model = cls.env["sale.rma.withdrawal"].sudo()
        cls.startClassPatcher(
            patch.object(cls.registry["sale.rma.withdrawal"], "_render_receipt_pdf", lambda w: None)
        )
        cls.number = 0

    # === MAKING === #

    def _submit(self, ip="93.184.216.34", follow_up=False, **values):
        type(self).number += 1
        junk = {
            "contract": f"junk {self.number}",
            "customer_name": "Somebody",
            "email": "victim@example.com",
        }
        declared = self._prepare_statement(self.number, **{**junk, **values})
        with self.mock_mail_gateway():
            withdrawal = self.model._submit(declared, ip=ip)
            if follow_up:
                withdrawal._follow_up()
        return withdrawal

    def _by_link(self, **values):
        """A statement of whoever holds the order's link."""
        values = {
            "channel": "link",
            "order_id": self.order.id,
            "contract": self.order.name,
            **values,
        }
        return self._submit(**values)

    def _items(self, quantity):
        return [{"sale_line_id": self.order.order_line.id, "quantity": quantity}]

    def _run(self, minutes=0):
        """Run the job of receipts that many minutes from now."""
        at = fields.Datetime.add(fields.Datetime.now(), minutes=minutes)
        with self.mock_mail_gateway(), freeze_time(at):
            self.model._cron_send_receipts()

    def _receipts(self, *addresses):
        mails = self.env["mail.mail"].sudo().search([("model", "=", self.model._name)])
        return mails.filtered(
            lambda mail: mail.email_to and (not addresses or mail.email_to in addresses)
        )

    # === ONE SPELLING === #

    def test_mailbox_has_one_spelling(self):
        for spellings in (
            ("anna@example.com", "ANNA@Example.com", "Anna <anna+shop@example.com>"),
            ("a.n.n.a@gmail.com", "anna@googlemail.com", "Anna+1@GMAIL.com"),
            ("anna@bücher.example", "anna@xn--bcher-kva.example", "anna@BÜCHER.example"),
        ):
            self.assertEqual(len({get_mailbox(spelling) for spelling in spellings}), 1, spellings)
        self.assertNotEqual(get_mailbox("a.n@example.com"), get_mailbox("an@example.com"))
        self.assertEqual((get_mailbox(""), get_mailbox(None), get_mailbox("x")), ("", "", "x"))

    # === NO CANNON === #

    def test_spellings_of_an_address_are_one_budget(self):
        for number in range(12):
            local = f"vi.ctim+{number}" if number % 2 else "V.I.C.T.I.M"
            self._submit(email=f"{local}@gmail.com", ip=PUBLIC.format(number))
        self.assertEqual(len(self._receipts()), 5)
        self._run()
        self.assertEqual(len(self._receipts()), 5)

    def test_day_has_a_limit_too(self):
        for number in range(40):
            self._submit(ip=PUBLIC.format(number))
        for hour in range(1, 12):
            self._run(minutes=61 * hour)
        self.assertEqual(len(self._receipts()), 20)
        self.assertEqual(self.model.search_count([("mailbox", "=", "victim@example.com")]), 40)

    def test_same_statement_is_acknowledged_and_not_mailed_again(self):
        first = self._submit(contract="the shirts")
        second = self._submit(contract=" The  shirts", email="VICTIM+2@example.com")
        self.assertNotEqual(first, second)
        self.assertEqual((first.receipt_state, second.receipt_state), ("mailed", "repeated"))
        self.assertEqual(len(self._receipts()), 1)
        self._run()
        self.assertFalse(second.filtered_domain(second._get_to_follow_up_domain()))
        later = fields.Datetime.add(fields.Datetime.now(), hours=25)
        with freeze_time(later):
            self.assertEqual(self._submit(contract="the shirts").receipt_state, "mailed")

    def test_receipt_that_did_not_arrive_is_mailed_for_the_same_statement(self):
        first = self._submit(contract="the shirts")
        first._message_receive_bounce("victim@example.com", self.env["res.partner"])
        self.assertEqual(self._submit(contract="the shirts").receipt_state, "mailed")

    def test_same_statement_counts_when_its_return_was_closed(self):
        first = self._by_link(items=self._items(2.0), email="anna@example.com")
        first.rma_ids.action_cancel("By mistake")
        second = self._by_link(items=self._items(2.0), email="anna@example.com")
        self.assertEqual(second.rma_ids.state, "accepted")
        self.assertNotEqual(first.rma_ids, second.rma_ids)

    def test_link_of_an_order_writes_to_its_customer_and_one_other(self):
        for number in range(4):
            self._by_link(email=f"other{number}@example.com", items=self._items(number + 1.0))
        self.assertEqual(
            sorted(self._receipts().mapped("email_to")),
            ["anna@example.com"] * 3 + ["other0@example.com"],
        )

    def test_link_of_an_order_has_a_budget(self):
        withdrawals = self.model
        for number in range(8):
            withdrawals |= self._by_link(email="anna@example.com", items=self._items(number + 1.0))
        self.assertEqual(len(self._receipts()), 5)
        self.assertEqual(len(withdrawals), 8)
        self.assertLessEqual(len(withdrawals.activity_ids), 3)

    def test_links_of_many_orders_do_not_add_up_against_one_address(self):
        for number in range(8):
            order = self.order if not number else self._create_order((self.shirt, 1))
            self._submit(channel="link", order_id=order.id, contract=order.name)
        self.assertEqual(len(self._receipts("victim@example.com")), 5)

    # === ONCE === #

    def test_receipt_is_written_once_whoever_tries(self):
        withdrawal = self._submit()
        with self.mock_mail_gateway():
            for _try in range(3):
                self.assertTrue(withdrawal._write_acknowledgement(withdrawal.matched_order_id))
        self.assertEqual(len(self._receipts()), 1)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            withdrawal._add_event("written").flush_recordset()

    def test_job_that_meets_another_leaves_the_receipt_to_it(self):
        def meet(withdrawals, **kwargs):
            return withdrawals.browse()

        withdrawal = self._submit(email="a@example.com")
        with (
            patch.object(type(self.model), "try_lock_for_update", meet),
            self.assertRaises(ConcurrencyError),
        ):
            withdrawal._write_acknowledgement(withdrawal.matched_order_id)
        self.assertEqual(len(self._receipts()), 1)

    # === STAFF === #

    def test_what_nobody_can_place_is_one_activity_and_one_digest_an_hour(self):
        withdrawals = self.model
        for number in range(30):
            withdrawals |= self._submit(
                email=f"junk{number}@example.com", ip=PUBLIC.format(number), follow_up=True
            )
        self.assertEqual(set(withdrawals.mapped("doubt")), {"unmatched"})
        self.assertEqual(len(withdrawals.activity_ids), 1)
        self.assertEqual(len(withdrawals.filtered("is_to_check")), 30)
        for minutes, most in ((5, 0), (61, 1), (70, 1)):
            at = fields.Datetime.add(fields.Datetime.now(), minutes=minutes)
            with self.mock_mail_gateway(), freeze_time(at):
                self.model._send_digests()
            digests = (
                self.env["mail.message"]
                .sudo()
                .search([("subject", "ilike", "Withdrawals to place")])
            )
            self.assertEqual(len(digests), most)
        self.assertEqual(digests.partner_ids, self.manager.partner_id)

    def test_receipts_that_fail_for_junk_are_one_activity(self):
        for number in range(5):
            withdrawal = self._submit(email=f"junk{number}@example.com", follow_up=True)
            withdrawal._message_receive_bounce(withdrawal.email, self.env["res.partner"])
        activities = self.model.search([]).activity_ids
        self.assertEqual(len(activities), 2)  # one to place them, one of the receipts

    # === NOBODY STARVES === #

    def test_honest_receipt_leaves_at_once_among_junk_to_one_address(self):
        for _number in range(220):
            self._submit()
        honest = self._submit(email="honest@example.com", ip="8.8.8.8")
        self.assertEqual(honest.receipt_state, "mailed")

    def test_honest_receipt_leaves_in_a_minute_among_junk_to_many(self):
        for number in range(500):
            self._submit(
                email=f"junk{number}@example.com", ip=f"93.{number // 250}.{number % 250}.1"
            )
        honest = self._submit(email="honest@example.com", ip="8.8.8.8")
        self.assertEqual(honest.receipt_state, "held")
        self._run(minutes=1)
        self.assertEqual(honest.receipt_state, "mailed")

    def test_old_receipt_is_not_pushed_back_for_ever_by_newer_junk(self):
        for number in range(30):
            self._submit(email=f"junk{number}@example.com", ip=PUBLIC.format(number))
        honest = self._submit(email="honest@example.com", ip="8.8.8.8")
        for number in range(30, 230):
            self._submit(email=f"junk{number}@example.com", ip=PUBLIC.format(number % 250))
        for minute in range(1, 4):
            self._run(minutes=minute)
        self.assertEqual(honest.receipt_state, "mailed")

    def test_matched_statement_is_receipted_and_opened_before_junk(self):
        for number in range(60):
            self._submit(email=f"junk{number}@example.com", ip=PUBLIC.format(number))
        honest = self._submit(email="anna@example.com", contract=self.order.name)
        self.assertEqual(honest.receipt_state, "held")
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_withdrawal_follow_up").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(honest.receipt_state, "mailed")
        self.assertEqual(honest.rma_ids.order_id, self.order)

    def test_job_mails_at_once_and_not_by_the_hourly_queue(self):
        for _number in range(6):
            withdrawal = self._submit()
        self.assertEqual(withdrawal.receipt_state, "held")
        at = fields.Datetime.add(fields.Datetime.now(), minutes=61)
        with self.mock_mail_gateway(), self.enter_registry_test_mode(), freeze_time(at):
            self.env.ref("sale_rma.ir_cron_withdrawal_receipts").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(self._receipts().mapped("state")), {"sent"})
        self.assertEqual(withdrawal.receipt_state, "mailed")

    def test_network_is_forgotten(self):
        withdrawal = self._submit()
        self.assertTrue(withdrawal.network_key)
        self.assertNotIn("93.184", withdrawal.network_key)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=3)):
            self.model._gc_network_keys()
        self.assertFalse(withdrawal.network_key)
        self.assertTrue(withdrawal.is_intact)

    # === MATCHING === #

    def test_text_of_many_numbers_is_no_order(self):
        names = " ".join(f"S{number:05d}" for number in range(29))
        withdrawal = self._submit(
            contract=f"{names} {self.order.name}", email="anna@example.com", follow_up=True
        )
        self.assertEqual((withdrawal.doubt, withdrawal.matched_order_id.id), ("unmatched", False))
        self.assertEqual(withdrawal.receipt_state, "mailed")

    def test_another_customers_order_named_too_is_for_a_colleague(self):
        stranger = self.env["res.partner"].create({"name": "Bob", "email": "bob@example.com"})
        other = self._create_order((self.shirt, 1), partner_id=stranger.id)
        contract = f"{self.order.name} {other.name}"
        withdrawal = self._submit(contract=contract, email="anna@example.com", follow_up=True)
        self.assertEqual(withdrawal.doubt, "unmatched")

    def test_attempts_to_guess_the_order_are_throttled_and_statements_are_not(self):
        for number in range(10):
            self._submit(contract=f"S9{number:04d}", email="anna+x@example.com", follow_up=True)
        withdrawal = self._submit(
            contract=self.order.name, email="anna@example.com", follow_up=True
        )
        self.assertEqual((withdrawal.doubt, withdrawal.rma_ids.ids), ("unmatched", []))
        self.assertTrue(withdrawal.is_to_check)
        self.assertIn("compare it", withdrawal.check_note)
        self.assertNotEqual(withdrawal.receipt_state, "repeated")

    def test_order_of_another_company_is_not_matched(self):
        elsewhere = self.env["res.company"].create(
            {"name": "Elsewhere", "email": "elsewhere@example.com"}
        )
        withdrawal = self._submit(
            company_id=elsewhere.id,
            contract=self.order.name,
            email="anna@example.com",
            follow_up=True,
        )
        self.assertEqual((withdrawal.doubt, withdrawal.rma_ids.ids), ("unmatched", []))

    # === BY HAND === #

    def test_receipt_is_sent_again_a_few_times_an_hour(self):
        withdrawal = self._submit()
        seller = self._make_user("rma_sender", "sales_team.group_sale_salesman_all_leads")
        mine = withdrawal.with_user(seller).sudo(False)
        with self.mock_mail_gateway():
            mine.browse([withdrawal.id] * 50).action_send_receipt()  # one id, said often
            self.assertEqual(self._count_receipts(withdrawal), 2)
            for _time in range(RECEIPTS_BY_HAND - 1):
                mine.action_send_receipt()
            with self.assertRaisesRegex(UserError, withdrawal.name):
                mine.action_send_receipt()
            later = fields.Datetime.add(fields.Datetime.now(), minutes=61)
            with freeze_time(later):
                mine.action_send_receipt()

    def _count_receipts(self, withdrawal):
        return len(withdrawal.message_ids.filtered(lambda m: m.message_type == "auto_comment"))
