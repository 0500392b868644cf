import io
import threading
from unittest.mock import patch

import pypdfium2
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError, OperationalError

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MockEmail

from .common import SaleRmaCommon

RECEIPT_LOGGER = "odoo.addons.sale_rma.models.withdrawal.sale_rma_withdrawal_acknowledgement"


@tagged("post_install", "-at_install")
class TestWithdrawalEvidence(SaleRmaCommon, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Brussels"
        cls.company.partner_id.email = "shop@example.com"
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        # what belongs to no order is for those with the right to all documents
        cls.salesperson = cls._make_user("rma_seller", "sales_team.group_sale_salesman_all_leads")
        cls.company.rma_user_id = cls.manager

    # === MAKING === #

    def _submit(self, number=1, ip="192.0.2.7", follow_up=True, **values):
        german = {"lang": "de", "statement": "Hiermit widerrufe ich\nden Kauf der Hemden."}
        declared = self._prepare_statement(number, **{**german, **values})
        withdrawal = self.env["sale.rma.withdrawal"].sudo()._submit(declared, ip=ip)
        if not follow_up:
            return withdrawal
        for recorded in withdrawal.search(withdrawal._get_to_follow_up_domain()):
            recorded.sudo()._follow_up()
        return withdrawal

    def _receipts(self, withdrawal):
        return self.env["mail.mail"].search(
            [
                ("model", "=", withdrawal._name),
                ("res_id", "=", withdrawal.id),
                ("email_to", "=", withdrawal.email),
            ]
        )

    # === APPEND ONLY === #

    def test_nobody_changes_a_withdrawal(self):
        withdrawal = self._submit()
        for record in (withdrawal.sudo(), withdrawal.with_user(self.manager)):
            for values in ({"statement": "Nothing"}, {"doubt": "none"}, {"rma_id": False}):
                with self.assertRaises(UserError):
                    record.write(values)

    def test_nobody_deletes_a_withdrawal(self):
        withdrawal = self._submit()
        with self.assertRaises(UserError):
            withdrawal.sudo().unlink()
        with self.assertRaises(AccessError):
            withdrawal.with_user(self.manager).unlink()

    def test_nobody_but_the_function_writes_one(self):
        with self.assertRaises(AccessError):
            self.env["sale.rma.withdrawal"].with_user(self.manager).create({})
        with self.assertRaises(AccessError):
            self.env["sale.rma.withdrawal.event"].with_user(self.manager).create({})

    def test_what_became_of_it_is_append_only_too(self):
        event = self._submit()._add_event("checked", note="Seen")
        with self.assertRaises(UserError):
            event.sudo().note = "Not seen"
        with self.assertRaises(UserError):
            event.sudo().unlink()

    def test_colleagues_read_those_of_their_companies(self):
        withdrawal = self._submit()
        found = self.env["sale.rma.withdrawal"].with_user(self.salesperson)
        self.assertIn(withdrawal, found.search([]))
        self.assertEqual(withdrawal.with_user(self.salesperson).customer_name, "Anna Martin")
        with self.assertRaises(AccessError):
            withdrawal.with_user(self.salesperson).read(["token"])
        other_company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user(
            "rma_elsewhere",
            "sales_team.group_sale_manager",
            company_id=other_company.id,
            company_ids=[fields.Command.set(other_company.ids)],
        )
        self.assertNotIn(withdrawal, found.with_user(stranger).search([]))

    # === CONTENT === #

    def test_all_that_has_to_be_shown_later_is_kept(self):
        with freeze_time("2026-03-16 22:59:30"):
            withdrawal = self._submit()
        self.assertRecordValues(
            withdrawal,
            [
                {
                    "statement": "Hiermit widerrufe ich\nden Kauf der Hemden.",
                    "submitted_at": fields.Datetime.to_datetime("2026-03-16 22:59:30"),
                    "timezone": "Europe/Brussels",
                    "customer_name": "Anna Martin",
                    "contract": "the shirts",
                    "email": "anna@example.com",
                    "lang": "de",
                    "channel": "form",
                    "ip": False,
                }
            ],
        )

    def test_ip_address_is_kept_only_if_the_company_says_so(self):
        self.company.rma_withdrawal_log_ip = True
        self.assertEqual(self._submit().ip, "192.0.2.7")

    def test_time_is_shown_with_its_zone_in_the_consumers_language(self):
        for lang, shown in (
            ("de", "17. März 2026, 00:59:30 (Europe/Brussels, UTC+01:00)"),
            ("fr", "17 mars 2026, 00:59:30 (Europe/Brussels, UTC+01:00)"),
            ("es", "17 de marzo de 2026, 00:59:30 (Europe/Brussels, UTC+01:00)"),
            ("en", "17 March 2026, 00:59:30 (Europe/Brussels, UTC+01:00)"),
        ):
            with freeze_time("2026-03-16 23:59:30"):
                withdrawal = self._submit(lang=lang, token=lang * 32)
            self.assertEqual(withdrawal._format_submission(), shown)

    def test_time_in_utc_says_so_once(self):
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-03-16 23:59:30"):
            withdrawal = self._submit(lang="en")
        self.assertEqual(withdrawal.submission, "16 March 2026, 23:59:30 (UTC)")

    def test_receipt_is_from_the_shop_asked_and_a_sisters_order_is_not_matched(self):
        order = self._create_sold((self.shirt, 1))
        sister = self.env["res.company"].create({"name": "Sister shop"})
        withdrawal = self._submit(contract=order.name, company_id=sister.id)
        self.assertEqual(withdrawal.company_id, sister)
        self.assertEqual((withdrawal.doubt, withdrawal.rma_ids.ids), ("unmatched", []))

    def test_second_return_is_not_proposed_where_one_is_open(self):
        order = self._create_sold((self.shirt, 1))
        order.partner_id.commercial_partner_id.is_company = True
        checks = self.env["sale.rma.withdrawal.check"]
        opened = checks.create({"withdrawal_id": self._submit(1, contract=order.name).id})
        unknown = checks.create({"withdrawal_id": self._submit(2).id})
        self.assertEqual((opened.outcome, unknown.outcome), ("noted", "return"))
        self.assertIn("is a company", opened.hint)

    def test_hash_tells_of_a_change_behind_odoos_back(self):
        withdrawal = self._submit(items=[{"sale_line_id": 1, "quantity": 2.0}])
        self.env.invalidate_all()
        self.assertTrue(withdrawal.is_intact)
        self.env.cr.execute(
            SQL("UPDATE sale_rma_withdrawal SET statement = 'x' WHERE id = %s", withdrawal.id)
        )
        self.env.invalidate_all()
        self.assertFalse(withdrawal.is_intact)

    def test_number_tells_nothing_of_how_many_there_are(self):
        first, second = self._submit(1), self._submit(2)
        self.assertRegex(first.name, r"^W-[2-9A-Z]{4}-[2-9A-Z]{4}$")
        self.assertNotEqual(first.name, second.name)

    # === RECEIPT === #

    def test_receipt_goes_out_at_once_with_content_date_time_zone_and_pdf(self):
        with freeze_time("2026-03-16 10:00:00"), self.mock_mail_gateway():
            withdrawal = self._submit()
        mail = self._receipts(withdrawal)
        self.assertEqual((mail.email_to, mail.state), ("anna@example.com", "sent"))
        self.assertIn("Eingangsbestätigung Ihres Widerrufs", mail.subject)
        for words in (
            "den Kauf der Hemden.",
            "März 2026, 11:00:00 (Europe/Brussels, UTC+01:00)",
            withdrawal.name,
        ):
            self.assertIn(words, mail.body_html)
        self.assertIn(withdrawal.name, mail.attachment_ids.name)
        self.assertEqual(withdrawal.receipt_state, "mailed")

    def test_pdf_holds_the_statement_word_for_word(self):
        with freeze_time("2026-03-16 10:00:00"):
            withdrawal = self._submit()
        pdf = withdrawal.with_context(force_report_rendering=True)._render_receipt_pdf()
        document = pypdfium2.PdfDocument(io.BytesIO(pdf))
        text = document[0].get_textpage().get_text_range()
        for words in (
            *withdrawal.statement.splitlines(),
            "2026-03-16 10:00:00 UTC",
            "11:00:00 (Europe/Brussels, UTC+01:00)",
            withdrawal.name,
            withdrawal.content_hash,
            self.company.name,
        ):
            self.assertIn(words, text)

    def test_receipt_needs_no_pdf_machine(self):
        def fail(*args, **kwargs):
            raise UserError("Unable to find Wkhtmltopdf")

        report = type(self.env["ir.actions.report"])
        with patch.object(report, "_render_qweb_pdf", fail), mute_logger(RECEIPT_LOGGER):
            withdrawal = self._submit()
        mail = self._receipts(withdrawal)
        self.assertFalse(mail.attachment_ids)
        self.assertIn("den Kauf der Hemden.", mail.body_html)
        self.assertNotIn("PDF", mail.body_html)

    def test_receipt_that_fails_is_written_down_and_told(self):
        def fail(*args, **kwargs):
            raise MailDeliveryException("Mailbox unavailable")

        server = type(self.env["ir.mail_server"])
        with (
            self.mock_mail_gateway(),
            patch.object(server, "send_email", fail),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            withdrawal = self._submit()
        self.assertEqual(withdrawal.receipt_state, "failed")
        failed = withdrawal.event_ids.filtered(lambda event: event.kind == "failed")
        self.assertIn("anna@example.com", failed.note)
        self.assertIn("did not reach", ",".join(withdrawal.activity_ids.mapped("summary")))

    def test_receipt_that_comes_back_is_written_down(self):
        withdrawal = self._submit()
        withdrawal._message_receive_bounce("anna@example.com", self.customer)
        self.assertEqual(withdrawal.receipt_state, "bounced")

    def test_receipt_is_sent_again_by_a_colleague(self):
        withdrawal = self._submit()
        withdrawal.with_user(self.salesperson).action_send_receipt()
        self.assertEqual(len(self._receipts(withdrawal)), 2)
        stock_user = self._make_user("rma_worker", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            withdrawal.with_user(stock_user).action_send_receipt()

    def test_receipt_is_one_file_however_often_it_is_sent(self):
        withdrawal = self._submit()
        kept = withdrawal._get_receipt_pdf()
        withdrawal.with_user(self.salesperson).action_send_receipt()
        self.assertEqual(self._receipts(withdrawal).attachment_ids, kept)
        self.assertEqual(withdrawal._get_receipt_pdf(), kept)

    # === ABUSE === #

    def test_answer_takes_a_stranger_the_same_work_whether_an_order_fits(self):
        order = self._create_sold((self.shirt, 1))
        counts, answers = [], []
        contracts = ["S99999999", order.name] * 2  # below what is held back
        for number, contract in enumerate(contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answers.append(
                self._submit(number, contract=contract, part=str(number), follow_up=False)
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(set(counts[2:])), 1, counts)  # after what is read once
        self.assertFalse(any(answer.matched_order_id for answer in answers))
        self.assertFalse(any(answer.activity_ids or answer.rma_ids for answer in answers))

    def test_job_opens_the_return_once_and_asks_a_colleague_once(self):
        order = self._create_sold((self.shirt, 1))
        fits = self._submit(1, contract=order.name, follow_up=False)
        other = self._submit(2, follow_up=False)
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron = self.env.ref("sale_rma.ir_cron_withdrawal_follow_up").sudo()
                cron.method_direct_trigger()
        self.assertRecordValues(
            fits.rma_ids, [{"order_id": order.id, "state": "accepted", "rma_type": "withdrawal"}]
        )
        self.assertEqual(fits.event_ids.mapped("kind").count("opened"), 1)
        self.assertEqual(other.event_ids.mapped("kind").count("asked"), 1)
        self.assertEqual(len(other.activity_ids), 1)

    def test_flood_to_one_address_is_recorded_and_mailed_bit_by_bit(self):
        withdrawals = self.env["sale.rma.withdrawal"]
        for number in range(8):
            withdrawals |= self._submit(number, contract=f"shirt {number}")
        self.assertEqual(len(withdrawals), 8)
        mailed = withdrawals.filtered(self._receipts)
        self.assertEqual(len(mailed), 5)
        self.assertEqual((withdrawals - mailed).mapped("receipt_state"), ["held"] * 3)
        with self.mock_mail_gateway():
            withdrawals._cron_send_receipts()
        self.assertEqual(len(withdrawals.filtered(self._receipts)), 5)
        later = fields.Datetime.add(fields.Datetime.now(), minutes=61)
        with self.mock_mail_gateway(), freeze_time(later):
            withdrawals._cron_send_receipts()
            withdrawals._cron_send_receipts()
        self.assertEqual(len(withdrawals.filtered(self._receipts)), 8)
        self.assertEqual(len(self._receipts(withdrawals[-1])), 1)

    def test_flood_does_not_hold_up_a_genuine_withdrawal(self):
        for number in range(6):
            self._submit(number, contract=f"shirt {number}")
        order = self._create_sold((self.shirt, 1))
        withdrawal = self._submit(99, contract=order.name)
        self.assertTrue(withdrawal.rma_ids)
        self.assertEqual(len(self._receipts(withdrawal)), 1)

    # === ONCE === #

    def test_submitted_twice_is_one(self):
        self.assertEqual(self._submit(1), self._submit(1))

    def test_submitted_at_the_same_moment_is_one(self):
        """Another transaction is at it: this one waits, and is tried again after it."""
        token = "f" * 64
        withdrawals = self.env["sale.rma.withdrawal"]
        is_locked = threading.Event()

        def hold():
            with self.registry.cursor() as cr:
                withdrawals.with_env(self.env(cr=cr))._lock_token(token)
                is_locked.set()
                cr.execute("SELECT pg_sleep(0.3)")

        thread = threading.Thread(target=hold)
        thread.start()
        is_locked.wait(5)
        with self.assertRaises(ConcurrencyError):
            withdrawals._lock_token(token)
        thread.join()

    def test_conflict_in_the_database_is_tried_again_and_not_recorded_as_doubt(self):
        def conflict(rmas):
            raise OperationalError("could not serialize access")

        order = self._create_sold((self.shirt, 1))
        with (
            patch.object(type(self.env["sale.rma"]), "action_accept", conflict),
            self.assertRaises(OperationalError),
        ):
            self._submit(contract=order.name)

    # === FOLLOW-UP === #

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_withdrawal_follow_up").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_job_that_meets_a_conflict_is_done_by_the_next(self):
        def conflict(rmas):
            raise ConcurrencyError("could not serialize access")

        order = self._create_sold((self.shirt, 1))
        withdrawal = self._submit(contract=order.name, follow_up=False)
        with patch.object(type(self.env["sale.rma"]), "action_accept", conflict):
            self._run_job()
        self.assertFalse(withdrawal.activity_ids)
        self._run_job()
        self.assertEqual(withdrawal.rma_ids.state, "accepted")

    def test_what_cannot_be_followed_up_does_not_stop_the_others(self):
        def break_down(withdrawals, order, *args):
            if order == hopeless:
                raise KeyError("a bug somewhere")
            return open_return(withdrawals, order, *args)

        model = type(self.env["sale.rma.withdrawal"])
        open_return = model._open_return
        hopeless = self._create_sold((self.shirt, 1))
        broken = self._submit(1, contract=hopeless.name, follow_up=False)
        order = self._create_sold((self.shirt, 1))
        sound = self._submit(2, contract=order.name, follow_up=False)
        with (
            patch.object(model, "_open_return", break_down),
            mute_logger("odoo.addons.sale_rma.models.withdrawal.sale_rma_withdrawal_follow_up"),
        ):
            self._run_job()
        self.assertTrue(sound.rma_ids)
        self.assertTrue(broken.is_to_check)
        self.assertTrue(broken.activity_ids)

    def test_return_is_opened_once_whoever_tries(self):
        order = self._create_sold((self.shirt, 3))
        withdrawal = self._submit(contract=order.name)
        withdrawal._follow_up()
        self.assertEqual(len(order.rma_ids), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            withdrawal._add_event("opened")

    def test_colleague_downloads_the_file_that_was_mailed(self):
        withdrawal = self._submit()
        url = withdrawal.with_user(self.salesperson).action_download_receipt()["url"]
        self.assertIn(f"/{self._receipts(withdrawal).attachment_ids.id}?", url)
        stock_user = self._make_user("rma_worker", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            withdrawal.with_user(stock_user).action_download_receipt()

    # === WHAT MAY STAND AGAINST IT === #

    def _withdraw_from(self, order):
        return self._submit(order_id=order.id, channel="login")

    def test_excepted_product_is_returned_and_a_colleague_is_told(self):
        self.shirt.rma_withdrawal_ground = "bespoke"
        withdrawal = self._withdraw_from(self._create_sold((self.shirt, 1), (self.mug, 1)))
        self.assertEqual(withdrawal.rma_ids.state, "accepted")
        self.assertEqual(withdrawal.rma_ids.line_ids.product_id, self.shirt | self.mug)
        self.assertTrue(withdrawal.is_to_check)
        self.assertIn("clearly personalised", withdrawal.check_note)
        self.assertNotIn("Mug", withdrawal.check_note)

    def test_seal_is_looked_at_when_the_goods_arrive(self):
        self.shirt.rma_withdrawal_ground = "sealed_hygiene"
        withdrawal = self._withdraw_from(self._create_sold((self.shirt, 1)))
        self.assertFalse(withdrawal.is_to_check)
        self.assertIn("when it arrives", withdrawal.rma_ids.withdrawal_hint)

    def test_company_is_not_refused_and_a_colleague_is_told(self):
        order = self._create_sold((self.shirt, 1))
        order.partner_id.commercial_partner_id.is_company = True
        withdrawal = self._withdraw_from(order)
        self.assertEqual(withdrawal.rma_ids.state, "accepted")
        self.assertTrue(withdrawal.is_to_check)
        self.assertIn("is a company", withdrawal.check_note)

    def test_commercial_return_has_no_such_hint(self):
        self.shirt.rma_withdrawal_ground = "bespoke"
        rma = self._create_rma(self._create_sold((self.shirt, 1)), {self.shirt: 1})
        self.assertFalse(rma.withdrawal_hint)

    # === RETENTION === #

    def test_retention_job_deletes_what_was_kept_long_enough(self):
        self.company.rma_withdrawal_retention_years = 3
        with freeze_time(fields.Datetime.now() - relativedelta(years=3, days=1)):
            old = self._submit(1)
        with freeze_time(fields.Datetime.now() - relativedelta(years=2)):
            young = self._submit(2)
        old._add_event("checked")
        with self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_withdrawal_retention").sudo().method_direct_trigger()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())
        self.assertFalse(
            self.env["sale.rma.withdrawal.event"].search([("withdrawal_id", "=", old.id)])
        )
