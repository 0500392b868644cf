import io
from collections import Counter
from unittest.mock import patch

import pypdfium2
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .common import SaleRmaCommon

INCOMING = """From: Anna Martin <anna@example.com>
To: returns@example.com
Subject: Re: your return
Message-Id: <answer-of-anna@example.com>
In-Reply-To: {message_id}
References: {message_id}
Content-Type: text/plain; charset=utf-8

The parcel is on its way.
"""


@tagged("post_install", "-at_install")
class TestMail(MockEmail, SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user(
            "rma_manager",
            "sales_team.group_sale_manager",
            notification_type="email",
        )
        cls.company.rma_user_id = cls.manager
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))

    # === READING === #

    def _messages(self, rma, to=None):
        """The messages written to somebody (default: the customer), oldest first."""
        messages = self.env["mail.message"].search(
            [("model", "=", "sale.rma"), ("res_id", "=", rma.id)], order="id"
        )
        to = to or self.customer
        return messages.filtered(lambda message: to in message.notified_partner_ids)

    def _mails(self, rma):
        """The mails to the customer, oldest first."""
        mails = self.env["mail.mail"].search(
            [("model", "=", "sale.rma"), ("res_id", "=", rma.id)], order="id"
        )
        return mails.filtered(
            lambda mail: self.customer in mail.recipient_ids or "anna" in (mail.email_to or "")
        )

    def _history(self, rma, subtype):
        subtype = self.env.ref(f"sale_rma.mt_rma_{subtype}")
        return rma.history_ids.filtered(lambda message: message.subtype_id == subtype)

    # === STATES === #

    def test_draft_tells_and_subscribes_nobody(self):
        rma = self._create_rma(self.order)
        rma.action_cancel("Not needed")
        self.assertFalse(self._mails(rma))
        self.assertNotIn(self.customer, rma.message_partner_ids)
        self.assertFalse(rma._message_get_default_recipients()[rma.id]["partner_ids"])
        self.assertFalse(rma._message_get_default_recipients()[rma.id]["email_to"])

    def test_each_change_of_state_is_one_mail(self):
        rma = self._create_rma(self.order)
        for step, action in enumerate(("action_request", "action_accept"), start=1):
            getattr(rma, action)()
            self.assertEqual(len(self._mails(rma)), step)
        self._receive(rma)
        self.assertEqual(len(self._mails(rma)), 3)
        self._process(rma)
        self.assertEqual(len(self._mails(rma)), 4)
        subjects = self._mails(rma).mapped("subject")
        self.assertEqual(len(set(subjects)), 4)
        self.assertTrue(all(rma.name in subject for subject in subjects))

    def test_accepting_a_draft_is_one_mail(self):
        rma = self._create_rma(self.order)
        rma.action_accept()
        self.assertEqual(len(self._mails(rma)), 1)

    def test_refused_and_cancelled_say_why(self):
        refused = self._create_rma(self.order, {self.mug: 1}, state="requested")
        refused.action_refuse("Worn for weeks")
        cancelled = self._create_rma(self.order, {self.mug: 1}, state="accepted")
        cancelled.action_cancel("Asked for twice")
        self.assertIn("Worn for weeks", self._mails(refused)[-1].body_html)
        self.assertIn("Asked for twice", self._mails(cancelled)[-1].body_html)

    def test_returns_of_one_customer_get_one_mail_each(self):
        orders = [self._create_sold((self.shirt, 1)) for _number in range(3)]
        rmas = self.env["sale.rma"]
        for order in orders:
            rmas |= self._create_rma(order, state="requested")
        rmas.action_accept()
        for rma in rmas:
            self.assertEqual(len(self._mails(rma)), 2)
            self.assertIn(rma.name, self._mails(rma)[-1].subject)

    def test_mails_name_items_and_quantities(self):
        rma = self._create_rma(self.order, {self.shirt: 2}, state="accepted")
        for mail in self._mails(rma):
            self.assertIn("Shirt", mail.body_html)
            self.assertRegex(mail.body_html, r"2\spieces")
            self.assertNotIn("Mug", mail.body_html)

    def test_accepted_mail_carries_the_slip_and_the_link(self):
        rma = self._create_rma(self.order)
        rma.action_accept()
        mail = self._mails(rma)
        self.assertFalse(mail.attachment_ids)  # nobody waits for it
        with self.mock_mail_gateway():
            self._leave(mail.with_context(force_report_rendering=True))
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        self.assertEqual(mail.mail_message_id.attachment_ids, mail.attachment_ids)
        (sent,) = self._mails  # what the gateway was given
        self.assertEqual([name for name, *_ in sent["attachments"]], [mail.attachment_ids.name])
        self.assertIn(rma.name.replace("/", "-"), mail.attachment_ids.name)
        self.assertIn(
            f"/my/returns/{rma.id}?access_token={rma._portal_ensure_token()}", mail.body_html
        )

    def _leave(self, mails):
        """Let mails leave, as the job that prints and the mail queue do."""
        self.assertEqual(set(mails.mapped("state")), {"rma_printing"})
        mails._print_for_rma()
        mails.send()

    def _send_with_slip(self, mail):
        """Let the mail leave; return the slip's text as it was printed, empty without one."""
        with self.mock_mail_gateway():
            self._leave(mail)
        self.assertEqual(mail.state, "sent")
        return html2plaintext(mail.attachment_ids.raw.decode()) if mail.attachment_ids else ""

    def test_slip_says_what_is_true_when_its_mail_leaves(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        mail = self._mails(rma)[-1]
        rma.instructions = "<p>Send it to the new depot</p>"
        rma.line_ids.note = "Of the first parcel"
        slip = self._send_with_slip(mail)
        self.assertIn(rma.name, slip)
        self.assertIn("new depot", slip)

    def test_return_cancelled_meanwhile_has_no_slip(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        mail = self._mails(rma)[-1]
        rma.action_cancel("By mistake")
        self.assertFalse(self._send_with_slip(mail))

    def test_mail_leaves_though_its_slip_cannot_be_printed(self):
        mail = self._mails(self._create_rma(self.order, state="accepted"))[-1]
        failing = patch.object(
            type(self.env["ir.actions.report"]), "_render_qweb_pdf", side_effect=UserError("No")
        )
        with (
            self.mock_mail_gateway(),
            failing,
            mute_logger("odoo.addons.sale_rma.models.mail.mail_mail_report"),
        ):
            self._leave(mail)
        self.assertEqual(mail.state, "sent")
        self.assertFalse(mail.attachment_ids)

    def _send_in_one_batch(self, mails):
        """Let mails leave; return how often the printer was started and what each mail carries."""
        report = type(self.env["ir.actions.report"])
        printer = patch.object(
            report, "_run_wkhtmltopdf", autospec=True, side_effect=report._run_wkhtmltopdf
        )
        with self.mock_mail_gateway(), printer as runs:
            self._leave(mails.with_context(force_report_rendering=True))
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        texts = [
            pypdfium2.PdfDocument(io.BytesIO(mail.attachment_ids.raw))[0]
            .get_textpage()
            .get_text_range()
            for mail in mails
        ]
        return runs.call_count, texts

    def _create_mails_of_three_returns(self):
        rmas = self.env["sale.rma"].union(
            *(self._create_rma(self.order, {self.shirt: 1}, state="accepted") for _i in range(3))
        )
        return rmas, self.env["mail.mail"].union(*(self._mails(rma)[-1] for rma in rmas))

    def test_slips_of_a_batch_of_mails_are_printed_in_one_go(self):
        rmas, mails = self._create_mails_of_three_returns()
        runs, texts = self._send_in_one_batch(mails)
        self.assertEqual(runs, 1)
        for rma, mail, text in zip(rmas, mails, texts, strict=True):
            self.assertIn(rma.name, text)
            self.assertIn(rma.name.replace("/", "-"), mail.attachment_ids.name)
            self.assertEqual((mail.attachment_ids.res_id, mail.rma_template_id.ids), (rma.id, []))

    def test_slips_that_cannot_be_told_apart_are_printed_one_by_one(self):
        rmas, mails = self._create_mails_of_three_returns()
        rmas[1].instructions = "<p>One more thing</p>" * 100  # more than a page
        runs, texts = self._send_in_one_batch(mails)
        self.assertEqual(runs, 1 + len(rmas))
        for rma, text in zip(rmas, texts, strict=True):
            self.assertIn(rma.name, text)

    def test_return_cancelled_meanwhile_has_no_slip_in_a_batch_either(self):
        rmas, mails = self._create_mails_of_three_returns()
        rmas[1].action_cancel("By mistake")
        with self.mock_mail_gateway():
            self._leave(mails)
        self.assertEqual([len(mail.attachment_ids) for mail in mails], [1, 0, 1])

    def test_who_processes_a_return_does_not_follow_its_documents(self):
        me = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        rma = self._create_rma(self.order, {self.shirt: 1})
        rma = rma.with_env(self.env(user=me, context={}))
        rma.action_accept()
        rma.env["sale.rma.process"].create({"rma_id": rma.id}).action_process()
        self.assertTrue(rma.picking_ids and rma.refund_ids)
        self.assertFalse(rma.picking_ids.message_partner_ids)
        self.assertNotIn(me.partner_id, rma.refund_ids.message_partner_ids)

    def test_telling_a_customer_does_not_touch_the_customer(self):
        rma = self._create_rma(self.order, {self.mug: 1}, state="requested")
        with patch.object(type(self.customer), "write", side_effect=AssertionError("written")):
            rma.action_accept()

    def _run_print_job(self):
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("sale_rma.ir_cron_rma_print").method_direct_trigger()

    def test_mail_waits_for_its_slip_whatever_the_queue_does(self):
        mail = self._mails(self._create_rma(self.order, state="accepted"))[-1]
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue(mail.ids)
        self.assertEqual((mail.state, mail.rma_template_id.ids != []), ("rma_printing", True))
        self._run_print_job()
        self.assertEqual((mail.state, len(mail.attachment_ids)), ("outgoing", 1))

    def test_mail_with_a_slip_starts_the_job_and_is_then_sent_by_the_queue(self):
        triggers = self.env["ir.cron.trigger"].search([])
        rma = self._create_rma(self.order)
        rma.action_accept()
        started = (self.env["ir.cron.trigger"].search([]) - triggers).cron_id
        self.assertIn(self.env.ref("sale_rma.ir_cron_rma_print"), started)
        self._run_print_job()
        started = (self.env["ir.cron.trigger"].search([]) - triggers).cron_id
        self.assertIn(self.env.ref("mail.ir_cron_mail_scheduler_action"), started)

    def test_mail_without_a_slip_leaves_by_the_queue_at_once(self):
        triggers = self.env["ir.cron.trigger"].search([])
        mail = self._mails(self._create_rma(self.order, state="requested"))[-1]
        self.assertEqual(mail.state, "outgoing")
        started = (self.env["ir.cron.trigger"].search([]) - triggers).cron_id
        self.assertEqual(started, self.env.ref("mail.ir_cron_mail_scheduler_action"))

    def test_mail_that_is_gone_meanwhile_stops_no_other(self):
        _rmas, mails = self._create_mails_of_three_returns()
        mails[0].unlink()
        self._run_print_job()
        self.assertEqual(set(mails.exists().mapped("state")), {"outgoing"})

    def test_mail_that_was_cancelled_meanwhile_is_not_sent(self):
        _rmas, mails = self._create_mails_of_three_returns()
        mails[0].cancel()
        self._run_print_job()
        self.assertEqual(mails.mapped("state"), ["cancel", "outgoing", "outgoing"])

    def test_text_of_a_mail_is_compiled_once_and_each_has_words_of_its_own(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.env["res.partner"].create(
            {"name": "Jeanne", "email": "jeanne@example.com", "lang": "fr_FR"}
        )
        rmas = self.env["sale.rma"]
        for customer in [self.customer, french] * 3:
            order = self._create_sold((self.shirt, 1), partner_id=customer.id)
            rmas |= self._create_rma(order, state="requested")
        compiled = []
        qweb = type(self.env["ir.qweb"])
        generate = qweb._generate_code

        def note_and_generate(self, template):
            if isinstance(template, etree._Element):
                compiled.append((etree.tostring(template), self.env.context.get("lang")))
            return generate(self, template)

        with patch.object(qweb, "_generate_code", note_and_generate):
            rmas.action_accept()
        self.assertEqual({lang for _text, lang in compiled}, {self.customer.lang, "fr_FR"})
        # Odoo compiles it once more to see whether everybody may use what is in it
        self.assertLessEqual(max(Counter(compiled).values()), 2)
        for rma in rmas:
            mails = self.env["mail.mail"].search(
                [("model", "=", "sale.rma"), ("res_id", "=", rma.id)], order="id desc"
            )
            mail = mails.filtered(lambda mail, rma=rma: rma.partner_id in mail.recipient_ids)[:1]
            self.assertIn(rma.name, mail.body_html)

    def test_processing_mail_says_what_arrived(self):
        rma = self._create_rma(self.order, {self.shirt: 3}, state="accepted")
        self._receive(rma, {self.shirt: 2})
        self.assertRegex(self._mails(rma)[-1].body_html, r"(?s)3\spieces.*2\spieces")

    def test_done_mail_says_what_was_refunded(self):
        rma = self._create_rma(self.order, {self.shirt: 2}, state="done")
        body = self._mails(rma)[-1].body_html
        self.assertIn(f"{rma.amount_refunded:.2f}", body)
        self.assertNotIn("Put back", body)  # not the customer's business

    def test_done_mail_says_what_is_sent_in_exchange(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="processing")
        self._process(rma, {"exchange": True, "exchange_product_id": self.mug.id})
        body = self._mails(rma)[-1].body_html
        self.assertIn(rma.exchange_order_ids.name, body)
        self.assertIn("Mug", body)

    def test_mails_never_tell_internal_notes(self):
        rma = self._create_rma(self.order, state="accepted", internal_note="Troublemaker")
        for mail in self._mails(rma):
            self.assertNotIn("Troublemaker", mail.body_html)

    def test_nothing_remains_of_a_change_that_failed(self):
        rma = self._create_rma(self.order)
        before = self.env["mail.message"].search_count([]), self.env["mail.mail"].search_count([])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            rma.action_accept()
            raise UserError("Something after it failed")  # pylint: disable=W8120
        after = self.env["mail.message"].search_count([]), self.env["mail.mail"].search_count([])
        self.assertEqual(before, after)

    # === RECIPIENTS === #

    def test_mail_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("sale_rma.mail_template_rma_requested")
        template.with_context(lang="fr_FR").subject = "Votre retour {{ object.name }}"
        self.customer.lang = "fr_FR"
        rma = self._create_rma(self.order, state="requested")
        self.assertEqual(self._mails(rma).subject, f"Votre retour {rma.name}")

    def test_notices_go_to_the_address_of_the_return(self):
        rma = self._create_rma(self.order, email="anna.private@example.com", state="requested")
        self.assertEqual(self._mails(rma).email_to, "anna.private@example.com")
        self.assertFalse(self._mails(rma).recipient_ids)
        self.assertIn(rma._portal_ensure_token(), self._mails(rma).body_html)

    def test_customer_without_address_is_not_told_and_history_says_so(self):
        self.customer.email = False
        rma = self._create_rma(self.order, state="requested")
        self.assertFalse(self._mails(rma))
        self.assertTrue(
            any("not told" in row.body for row in self._history(rma, "notified")),
        )

    def test_manager_is_told_of_what_others_do_only(self):
        rma = self._create_rma(self.order, state="requested")
        self.assertEqual(len(self._messages(rma, self.manager.partner_id)), 1)
        rma.with_user(self.manager).action_accept()
        self.assertEqual(len(self._messages(rma, self.manager.partner_id)), 1)

    def test_salesperson_alone_can_tell_the_customer(self):
        salesperson = self._make_user("rma_seller", "sales_team.group_sale_salesman")
        self.order.user_id = salesperson
        rma = self._create_rma(self.order).with_user(salesperson)
        rma.action_request()
        rma.action_accept()
        self.assertEqual(len(self._mails(rma.sudo())), 2)

    def test_stock_user_receiving_tells_the_customer(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        worker = self._make_user("rma_worker", "stock.group_stock_user")
        picking = rma.picking_ids.with_user(worker)
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.assertEqual(rma.state, "processing")
        self.assertEqual(len(self._mails(rma)), 3)

    def test_customer_acting_in_the_portal_is_told(self):
        portal_user = self._make_user("rma_anna", "base.group_portal", partner_id=self.customer.id)
        rma = self._create_rma(self.order).with_user(portal_user).sudo()
        rma.action_request()
        self.assertEqual(len(self._mails(rma)), 1)
        self.assertEqual(self._history(rma, "state").author_id, self.customer)

    def test_new_manager_is_told_and_follows(self):
        rma = self._create_rma(self.order, state="requested")
        colleague = self._make_user("rma_colleague", "sales_team.group_sale_salesman")
        rma.with_context(tracking_disable=False).user_id = colleague
        self.assertIn(colleague.partner_id, rma.message_partner_ids)
        self.assertEqual(len(self._messages(rma, colleague.partner_id)), 1)

    # === THREAD === #

    def test_answer_by_mail_joins_the_thread_and_reaches_the_manager(self):
        rma = self._create_rma(self.order, state="accepted")
        told = self._messages(rma)[-1]
        mail = INCOMING.format(message_id=told.message_id)
        thread_id = self.env["mail.thread"].message_process("res.partner", mail)
        self.assertEqual(thread_id, rma.id)
        answer = rma.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(answer.author_id, self.customer)
        self.assertIn(self.manager.partner_id, answer.notified_partner_ids)

    def test_message_to_the_customer_is_mailed(self):
        rma = self._create_rma(self.order, state="requested")
        message = rma.message_post(body="A question", subtype_xmlid="mail.mt_comment")
        self.assertIn(self.customer, message.notified_partner_ids)

    def test_message_goes_to_the_address_of_the_return(self):
        rma = self._create_rma(self.order, email="anna.private@example.com", state="requested")
        message = rma.message_post(body="A question", subtype_xmlid="mail.mt_comment")
        mails = self._mails(rma).filtered(lambda mail: mail.mail_message_id == message)
        self.assertEqual(mails.email_to, "anna.private@example.com")

    # === HISTORY === #

    def test_history_has_a_row_for_each_event(self):
        rma = self._create_rma(self.order, state="done")
        self.assertEqual(len(self._history(rma, "state")), 4)
        self.assertEqual(len(self._history(rma, "notified")), 8)  # customer and manager
        for subtype in ("refunded", "restocked"):
            self.assertTrue(self._history(rma, subtype))
        self.assertIn("Requested", self._history(rma, "state")[-1].body)

    def test_thread_shows_the_mail_and_not_that_it_was_sent(self):
        rma = self._create_rma(self.order, state="accepted")
        shown = self.env["mail.message"]._message_fetch(None, thread=rma)["messages"]
        self.assertTrue(self._history(rma, "notified"))
        self.assertFalse(self._history(rma, "notified") & shown)
        self.assertLess(self._history(rma, "state"), shown)
        self.assertLess(self._messages(rma), shown)

    def test_history_is_hidden_from_customers(self):
        rma = self._create_rma(self.order, state="done")
        self.assertTrue(all(rma.history_ids.mapped("is_internal")))
        self.assertFalse(rma.website_message_ids & rma.history_ids)
        self.assertFalse(rma.history_ids.notified_partner_ids)

    # === COMPOSER === #

    def test_composer_uses_a_changed_copy_of_a_template_as_it_is(self):
        rma = self._create_rma(self.order, state="accepted")
        template = self.env.ref("sale_rma.mail_template_rma_accepted").copy()
        template.body_html = "<p>Our own words for <t t-out='object.name'/></p>"
        template.subject = "Our own subject"
        template.report_template_ids = False
        context = {**rma.action_send()["context"], "default_template_id": template.id}
        composer = self.env["mail.compose.message"].with_context(**context).create({})
        composer.action_send_mail()
        mail = self._mails(rma)[-1]
        self.assertIn(f"Our own words for {rma.name}", mail.body_html)
        self.assertFalse(mail.attachment_ids)
        self.assertIn("Our own subject", self._history(rma, "notified")[0].body)

    def test_changed_template_of_a_state_is_used(self):
        template = self.env.ref("sale_rma.mail_template_rma_requested")
        template.body_html = "<p>Our own words</p>"
        rma = self._create_rma(self.order, state="requested")
        self.assertIn("Our own words", self._mails(rma).body_html)

    def test_draft_is_not_sent(self):
        with self.assertRaises(UserError):
            self._create_rma(self.order).action_send()
