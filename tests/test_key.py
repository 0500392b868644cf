"""Issue 12, 5: a token is a key. Who may not act for the customer gets it in no way."""

import re
import runpy
import uuid

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .common_portal import PortalCommon
from .test_rights import MUTED

REFUSAL = "Only the customer, or who looks after the return"


@tagged("post_install", "-at_install")
class TestKey(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = "sales_team.group_sale_salesman"
        groups = {
            "seller": (own,),
            "helper": (own, "stock.group_stock_user"),
            "dock": ("stock.group_stock_user",),
            "accountant": ("account.group_account_invoice",),
        }
        # who may export and share as well
        extra = ("base.group_allow_export", "base.group_partner_manager")
        cls.users = {
            login: cls._make_user(login, *names, *extra, password=login)
            for login, names in groups.items()
        }
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), user_id=cls.users["seller"].id)
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 2}, state="accepted")
        cls.key = cls.rma._portal_ensure_token()

    def _as(self, login, records=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (records or self.rma).with_env(self.env(user=self.users[login], su=False))

    # === BY RPC === #

    @mute_logger(*MUTED)
    def test_field_is_read_and_searched_by_nobody(self):
        for login in self.users:
            rma = self._as(login)
            self.assertNotIn("access_token", rma.fields_get())
            for attempt in (
                lambda rma=rma: rma.read(["access_token"]),
                lambda rma=rma: rma.web_read({"access_token": {}}),
                lambda rma=rma: rma.export_data(["access_token"]),
                lambda rma=rma: rma.search([("access_token", "=like", f"{self.key[:3]}%")]),
                lambda rma=rma: rma.search([], order="access_token"),
                lambda rma=rma: rma._read_group([], ["access_token"]),
                lambda rma=rma: rma.env["sale.rma.line"].search(
                    [("rma_id.access_token", "=like", f"{self.key[:3]}%")]
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()

    def test_links_have_the_key_for_those_who_act_for_the_customer(self):
        for login in self.users:
            rma = self._as(login)
            shared = rma.env["portal.share"].create(
                {"res_model": rma._name, "res_id": rma.id, "partner_ids": self.customer.ids}
            )
            for link in (
                rma.get_portal_url(),
                rma.get_portal_url(report_type="pdf", anchor="x"),
                rma.action_preview()["url"],
                rma._get_share_url(redirect=True, pid=self.customer.id),
                shared.share_link,
                str(rma.action_print()),
            ):
                keyed = login == "seller" and link != str(rma.action_print())
                self.assertEqual(self.key in link, keyed, (login, link))
                self.assertEqual("hash=" in link, keyed and "hash=" in link)

    @mute_logger(*MUTED)
    def test_credit_note_is_for_accounting_and_who_runs_the_return(self):
        self._process(self.rma)
        refund = self.rma.refund_ids
        self.assertEqual(self._as("accountant").action_view_refunds()["res_id"], refund.id)
        key = refund._portal_ensure_token()
        self.assertIn(key, self._as("seller").action_view_refunds()["url"])
        for login in ("dock", "helper"):
            with self.assertRaisesRegex(AccessError, "are for accounting"):
                self._as(login).action_view_refunds()

    # === IN THE THREAD === #

    def test_thread_has_no_key_and_the_customers_mail_has_it(self):
        notices = self.rma.message_ids.filtered(lambda message: "/my/returns/" in message.body)
        self.assertTrue(notices, "the mail of acceptance links to the slip")
        for message in self.rma.message_ids:
            self.assertNotIn(self.key, message.body)
        mail = notices.sudo().mail_ids.filtered(lambda mail: self.customer in mail.recipient_ids)
        link = f"/my/returns/{self.rma.id}?access_token={self.key}&amp;report_type=pdf"
        self.assertIn(link, mail.body_html)

    def test_what_colleagues_write_takes_no_key_with_it(self):
        rma = self._as("seller")
        body = f'<a href="{rma.get_portal_url()}">your return</a>'
        rma.message_post(body=body, body_is_html=True, partner_ids=self.customer.ids)
        composer = rma.env["mail.compose.message"].with_context(**rma.action_send()["context"])
        composer.create({})._action_send_mail()
        mails = self.env["mail.mail"].sudo().search([("res_id", "=", rma.id)])
        self.assertTrue(mails.filtered(lambda mail: self.key in mail.body_html))
        for message in self.rma.message_ids:
            self.assertNotIn(self.key, message.body)

    def test_mails_to_many_leave_no_key_in_the_threads(self):
        other = self._create_rma(self.order, {self.mug: 1}, state="accepted")
        rmas = self._as("seller", self.rma | other)
        composer = rmas.env["mail.compose.message"].with_context(**rmas.action_send()["context"])
        composer.create({"auto_delete": False})._action_send_mail()
        for message in (self.rma | other).message_ids:
            self.assertNotRegex(message.body, r"access_token=\w{8}")

    # === ON THE PAGE === #

    def _open(self, login, access_token=None):
        self.authenticate(login, login)
        params = {"access_token": access_token} if access_token else {}
        return self._page(f"/my/returns/{self.rma.id}", **params)

    def _hrefs(self, page):
        return page.xpath("//main//a/@href | //main//form/@action")

    def test_page_hands_out_no_key_to_colleagues(self):
        self._process(self.rma, {"exchange": True}, close=False)
        refund, exchange = self.rma.refund_ids, self.rma.exchange_order_ids
        keys = {
            self.key,
            refund._portal_ensure_token(),
            exchange._portal_ensure_token(),
            self.order._portal_ensure_token(),
        }
        for login in ("helper", "dock", "accountant"):
            for token in (None, self.key):
                links = self._hrefs(self._open(login, token))
                found = {key for key in keys for link in links if key in link} - {token}
                self.assertFalse(found, login)
                may_read = login == "accountant"
                self.assertEqual(f"/my/invoices/{refund.id}" in links, may_read, login)

    def test_page_leaves_cancelling_and_proof_to_customer_and_manager(self):
        for login, may_act in (("seller", True), ("dock", False), ("helper", False)):
            page = self._open(login)
            forms = page.xpath("//form[contains(@action, '/my/returns/')]")
            self.assertEqual(bool(forms), may_act, login)

    def test_forms_are_refused_in_words_whatever_key_is_held(self):
        for login in ("dock", "helper", "accountant"):
            self.authenticate(login, login)
            for token in ("", self.key):
                for form, values in (("cancel", {}), ("proof", {"tracking_ref": "6A1"})):
                    values = {**values, "csrf_token": self._csrf(), "access_token": token}
                    response = self._post_form(f"/my/returns/{self.rma.id}/{form}", values)
                    self.assertEqual(response.status_code, 200, (login, form))
                    self.assertIn(REFUSAL, response.text)
        self.assertRecordValues(self.rma, [{"state": "accepted", "tracking_ref": False}])

    def _csrf(self):
        return re.search(r'csrf_token: "([^"]+)"', self._get("/my").text)[1]

    def test_manager_of_the_return_cancels_on_the_page(self):
        page = self._open("seller")
        values = self._form_values(page, form="mt-2")
        response = self._post_form(f"/my/returns/{self.rma.id}/cancel", values)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.rma.state, "cancel")

    def test_page_of_the_order_hands_out_no_key_of_a_return(self):
        self.authenticate("dock", "dock")
        page = self._page(f"/my/orders/{self.order.id}")
        links = page.xpath("//div[@id='sale_returns']//a/@href")
        self.assertEqual(links, [f"/my/returns/{self.rma.id}"])

    # === UPGRADE === #

    def test_upgrade_takes_the_keys_out_of_what_was_written(self):
        message = self.rma.message_ids[:1]
        link = f"/my/returns/{self.rma.id}?access_token={uuid.uuid4()}"
        body = f'<a href="http://shop{link}&amp;report_type=pdf">x</a> <a href="{link}">y</a>'
        self.env.cr.execute("UPDATE mail_message SET body=%s WHERE id=%s", [body, message.id])
        path = file_path("sale_rma/migrations/19.0.1.1.0/post-key.py")
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        message.invalidate_recordset()
        self.assertNotIn("access_token", message.body)
        self.assertIn(f"/my/returns/{self.rma.id}?report_type=pdf", message.body)
