from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mailgate import GATEWAY, MailgateCommon


@tagged("post_install", "-at_install")
class TestMailgate(MailgateCommon):
    def _assert_in_thread(self, message, rma=None):
        rma = rma or self.rma
        self.assertEqual((message.model, message.res_id), ("sale.rma", rma.id))
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertFalse(message.is_internal)

    def _assert_note(self, message):
        self.assertEqual((message.model, message.res_id), ("sale.rma", self.rma.id))
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(message.is_internal)
        self.assertNotIn(self.customer, message.notified_partner_ids)
        self.assertIn(self.manager, self.rma.activity_ids.user_id)

    def _assert_inquiry(self, message):
        self.assertEqual(message.model, "sale.rma.inquiry")
        inquiry = self.env["sale.rma.inquiry"].browse(message.res_id)
        self.assertEqual((inquiry.company_id, inquiry.state), (self.company, "new"))
        self.assertEqual(inquiry.activity_ids.user_id, self.manager)
        self.assertIn(self.manager.partner_id, message.notified_partner_ids)
        return inquiry

    # === BY REFERENCE === #

    def test_reference_in_the_subject_joins_the_thread(self):
        message = self._receive_mail(subject=f"About {self.rma.name}!")
        self._assert_in_thread(message)
        self.assertEqual(message.author_id, self.customer)
        self.assertIn(self.manager.partner_id, message.notified_partner_ids)

    def test_reference_in_the_text_joins_the_thread(self):
        for written in (
            f"My return is {self.rma.name}.",
            self.rma.name.lower(),
            self.rma.name.replace("/", " ").replace("-", " "),
            f"&gt; {self.rma.name}",
        ):
            with self.subTest(written):
                self._assert_in_thread(self._receive_mail(body=f"Hello,\n{written}\nAnna"))

    def test_mistyped_reference_joins_nothing(self):
        wrong = self.rma.name[:-1] + ("A" if self.rma.name[-1] != "A" else "B")
        self._assert_inquiry(self._receive_mail(subject=wrong))

    def test_address_of_the_return_is_the_customers(self):
        self.rma.email = "anna.private@example.com"
        message = self._receive_mail(subject=self.rma.name, sender="anna.private@example.com")
        self._assert_in_thread(message)

    def test_own_return_among_those_quoted_is_taken(self):
        stranger = self.env["res.partner"].create({"name": "Bob", "email": "bob@example.com"})
        order = self._create_order((self.shirt, 1), partner_id=stranger.id)
        self._deliver(order)
        theirs = self._create_rma(order, state="accepted")
        message = self._receive_mail(body=f"{theirs.name} is not mine, {self.rma.name} is")
        self._assert_in_thread(message)

    def test_draft_is_not_there_for_the_customer(self):
        draft = self._create_rma(self.order, {self.mug: 1})
        message = self._receive_mail(subject=draft.name)
        self.assertTrue(message.is_internal)
        self.assertFalse(message.notified_partner_ids & self.customer)

    # === BY HEADERS === #

    def test_answer_joins_the_thread_by_its_headers(self):
        told = self.rma.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids)[0]
        message = self._receive_mail(extra=f"In-Reply-To: {told.message_id}")
        self._assert_in_thread(message)

    def test_answers_go_to_the_address_for_returns(self):
        told = self.rma.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids)[0]
        self.assertIn(self.address, told.reply_to)

    def test_strangers_answer_is_a_note(self):
        told = self.rma.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids)[0]
        message = self._receive_mail(
            sender="eve@example.com", extra=f"In-Reply-To: {told.message_id}"
        )
        self._assert_note(message)

    def test_colleagues_answer_reaches_the_customer(self):
        told = self.rma.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids)[0]
        message = self._receive_mail(
            sender=self.manager.email, extra=f"In-Reply-To: {told.message_id}"
        )
        self._assert_in_thread(message)
        self.assertIn(self.customer, message.notified_partner_ids)

    # === STRANGERS === #

    def test_stranger_who_quotes_a_reference_writes_a_note(self):
        message = self._receive_mail(subject=self.rma.name, sender="eve@example.com")
        self._assert_note(message)
        self.assertNotEqual(message.author_id, self.customer)

    def test_reference_of_another_company_is_not_known_here(self):
        self.rma.name = self.rma.name  # same reference, other company's address
        other = self.env["res.company"].create({"name": "Elsewhere"})
        other.sudo().alias_domain_id = self.mail_alias_domain
        message = self._receive_mail(subject=self.rma.name, to=other.rma_alias_id.alias_full_name)
        self.assertEqual(message.model, "sale.rma.inquiry")
        inquiry = self.env["sale.rma.inquiry"].sudo().browse(message.res_id)
        self.assertEqual(inquiry.company_id, other)

    # === NEVER LOST === #

    def test_mail_without_reference_becomes_a_message_for_staff(self):
        inquiry = self._assert_inquiry(self._receive_mail(sender="eve@example.com"))
        self.assertEqual(inquiry.name, "A question")
        self.assertIn("eve@example.com", inquiry.email_from)

    def test_mail_without_subject_or_text_is_not_lost(self):
        self._assert_inquiry(self._receive_mail(subject="", body=""))

    def test_answer_to_staffs_answer_comes_back_to_the_message(self):
        inquiry = self._assert_inquiry(self._receive_mail(sender="eve@example.com"))
        with self.mock_mail_gateway(), mute_logger(GATEWAY):
            answer = inquiry.with_user(self.manager).message_post(
                body="Which one?",
                outgoing_email_to="eve@example.com",
                subtype_xmlid="mail.mt_comment",
            )
        message = self._receive_mail(
            sender="eve@example.com", extra=f"In-Reply-To: {answer.message_id}"
        )
        self.assertEqual((message.model, message.res_id), (inquiry._name, inquiry.id))

    def test_answer_to_the_receipt_of_a_withdrawal_comes_to_the_withdrawal(self):
        withdrawal = (
            self.env["sale.rma.withdrawal"]
            .sudo()
            ._submit(
                self._prepare_statement(contract="?", customer_name="Eve", email="eve@example.com")
            )
        )
        receipt = withdrawal.message_ids.filtered("outgoing_email_to")
        message = self._receive_mail(
            sender="eve@example.com", extra=f"In-Reply-To: {receipt.message_id}"
        )
        self.assertEqual((message.model, message.res_id), (withdrawal._name, withdrawal.id))

    # === STAFF === #

    def _move(self, sender):
        inquiry = self._assert_inquiry(self._receive_mail(sender=sender))
        inquiry.rma_id = self.rma
        inquiry.with_user(self.manager).action_move()
        self.assertEqual(inquiry.state, "done")
        self.assertFalse(inquiry.activity_ids)
        return self.rma.message_ids.filtered(lambda message: message.message_type == "email")

    def test_customers_message_is_put_into_the_thread(self):
        self._assert_in_thread(self._move("anna@example.com"))

    def test_strangers_message_is_put_there_as_a_note(self):
        message = self._move("eve@example.com")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(message.is_internal)

    # === ADDRESS === #

    def test_each_company_has_an_address_of_its_own(self):
        first, second = self.env["res.company"].create([{"name": "One"}, {"name": "Two"}])
        names = (first | second | self.company).mapped("rma_alias_id.alias_name")
        self.assertEqual(len(set(names)), 3)

    def test_address_is_changed_in_the_settings(self):
        settings = self.env["res.config.settings"].sudo().create({})
        settings.rma_alias_name = "Send.Back"
        settings.execute()
        self.assertEqual(self.company.rma_alias_id.alias_name, "send.back")

    def test_address_taken_in_the_new_domain_gets_a_number(self):
        domain = self._make_domain("other.example.com", taken=["returns"])
        self.company.sudo().alias_domain_id = domain
        alias = self.company.rma_alias_id
        self.assertEqual(alias.alias_full_name, f"returns-2@{domain.name}")

    def test_company_that_gets_its_own_domain_loses_the_number(self):
        second = self.env["res.company"].create({"name": "Two"})
        self.assertRegex(second.rma_alias_name, r"returns-\d+")
        second.sudo().alias_domain_id = self._make_domain("two.example.com")
        self.assertEqual(second.rma_alias_name, "returns")

    def test_name_somebody_chose_is_kept_in_the_new_domain(self):
        self.company.rma_alias_name = "support-2"
        self.company.sudo().alias_domain_id = self._make_domain("three.example.com")
        self.assertEqual(self.company.rma_alias_name, "support-2")

    def test_company_that_was_first_has_the_first_choice(self):
        domain = self._make_domain("four.example.com")
        vals = [{"name": name, "alias_domain_id": domain.id} for name in ("Zoe", "Abel")]
        zoe, abel = self.env["res.company"].create(vals)
        (zoe | abel).sudo().rma_alias_id.unlink()
        (abel | zoe)._create_rma_alias()
        self.assertEqual((zoe.rma_alias_name, abel.rma_alias_name), ("returns", "returns-2"))

    def _make_domain(self, name, taken=()):
        domain = self.env["mail.alias.domain"].sudo().create({"name": name})
        model_id = self.env["ir.model"]._get_id("res.partner")
        for alias_name in taken:
            self.env["mail.alias"].sudo().create(
                {
                    "alias_name": alias_name,
                    "alias_domain_id": domain.id,
                    "alias_model_id": model_id,
                }
            )
        return domain
