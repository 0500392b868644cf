"""Issue 12, 17: what is stored as text is shown as text, whoever typed it and wherever it goes."""

import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import SaleRmaCommon
from .common_mailgate import MAIL

EVIL = '<img src=x onerror=1><a href="http://evil">x</a>'
# escaped, none of this is there
TAGS = re.compile(r'<img[^>]+src="?x\b|<[^>]+href="?http://evil|<[^>]+onerror')


@tagged("post_install", "-at_install")
class TestStoredText(SaleRmaCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user(
            "rma_manager", "sales_team.group_sale_manager", notification_type="email"
        )
        cls.company.sudo().write(
            {"rma_user_id": cls.manager.id, "alias_domain_id": cls.mail_alias_domain.id}
        )
        cls.firm = cls.env["res.partner"].create(
            {"name": EVIL, "is_company": True, "email": "evil@example.com"}
        )
        cls.evil_shirt = cls._make_product(EVIL, 50.0, rma_withdrawal_ground="bespoke")
        cls.order = cls._create_sold(
            (cls.evil_shirt, 3), partner_id=cls.firm.id, client_order_ref=EVIL
        )
        cls.before = {
            model: max(cls.env[model].sudo().search([]).ids, default=0)
            for model in ("mail.message", "mail.mail", "mail.activity")
        }

    def _assert_text_only(self, *models):
        """Nothing of these models that was written since has a tag of what was typed, and what was
        typed is somewhere: the text is not just left out."""
        self.env.flush_all()
        written = []
        for model, field in (
            ("mail.message", "body"),
            ("mail.mail", "body_html"),
            ("mail.activity", "note"),
        ):
            new = self.env[model].sudo().search([("id", ">", self.before[model])])
            for record in new:
                self.assertNotRegex(str(record[field] or ""), TAGS, record)
            if model in models:
                written += [str(text or "") for text in new.mapped(field)]
        if models:
            self.assertIn("&lt;img src=x onerror=1&gt;", "".join(written))

    def _submit(self, **values):
        withdrawal = (
            self.env["sale.rma.withdrawal"]
            .sudo()
            ._submit(
                {
                    "channel": "form",
                    "company_id": self.company.id,
                    "contract": EVIL,
                    "customer_name": EVIL,
                    "email": "evil@example.com",
                    "items": [],
                    "lang": "en",
                    "login": False,
                    "order_id": False,
                    "part": EVIL,
                    "statement": EVIL,
                    "token": "1" * 64,
                    **values,
                }
            )
        )
        for recorded in withdrawal.search(withdrawal._get_to_follow_up_domain()):
            recorded._follow_up()
        return withdrawal

    # === STAFF === #

    def test_name_of_a_company_is_text_in_activities(self):
        withdrawal = self._submit(contract=self.order.name, part="")
        self.assertTrue(withdrawal.activity_ids.note)
        self._assert_text_only("mail.activity")

    def test_lines_of_a_note_stay_lines(self):
        withdrawal = self._submit(contract=self.order.name, part="")
        self.assertIn("<br>", withdrawal.activity_ids[0].note)

    def test_statement_is_text_in_receipt_and_decision(self):
        withdrawal = self._submit()
        check = self.env["sale.rma.withdrawal.check"].create(
            {"withdrawal_id": withdrawal.id, "outcome": "noted", "note": EVIL}
        )
        check.action_confirm()
        self._assert_text_only("mail.message", "mail.mail")

    def test_failed_follow_up_is_text(self):
        withdrawal = self._submit()
        withdrawal._put_before_staff(EVIL, doubt="doubtful")
        withdrawal._report_missing_receipt()
        self._assert_text_only("mail.activity")

    # === RETURN === #

    def test_every_text_of_a_return_is_text_in_its_thread_and_mails(self):
        reason = self.env["sale.rma.reason"].create({"name": EVIL, "code": "evil"})
        rma = self._create_rma(self.order, 3, customer_note=EVIL, public_note=EVIL)
        rma.line_ids.write({"note": EVIL, "reason_id": reason.id})
        rma.action_request()
        rma.action_refuse(reason=EVIL)
        rma.action_draft()
        rma.action_accept()
        rma.sudo()._customer_show_proof(EVIL, [(f"{EVIL}.pdf", b"%PDF-1.4 x")])
        self._process(rma, {"exchange": True})
        self.assertEqual(rma.state, "done")
        self._assert_text_only("mail.message", "mail.mail")

    def test_cancelled_and_expired_are_told_in_text(self):
        rmas = self._create_rma(self.order, 1) | self._create_rma(self.order, 1)
        rmas.action_accept()
        rmas[0].action_cancel(reason=EVIL)
        rmas[1].write({"close_reason": EVIL, "date_expiry": "2020-01-01"})
        rmas[1]._cancel_documents()
        rmas[1]._change_state("expired")
        self._assert_text_only("mail.message", "mail.mail")

    # === MAIL IN === #

    def test_subject_and_sender_of_a_mail_are_text(self):
        rma = self._create_rma(self.order, 1, state="requested")
        for subject in (EVIL, f"{EVIL} {rma.name}"):
            self._receive(subject)
        inquiry = self.env["sale.rma.inquiry"].search([], limit=1)
        self.assertIn("<img", inquiry.name, "kept as it was written")
        inquiry.rma_id = rma
        inquiry.action_move()
        self._assert_text_only()

    def _receive(self, subject):
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            mail = MAIL.format(
                body=EVIL,
                email_from='"<img src=x onerror=1>" <who@example.com>',
                extra="X-Test: 1",
                number=len(subject),
                subject=subject,
                to=self.company.rma_alias_id.alias_full_name,
            )
            self.env["mail.thread"].message_process("mail.thread", mail)

    # === BULK === #

    def test_result_of_a_bulk_operation_is_text(self):
        rma = self._create_rma(self.order, 1)
        job = self.env["sale.rma.job"]._create_for(rma, "accept")
        job.sudo().is_background = True
        job.sudo()._notify_done()
        self._assert_text_only()
