"""A person can be erased and is told what is kept; what has to be kept is."""

import base64
import json

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPrivacy(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_user("rma_manager", "sales_team.group_sale_manager")
        cls.salesperson = cls._make_user("rma_seller", "sales_team.group_sale_salesman_all_leads")
        cls.order = cls._create_sold((cls.shirt, 2))

    def _submit(self, number=1, follow_up=True, **values):
        values.setdefault("statement", "I withdraw from the shirts.")
        declared = self._prepare_statement(number, **values)
        withdrawal = self.env["sale.rma.withdrawal"].sudo()._submit(declared)
        if follow_up:
            withdrawal._follow_up()
        return withdrawal

    def _make_old(self, record, column="submitted_at"):
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET {column} = '2001-01-01' WHERE id = %s", [record.id]
        )
        self.env.cr.execute(
            "UPDATE mail_message SET date = '2001-01-01' WHERE model = %s AND res_id = %s",
            [record._name, record.id],
        )
        self.env.invalidate_all()

    def _make_inquiry(self, email="Anna <anna@example.com>"):
        return (
            self.env["sale.rma.inquiry"]
            .sudo()
            .create({"name": "Where is it?", "company_id": self.company.id, "email_from": email})
        )

    def _screen(self, user=None, **values):
        return self.env["sale.rma.privacy"].with_user(user or self.manager).create(values)

    # === ERASURE === #

    def test_what_matched_nothing_is_erased_at_once_and_logged_without_the_person(self):
        withdrawal = self._submit()
        number, receipt = withdrawal.name, withdrawal._get_receipt_pdf()
        mails = self.env["mail.mail"].search([("email_to", "=", "anna@example.com")])
        self.assertTrue(mails)
        withdrawal.with_user(self.manager).action_erase()
        self.assertFalse(withdrawal.exists() or receipt.exists() or mails.exists())
        log = self.env["sale.rma.erasure"].search([], limit=1)
        self.assertRecordValues(
            log, [{"user_id": self.manager.id, "count": 1, "references": number}]
        )
        written = json.dumps(log.read(), default=str)
        for word in ("Anna", "anna@", "shirts"):
            self.assertNotIn(word, written)

    def test_only_an_administrator_erases(self):
        withdrawal = self._submit()
        for method in ("action_erase", "action_hold", "action_release"):
            with self.assertRaises(AccessError):
                getattr(withdrawal.with_user(self.salesperson), method)()
        self.assertTrue(withdrawal.exists())

    def test_what_is_evidence_of_a_contract_is_kept_until_its_time_is_over(self):
        withdrawal = self._submit(contract=self.order.name)
        self.assertTrue(withdrawal.rma_ids)
        with self.assertRaisesRegex(UserError, withdrawal.name):
            withdrawal.with_user(self.manager).action_erase()
        self._make_old(withdrawal)
        withdrawal.with_user(self.manager).action_erase()
        self.assertFalse(withdrawal.exists())

    def test_what_was_not_looked_at_yet_is_kept(self):
        withdrawal = self._submit(contract=self.order.name, follow_up=False)
        with self.assertRaises(UserError):
            withdrawal.with_user(self.manager).action_erase()

    def test_a_hold_stops_request_and_retention(self):
        withdrawal = self._submit()
        withdrawal.with_user(self.manager).action_hold(reason="Claim 12")
        self.assertTrue(withdrawal.is_on_hold)
        with self.assertRaises(UserError):
            withdrawal.with_user(self.manager).action_erase()
        self._make_old(withdrawal)
        self.assertNotIn(withdrawal, withdrawal.search(withdrawal._get_outdated_domain()))
        with self.assertRaises(UserError):
            withdrawal.unlink()
        withdrawal.with_user(self.manager).action_release()
        self.assertIn(withdrawal, withdrawal.search(withdrawal._get_outdated_domain()))

    def test_no_context_deletes_a_withdrawal(self):
        withdrawal = self._submit()
        for forged in (True, withdrawal.ids, {withdrawal.id: True}):
            with self.assertRaises(UserError):
                withdrawal.sudo().with_context(rma_erased=forged).unlink()

    def test_the_log_stays(self):
        self._submit().with_user(self.manager).action_erase()
        log = self.env["sale.rma.erasure"].search([], limit=1)
        for change in (lambda: log.sudo().write({"count": 0}), lambda: log.sudo().unlink()):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            self.env["sale.rma.erasure"].with_user(self.manager).create({})

    # === RETENTION === #

    def test_messages_go_after_their_time(self):
        old, answered, fresh = (self._make_inquiry() for _number in range(3))
        for inquiry in old | answered:
            self._make_old(inquiry, "create_date")
        answered.message_post(body="Still on it")
        self.env["sale.rma.inquiry"]._gc_inquiries()
        self.assertEqual((old | answered | fresh).exists(), answered | fresh)

    def test_messages_are_kept_where_the_company_says_so(self):
        self.company.rma_inquiry_retention_months = 0
        old = self._make_inquiry()
        self._make_old(old, "create_date")
        self.env["sale.rma.inquiry"]._gc_inquiries()
        self.assertTrue(old.exists())

    def test_mails_of_receipts_go_with_their_withdrawal(self):
        withdrawal = self._submit()
        mails = self.env["mail.mail"].search([("email_to", "=", "anna@example.com")])
        self._make_old(withdrawal)
        withdrawal.search(withdrawal._get_outdated_domain()).unlink()
        self.assertFalse(withdrawal.exists() or mails.exists())

    # === ONE PERSON === #

    def _make_all_of_anna(self):
        rma = self._create_rma(self.order, 1, state="accepted")
        rma.write({"internal_note": "A secret of ours", "customer_note": "Too small"})
        rma.message_post(body="Between us", subtype_xmlid="mail.mt_note")
        rma.message_post(body="Dear Anna", subtype_xmlid="mail.mt_comment")
        guests = self.env["sale.rma.guest.request"].sudo()
        guest = guests.create({"order_ref": "S1", "email": "anna@example.com"})
        return rma, self._submit(), self._make_inquiry(), guest

    def test_export_holds_all_about_one_person_and_nothing_of_others(self):
        rma, withdrawal, inquiry, _guest = self._make_all_of_anna()
        self._submit(2, email="joanna@example.com", customer_name="Joanna")
        self._make_inquiry("anna@example.com.evil.example")
        for who in ({"partner_id": self.customer.id}, {"email": "Anna@Example.com"}):
            screen = self._screen(**who)
            screen.action_export()
            text = base64.b64decode(screen.export_file).decode()
            data = json.loads(text)
            self.assertIn(rma.name, [row["name"] for row in data["returns"]])
            self.assertEqual([row["name"] for row in data["withdrawals"]], [withdrawal.name])
            self.assertEqual([row["name"] for row in data["messages"]], [inquiry.name])
            self.assertEqual([row["order_ref"] for row in data["guest_requests"]], ["S1"])
            for words in ("I withdraw from the shirts.", "Too small", "Dear Anna"):
                self.assertIn(words, text)
            for words in ("Joanna", "evil", "A secret of ours", "Between us"):
                self.assertNotIn(words, text)

    def test_erasing_a_person_keeps_what_has_to_be_kept_and_says_it(self):
        rma, withdrawal, inquiry, guest = self._make_all_of_anna()
        matched = self._submit(2, contract=self.order.name)
        screen = self._screen(partner_id=self.customer.id)
        screen.action_erase()
        self.assertFalse(withdrawal.exists() or inquiry.exists() or guest.exists())
        self.assertEqual((rma | matched.rma_ids).exists(), rma | matched.rma_ids)
        self.assertTrue(matched.exists())
        self.assertIn(rma.name, screen.result)
        self.assertIn(matched.name, screen.result)

    def test_a_person_is_an_administrators_to_export(self):
        with self.assertRaises(AccessError):
            self._screen(self.salesperson, partner_id=self.customer.id)
        screen = self._screen()
        for method in ("action_export", "action_erase"):
            with self.assertRaisesRegex(UserError, "Choose a customer"):
                getattr(screen, method)()
            with self.assertRaises(AccessError):
                getattr(screen.with_user(self.salesperson), method)()

    def test_what_a_sister_company_keeps_is_not_shown(self):
        withdrawal = self._submit()
        sister = self.env["res.company"].create({"name": "Sister"})
        self.manager.write({"company_ids": [fields.Command.link(sister.id)]})
        screen = self._screen(email="anna@example.com").with_company(sister)
        found = screen.with_context(allowed_company_ids=sister.ids)._find()
        self.assertNotIn(withdrawal, found["withdrawals"])

    # === NOTICE === #

    def test_forms_link_to_the_privacy_notice(self):
        self.company.rma_privacy_url = "https://shop.example/privacy"
        self.authenticate("rma_customer", "rma_customer")
        for path in ("/withdraw", f"/my/orders/{self.order.id}/return"):
            links = self._page(path).xpath("//a[hasclass('o_rma_privacy')]/@href")
            self.assertEqual(links, ["https://shop.example/privacy"], path)
        self.company.rma_privacy_url = False
        self.assertFalse(self._page("/withdraw").xpath("//a[hasclass('o_rma_privacy')]"))
        self.authenticate(None, None)  # who is logged in is led to his orders
        shop = self.env.ref("base.public_user").sudo().company_id
        shop.rma_privacy_url = "https://shop.example/privacy"
        links = self._page("/returns").xpath("//a[hasclass('o_rma_privacy')]/@href")
        self.assertEqual(links, ["https://shop.example/privacy"])

    def test_the_notice_is_a_page(self):
        for address in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "privacy"):
            with self.assertRaises(ValidationError):
                self.company.rma_privacy_url = address
