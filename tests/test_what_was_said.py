"""The history is the program's, and what somebody said is his: no colleague writes, changes or
deletes it (issue 12, 14: evidence)."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_attacks import MUTED, AttackCommon


@tagged("post_install", "-at_install")
class TestWhatWasSaid(AttackCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.action_accept()
        cls.refunded = cls.env.ref("sale_rma.mt_rma_refunded")
        cls.manager = cls._make_user("manager", "sales_team.group_sale_manager")
        cls.system = cls._make_user("system", "base.group_system", "sales_team.group_sale_manager")
        cls.about = {"model": "sale.rma", "res_id": cls.own.id}
        cls.said = cls.own.message_post(
            body="It is broken", author_id=cls.own.partner_id.id, message_type="comment"
        )

    def _assert_closed(self, user, model, method, *args, **kwargs):
        with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
            self._call(user, model, method, *args, **kwargs)

    def test_the_history_is_written_by_the_program(self):
        row = self.own.history_ids[0]
        vals = {"body": "Forged", "subtype_id": self.refunded.id, "reply_to": "x@shop.example"}
        ids = self.own.ids
        for user in (self.colleague, self.manager, self.system):
            self._assert_closed(user, "mail.message", "create", {**vals, **self.about})
            for name in ("message_ids", "history_ids"):
                for command in (
                    Command.create(vals),
                    Command.update(row.id, {"body": "Forged"}),
                    Command.delete(row.id),
                ):
                    with self.subTest(user=user.login, name=name, command=command):
                        values = {name: [command]}
                        refused = suppress(AccessError, UserError)
                        with refused, mute_logger(*MUTED), self.cr.savepoint():
                            self._call(user, "sale.rma", "write", ids, values)
                        self.assertTrue(row.exists())
                        self.env.invalidate_all()
                        self.assertNotIn("Forged", "".join(self.own.message_ids.mapped("body")))
                        self.assertNotIn("Forged", "".join(self.own.history_ids.mapped("body")))
            self._assert_closed(user, "mail.message", "write", row.ids, {"body": "Forged"})
            self._assert_closed(user, "mail.message", "unlink", row.ids)
            post = {"body": "Forged", "subtype_id": self.refunded.id}
            self._assert_closed(user, "sale.rma", "message_post", ids, **post)
            mine = self._call(user, "mail.message", "create", {"body": "Mine", **self.about})
            mine = mine if isinstance(mine, list) else [mine]
            self._assert_closed(
                user, "mail.message", "write", mine, {"subtype_id": self.refunded.id}
            )

    def test_nobody_speaks_in_the_customers_name(self):
        customer = self.own.partner_id
        other = self.env["res.partner"].create({"name": "Other", "email": "other@example.com"})
        forged = (
            {"author_id": customer.id},
            {"author_id": other.id},
            {"author_id": False, "email_from": f"Anna <{customer.email.upper()}>"},
            {"email_from": customer.email},
            {"date": "2020-01-01 00:00:00"},
        )
        for values in forged:
            for user in (self.colleague, self.manager):
                vals = {"body": "I agree", "message_type": "comment", **values}
                with self.subTest(user=user.login, **values):
                    self._assert_closed(user, "sale.rma", "message_post", self.own.ids, **vals)
                    if values.get("author_id", True) is not True or "date" in values:
                        self._assert_closed(user, "mail.message", "create", {**vals, **self.about})
        mine = self._as(self.own, self.colleague).message_post(body="Mine", message_type="comment")
        for values in forged:
            self._assert_closed(self.colleague, "mail.message", "write", mine.ids, values)

    def test_what_others_said_stands(self):
        for user in (self.colleague, self.manager):
            self._assert_closed(user, "mail.message", "write", self.said.ids, {"body": "Fine"})
            self._assert_closed(user, "mail.message", "unlink", self.said.ids)
        own = self._as(self.own, self.colleague)
        mine = own.message_post(body="We look into it", message_type="comment")
        self._assert_closed(self.manager, "mail.message", "write", mine.ids, {"body": "No"})
        mine.body = "We looked into it"
        self.assertIn("looked", mine.body)
        mine.unlink()
        self._call(self.system, "mail.message", "write", self.said.ids, {"body": "[removed]"})
        self.assertIn("removed", self.said.body)

    def test_what_a_colleague_is_about_to_say_is_his(self):
        values = {"body": "Soon", "scheduled_date": "2099-01-01 00:00:00", **self.about}
        model = "mail.scheduled.message"
        mine = {**values, "author_id": self.colleague.partner_id.id}
        own = self._call(self.colleague, model, "create", [mine])
        dock = self._make_user("dock", "stock.group_stock_user")
        for user in (dock, self.manager):
            self._assert_closed(user, model, "write", own, {"body": "Never"})
        docks = {**mine, "author_id": dock.partner_id.id}
        docks = self._call(dock, model, "create", [docks])
        self._assert_closed(dock, model, "post_message", docks)
        customer = self.own.partner_id
        forged = self._call(self.colleague, model, "create", [{**mine, "author_id": customer.id}])
        self._assert_closed(self.colleague, model, "post_message", forged)
        self._call(self.colleague, model, "post_message", own)
        self.assertIn("Soon", self.own.message_ids[0].body)

    def test_the_rules_threads_too(self):
        rule = self.env["sale.rma.policy"].create({"name": "Rule"})
        changed = rule.message_post(body="Changed")
        self._assert_closed(self.manager, "mail.message", "unlink", changed.ids)

    def test_the_threads_of_withdrawals_and_inquiries_too(self):
        inquiry = (
            self.env["sale.rma.inquiry"]
            .sudo()
            .create(
                {
                    "name": "Where",
                    "email_from": "ben@example.com",
                    "company_id": self.env.company.id,
                }
            )
        )
        said = inquiry.message_post(body="Where is it", email_from="ben@example.com")
        self._assert_closed(self.manager, "mail.message", "write", said.ids, {"body": "x"})
        self._assert_closed(self.manager, "mail.message", "unlink", said.ids)
        vals = {"body": "x", "author_id": False, "email_from": "Ben <ben@example.com>"}
        self._assert_closed(self.manager, "sale.rma.inquiry", "message_post", inquiry.ids, **vals)

    def test_discuss_works_on_it_as_everywhere(self):
        self.colleague.password = "colleague"
        self.authenticate("colleague", "colleague")
        add = {"message_id": self.said.id, "content": "+", "action": "add"}
        self.make_jsonrpc_request("/mail/message/reaction", add)
        self.assertEqual(self.said.reaction_ids.partner_id, self.colleague.partner_id)
        post = {
            "thread_model": "sale.rma",
            "thread_id": self.own.id,
            "post_data": {"body": "Mine", "message_type": "comment"},
        }
        mine = self.make_jsonrpc_request("/mail/message/post", post)["message_id"]
        edit = {"message_id": mine, "update_data": {"body": "Edited", "attachment_ids": []}}
        self.make_jsonrpc_request("/mail/message/update_content", edit)
        self.assertIn("Edited", self.env["mail.message"].browse(mine).body)
        self._call(self.colleague, "mail.message", "toggle_message_starred", [mine])
