from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .common_mailgate import GATEWAY, MailgateCommon

AUTOMATIC = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; owner-email=x",
    "X-Autoreply: yes",
    "Precedence: bulk",
)


@tagged("post_install", "-at_install")
class TestMailBrake(MailgateCommon):
    """Mail in has a brake: floods and loops end, programs are not answered."""

    def _flood(self, count=60, **values):
        for number in range(count):
            sender = f"eve+{number}@example.com" if number % 2 else "EVE@Example.com"
            self._receive_mail(**{"sender": sender, "subject": f"Offer {number}", **values})

    def _assert_hushed(self, message):
        """The message is there for colleagues, and nobody was told or asked."""
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(message.is_internal)
        self.assertFalse(message.notified_partner_ids)
        self.assertFalse(message.notification_ids)
        document = self.env[message.model].browse(message.res_id)
        self.assertFalse(document.activity_ids)
        return document

    def _get_told(self):
        return self.rma.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids)[0]

    # === FLOODS === #

    def test_flood_of_one_sender_ends_where_odoos_own_limit_is(self):
        self._flood()
        inquiries = self.env["sale.rma.inquiry"].search([("email_from", "ilike", "eve")])
        self.assertEqual(len(inquiries), 20)
        self.assertEqual(len(inquiries.activity_ids), 1)
        self.assertEqual(set(inquiries.mapped("state")), {"new"})

    def test_sender_is_told_once_that_mails_are_not_read(self):
        last = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id
        self._flood(30)
        mails = self.env["mail.mail"].sudo().search([("id", ">", last)])
        told = mails.filtered(lambda mail: "whatever@example.com" in (mail.email_to or ""))
        self.assertEqual(len(told), 1)

    def test_flood_of_notes_ends_too(self):
        self._flood(30, subject=self.rma.name)
        notes = self.rma.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(len(notes), 20)
        self.assertEqual(len(self.rma.activity_ids), 1)

    def test_flood_of_answers_in_a_foreign_thread_ends_too(self):
        told = self._get_told()
        self._flood(30, extra=f"In-Reply-To: {told.message_id}")
        notes = self.rma.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(len(notes), 20)
        self.assertEqual(len(self.rma.activity_ids), 1)

    def test_senders_who_change_are_few_activities(self):
        for number in range(12):
            self._receive_mail(subject=self.rma.name, sender=f"eve{number}@example.com")
        self.assertEqual(len(self.rma.activity_ids), 5)

    def test_limits_and_exceptions_are_odoos(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 3)
        self._flood(6)
        self.env["mail.gateway.allowed"].create({"email": "list@example.com"})
        for number in range(6):
            self._receive_mail(subject=f"List {number}", sender="list@example.com")
        inquiries = self.env["sale.rma.inquiry"]
        self.assertEqual(inquiries.search_count([("mailbox", "=", "eve@example.com")]), 3)
        self.assertEqual(inquiries.search_count([("mailbox", "=", "list@example.com")]), 6)

    def test_customer_and_colleague_at_work_are_not_braked(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 3)
        told = self._get_told()
        customers = self.env["sale.rma.mail.sender"].sudo()
        for number, sender in enumerate(["anna@example.com", self.manager.email]):
            for _mail in range(2):
                self._receive_mail(sender=sender, extra=f"In-Reply-To: {told.message_id}")
            self.assertFalse(customers.search_count([]), number)

    def test_many_returns_of_a_customer_do_not_silence_him(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 1)
        self.rma.email = "anna@example.com"
        self._assert_in_thread(self._receive_mail(subject=self.rma.name))

    # === PROGRAMS === #

    def _assert_in_thread(self, message):
        self.assertEqual((message.model, message.res_id), ("sale.rma", self.rma.id))
        self.assertFalse(message.is_internal)

    def test_answers_of_programs_are_silent_notes(self):
        told = self._get_told()
        for extra in AUTOMATIC:
            for sender in ("anna@example.com", "eve@example.com"):
                with self.subTest(extra):
                    answer = f"In-Reply-To: {told.message_id}"
                    message = self._receive_mail(sender=sender, extra=f"{extra}\n{answer}")
                    self.assertEqual(self._assert_hushed(message), self.rma)
        self.assertEqual(self.rma.state, "accepted")

    def test_managers_absence_is_never_posted_to_the_customer(self):
        question = self._receive_mail(subject=self.rma.name)
        for sender in (self.manager.email, f"Boss <{self.manager.email}>"):
            message = self._receive_mail(
                sender=sender.rpartition("<")[2].rstrip(">"),
                body="I am away until Monday",
                extra=f"{AUTOMATIC[0]}\nIn-Reply-To: {question.message_id}",
            )
            self._assert_hushed(message)
        mails = self.env["mail.mail"].sudo().search([("model", "=", "sale.rma")])
        self.assertNotIn("I am away", "".join(html2plaintext(m.body_html or "") for m in mails))

    def test_absence_of_a_colleague_is_not_told_to_a_program(self):
        with mute_logger(GATEWAY):
            message = self._receive_mail(subject=self.rma.name, extra=AUTOMATIC[0])
        self._assert_hushed(message)
        self.assertFalse(self.rma.message_ids.filtered(lambda m: m.message_type == "out_of_office"))

    def test_program_that_belongs_nowhere_waits_for_nobody(self):
        message = self._receive_mail(sender="eve@example.com", extra=AUTOMATIC[0])
        inquiry = self._assert_hushed(message)
        self.assertEqual((inquiry._name, inquiry.state), ("sale.rma.inquiry", "done"))

    def test_program_that_answers_a_receipt_is_a_silent_note(self):
        withdrawal = self._submit_withdrawal()
        receipt = withdrawal.message_ids.filtered("outgoing_email_to")
        for _answer in range(3):
            message = self._receive_mail(
                sender="eve@example.com",
                extra=f"{AUTOMATIC[0]}\nIn-Reply-To: {receipt.message_id}",
            )
            self.assertEqual(self._assert_hushed(message), withdrawal)
        mails = self.env["mail.mail"].sudo().search([("model", "=", withdrawal._name)])
        self.assertEqual(len(mails), 1)
        self.assertIn("auto-generated", mails.headers)

    def test_link_for_a_guest_asks_programs_for_no_answer(self):
        guests = self.env["sale.rma.guest.request"].sudo()
        guests._ask(self.order.name, "anna@example.com", "8.8.8.8")
        with self.mock_mail_gateway():
            guests.search([], order="id desc", limit=1)._send_links()
        self.assertEqual(self._mails[-1]["headers"]["Auto-Submitted"], "auto-generated")

    def test_person_who_says_so_is_heard(self):
        message = self._receive_mail(subject=self.rma.name, extra="Auto-Submitted: no")
        self._assert_in_thread(message)

    def test_bounce_is_written_down_once(self):
        withdrawal = self._submit_withdrawal()
        for _bounce in range(3):
            withdrawal._message_receive_bounce("eve@example.com", self.env["res.partner"])
        self.assertEqual(withdrawal.event_ids.mapped("kind").count("bounced"), 1)
        self.assertEqual(len(withdrawal.activity_ids), 1)

    def _submit_withdrawal(self):
        values = self._prepare_statement(contract="?", customer_name="Eve", email="eve@example.com")
        with self.mock_mail_gateway():
            return self.env["sale.rma.withdrawal"].sudo()._submit(values)
