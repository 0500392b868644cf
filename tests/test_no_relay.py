from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import limited_field_access_token

from odoo.addons.mail.tests.common import MockEmail

from .common_portal import PortalCommon

NOISE = ("odoo.http", "odoo.addons.mail.models.mail_thread", "odoo.addons.base.models.ir_rule")
VICTIM = "victim@elsewhere.example.org"


@tagged("post_install", "-at_install")
class TestNoRelay(MockEmail, PortalCommon):
    """The shop's server writes to nobody because a customer says so. Each attack is tried on an
    order too, whose customer follows it: a return is never weaker."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.order.message_subscribe(cls.customer.ids)
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 1}, state="accepted")
        cls.victim = cls.env["res.partner"].create({"name": "Victim", "email": VICTIM})
        cls.worker = cls._make_user("rma_worker", "stock.group_stock_user")
        cls.documents = [cls.rma, cls.order]

    # === ATTACKING === #

    def _call(self, user, document, method, *args, **kwargs):
        """Call a method as RPC does; return whether it went through, and the mails it made."""
        last_mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0
        last_message = self.env["mail.message"].sudo().search([], order="id desc", limit=1).id
        model = self.env[document._name].with_user(user).with_context(lang="en_US")
        is_done = True
        self.env.flush_all()
        with self.mock_mail_gateway(), mute_logger(*NOISE):
            try:
                with self.env.cr.savepoint():
                    ids = [document.ids] if document else []
                    call_kw(model, method, [*ids, *args], kwargs)
            except Exception:
                is_done = False
        mails = self.env["mail.mail"].sudo().search([("id", ">", last_mail)])
        messages = self.env["mail.message"].sudo().search([("id", ">", last_message)])
        return is_done, mails, messages

    def _assert_never_weaker(self, user, method, *args, **kwargs):
        done, mails, messages = self._call(user, self.rma, method, *args, **kwargs)
        self._call(user, self.order, method, *args, **kwargs)
        self.assertFalse(done, method)
        self.assertFalse(mails)
        self.assertFalse(messages)

    # === DIRECT CALLS === #

    def test_customer_posts_nothing_by_rpc(self):
        attacks = [
            {"outgoing_email_to": VICTIM},
            {"partner_ids": self.victim.ids},
            {"subject": "Your bank", "reply_to": "thief@example.com"},
            {"message_type": "auto_comment", "date": "2020-01-01 00:00:00"},
            {"email_from": "boss@shop.example.com", "author_id": self.company.partner_id.id},
            {"incoming_email_cc": VICTIM, "subtype_xmlid": "sale_rma.mt_rma_refunded"},
            {},
        ]
        for values in attacks:
            values = {"body": "Click", "subtype_xmlid": "mail.mt_comment", **values}
            with self.subTest(values):
                self._assert_never_weaker(self.portal_user, "message_post", **values)

    def test_customer_uses_no_sibling_of_message_post(self):
        partners = self.victim.ids
        template = "sale_rma.mail_template_rma_accepted"
        for method, args, values in [
            ("message_notify", [], {"body": "Click", "partner_ids": partners}),
            ("message_post_with_source", [template], {"partner_ids": partners}),
            ("message_post_with_source", ["web.login"], {"partner_ids": partners}),
            ("message_mail_with_source", [template], {}),
            ("message_update", [{"email_from": VICTIM}], {"update_vals": {"name": "x"}}),
            ("message_subscribe", [], {"partner_ids": partners}),
            ("message_unsubscribe", [], {"partner_ids": self.env.user.partner_id.ids}),
            ("message_change_thread", [self.order.id], {}),
            ("activity_schedule", [], {"summary": "x", "user_id": self.env.uid}),
            ("_message_log", [], {"body": "x"}),
            ("_message_create", [[{"body": "x"}]], {}),
        ]:
            with self.subTest(method):
                self._assert_never_weaker(self.portal_user, method, *args, **values)
        self.assertNotIn(self.victim, self.rma.message_partner_ids)

    def test_customer_feeds_no_mail_to_the_gateway(self):
        mail = f"From: {VICTIM}\nTo: x@example.com\nSubject: {self.rma.name}\nMessage-Id: <1>\n\nx"
        for method, args in (
            ("message_process", ["sale.rma", mail, {}, False, False, self.rma.id]),
            ("message_new", [{"email_from": VICTIM, "subject": self.rma.name}]),
            ("message_notify", []),
        ):
            values = {} if args else {"body": "Click", "partner_ids": self.victim.ids}
            for user in (self.portal_user, self.env.ref("base.public_user")):
                done, mails, messages = self._call(user, self.rma[:0], method, *args, **values)
                self.assertEqual((done, mails.ids, messages.ids), (False, [], []), method)

    def test_customer_writes_no_message_by_rpc(self):
        messages = self.env["mail.message"].with_user(self.portal_user)
        values = {
            "model": "sale.rma",
            "res_id": self.rma.id,
            "body": "I am the shop",
            "message_type": "comment",
            "partner_ids": self.victim.ids,
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }
        self.rma.message_subscribe(self.customer.ids)
        with self.assertRaises(AccessError), mute_logger(*NOISE):
            messages.create(values)
        own = (
            self.rma.with_user(self.portal_user)
            .sudo()
            .message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        )
        for changes in ({"body": "Other"}, {"partner_ids": self.victim.ids}, {"date": False}):
            with self.assertRaises(AccessError), mute_logger(*NOISE):
                messages.browse(own.id).write(changes)

    def test_customer_has_no_wizard_that_writes(self):
        for model in ("mail.compose.message", "mail.activity", "mail.scheduled.message"):
            values = {"model": "sale.rma", "res_id": self.rma.id, "body": "Click"}
            if model == "mail.activity":
                values = {"res_model": "sale.rma", "res_id": self.rma.id, "summary": "x"}
            with self.assertRaises(AccessError), mute_logger(*NOISE):
                self.env[model].with_user(self.portal_user).create(values)

    # === COLLEAGUES WHO ONLY READ === #

    def test_who_only_reads_a_return_mails_nobody_by_rpc(self):
        for method, values in [
            ("message_post", {"body": "x", "outgoing_email_to": VICTIM}),
            ("message_post", {"body": "x", "partner_ids": self.victim.ids}),
            ("message_notify", {"body": "x", "partner_ids": self.victim.ids}),
            ("message_subscribe", {"partner_ids": self.victim.ids}),
        ]:
            with self.subTest(method):
                self._assert_never_weaker(self.worker, method, **values)

    def test_salesperson_still_writes_to_whom_he_likes(self):
        seller = self._make_user("rma_seller", "sales_team.group_sale_salesman_all_leads")
        done, mails, _messages = self._call(
            seller, self.rma, "message_post", body="x", outgoing_email_to=VICTIM
        )
        self.assertTrue(done)
        self.assertIn(VICTIM, mails.mapped("email_to"))

    # === THE PORTAL'S OWN ROUTE === #

    def _post_in_portal(self, post_data, login="rma_customer", **access):
        self.authenticate(login, login)
        last = self.env["mail.message"].sudo().search([], order="id desc", limit=1).id
        with self.mock_mail_gateway(), mute_logger(*NOISE):
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "sale.rma",
                    "thread_id": self.rma.id,
                    "post_data": {"body": "Where is it?", **post_data},
                    **access,
                },
            )
        return (
            self.env["mail.message"].sudo().search([("id", ">", last), ("model", "=", "sale.rma")])
        )

    def _get_link(self):
        return {
            "token": self.rma._portal_ensure_token(),
            "pid": self.customer.id,
            "hash": self.rma._sign_token(self.customer.id),
        }

    def _assert_customers_words(self, message):
        self.assertEqual(len(message), 1)
        self.assertIn("Where is it?", message.body)
        self.assertRecordValues(
            message,
            [
                {
                    "author_id": self.customer.id,
                    "email_add_signature": True,
                    "is_internal": False,
                    "message_type": "comment",
                    "model": "sale.rma",
                    "outgoing_email_to": False,
                    "partner_ids": [],
                    "res_id": self.rma.id,
                    "subject": self.rma.name,
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                }
            ],
        )
        self.assertNotIn(self.victim, message.notified_partner_ids)

    def test_portals_route_takes_text_and_nothing_else(self):
        token = limited_field_access_token(self.victim, "id", scope="mail.message_mention")
        for post_data in (
            {"message_type": "auto_comment"},
            {"message_type": "email", "subject": "Your bank"},
            {"subtype_xmlid": "sale_rma.mt_rma_refunded"},
            {"subtype_xmlid": "mail.mt_note", "email_add_signature": False},
            {"partner_emails": [VICTIM], "partner_ids": self.victim.ids},
            {
                "partner_ids": self.victim.ids,
                "partner_ids_mention_token": {str(self.victim.id): token},
            },
            {"outgoing_email_to": VICTIM, "reply_to": VICTIM, "email_from": VICTIM},
        ):
            for login, access in (("rma_customer", {}), (None, self._get_link())):
                with self.subTest(f"{post_data} {login}"):
                    self._assert_customers_words(
                        self._post_in_portal(post_data, login=login, **access)
                    )

    def test_customer_sends_own_pending_files_only(self):
        pending = {"res_model": "mail.compose.message", "res_id": 0, "raw": b"photo"}
        files = self.env["ir.attachment"]
        own = files.with_user(self.portal_user).sudo().create({"name": "Mine", **pending})
        foreign = files.create({"name": "Theirs", **pending})
        message = self._post_in_portal(
            {"attachment_ids": own.ids, "attachment_tokens": [own._get_ownership_token()]}
        )
        self.assertEqual(message.attachment_ids, own)
        with self.assertRaises(JsonRpcException):
            self._post_in_portal({"attachment_ids": foreign.ids, "attachment_tokens": ["x"]})

    def test_customer_corrects_his_words_and_nothing_else(self):
        message = self._post_in_portal({})
        self.authenticate("rma_customer", "rma_customer")
        with mute_logger(*NOISE):
            self.make_jsonrpc_request(
                "/mail/message/update_content",
                {
                    "message_id": message.id,
                    "update_data": {
                        "body": "Where is it now?",
                        "message_type": "auto_comment",
                        "partner_ids": self.victim.ids,
                    },
                },
            )
        self.assertIn("now?", message.body)
        self.assertEqual((message.message_type, message.partner_ids.ids), ("comment", []))
