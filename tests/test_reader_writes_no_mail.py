"""Who may read a return and no more has no mail of the shop's written about it (R9)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_attacks import MUTED, AttackCommon


@tagged("post_install", "-at_install")
class TestReaderWritesNoMail(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rma.action_accept()
        own = "sales_team.group_sale_salesman"
        cls.readers = [
            cls._make_user("stock", "stock.group_stock_user"),
            cls._make_user("bills", "account.group_account_invoice"),
            cls._make_user("both", own, "stock.group_stock_user"),
        ]

    def _assert_closed(self, user, model, method, *args):
        with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
            self._call(user, model, method, *args)

    def test_nobody_writes_in_anothers_name(self):
        vals = {
            "model": "sale.rma",
            "res_id": self.rma.id,
            "body": "Forged",
            "message_type": "comment",
            "author_id": self.seller.partner_id.id,
        }
        for user in self.readers:
            self.assertTrue(self._as(self.rma, user).has_access("read"))
            self._assert_closed(user, "mail.message", "create", vals)
        self.assertTrue(self._call(self.seller, "mail.message", "create", vals))

    def test_nobody_hands_in_a_mail_of_the_customer(self):
        """Odoo has any internal user call the gateway, which posts as superuser."""
        sender = self.rma.partner_id.email or "anna@example.com"
        mail = f"From: {sender}\nTo: x@shop.example\nMessage-Id: <1@x>\n\nI agree"
        gateway = ("mail.thread", "message_process")
        plain = self._make_user("plain")
        for user in (plain, *self.readers, self.colleague, self.seller):
            for thread in ({"thread_id": self.rma.id}, {}):
                with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
                    self._call(user, *gateway, "sale.rma", mail, **thread)
        self.env["mail.thread"].message_process("sale.rma", mail, thread_id=self.rma.id)
        self.assertIn("I agree", self.rma.message_ids[0].body)

    def test_the_composer_for_many_is_closed_as_the_one_for_one(self):
        for user in self.readers:
            for mode in ("comment", "mass_mail"):
                with self.subTest(user=user.login, mode=mode):
                    ids = self._compose(user, mode).ids
                    self._assert_closed(user, "mail.compose.message", "action_send_mail", ids)
        before = self.env["mail.mail"].search_count([])
        for mode in ("comment", "mass_mail"):
            ids = self._compose(self.seller, mode).ids
            self._call(self.seller, "mail.compose.message", "action_send_mail", ids)
        self.assertGreater(self.env["mail.mail"].search_count([]), before)

    def _compose(self, user, mode):
        return self._as(self.env["mail.compose.message"], user).create(
            {
                "model": "sale.rma",
                "res_ids": str(self.rma.ids),
                "composition_mode": mode,
                "subject": "Hello",
                "body": "<p>Hello</p>",
                "email_from": "boss@shop.example",
                "partner_ids": self.customer.ids,
            }
        )
