from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import format_date, formatLang

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestPortal(SaleRmaCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._make_user(
            "rma_customer", "base.group_portal", partner_id=cls.customer.id, password="rma_customer"
        )
        stranger = cls.env["res.partner"].create({"name": "Bob", "email": "bob@example.com"})
        cls.stranger = cls._make_user(
            "rma_stranger", "base.group_portal", partner_id=stranger.id, password="rma_stranger"
        )
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))
        cls.draft = cls._create_rma(cls.order, {cls.shirt: 1}, internal_note="Troublemaker")
        cls.rma = cls._create_rma(
            cls.order,
            {cls.shirt: 1},
            state="accepted",
            internal_note="Troublemaker",
            public_note="Thank you for waiting",
        )

    # === READING === #

    def _open(self, path, **params):
        return self.url_open(path, params=params, allow_redirects=False)

    def _assert_closed(self, response):
        self.assertIn(response.status_code, (303, 404))
        if response.status_code == 303:
            self.assertIn("/web/login?redirect=", response.headers["Location"])
        self.assertNotIn(self.rma.name, response.text)

    def _names(self, **params):
        """The references the list shows."""
        page = html.fromstring(self._open("/my/returns", **params).text)
        return page.xpath("//table//tr/td[1]/a/text()")

    # === LIST === #

    def test_list_shows_own_returns_without_drafts(self):
        self.authenticate("rma_customer", "rma_customer")
        self.assertEqual(self._names(), [self.rma.name])

    def test_list_of_another_customer_is_empty(self):
        self.authenticate("rma_stranger", "rma_stranger")
        self.assertEqual(self._names(), [])

    def test_list_needs_a_login(self):
        self.assertIn("/web/login", self._open("/my/returns").headers["Location"])

    def test_list_hides_drafts_that_were_cancelled_untold(self):
        self.draft.action_cancel()
        self.authenticate("rma_customer", "rma_customer")
        self.assertEqual(self._names(), [self.rma.name])
        self._assert_closed(self._open(f"/my/returns/{self.draft.id}"))

    def test_list_filters_and_searches(self):
        self.authenticate("rma_customer", "rma_customer")
        self.assertEqual(self._names(filterby="open"), [self.rma.name])
        self.assertEqual(self._names(filterby="done"), [])
        for found in (self.rma.name, self.order.name, "Shirt"):
            self.assertEqual(self._names(search=found), [self.rma.name])
        self.assertEqual(self._names(search="nothing like it"), [])

    def test_nonsense_in_the_address_is_no_error(self):
        self.authenticate("rma_customer", "rma_customer")
        for params in (
            {"sortby": "bogus"},
            {"filterby": "bogus"},
            {"page": "bogus"},
            {"page": "²"},
            {"search": "RMA/2026/00001-0"},
            {"search": "%\\_'\0"},
        ):
            self.assertEqual(self._open("/my/returns", **params).status_code, 200, params)
        self.assertEqual(self._open(f"/my/returns/page/{10**12}").status_code, 200)

    def test_home_counts_returns(self):
        self.authenticate("rma_customer", "rma_customer")
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["rma_count"]})
        self.assertEqual(counters["rma_count"], 1)
        self.authenticate("rma_stranger", "rma_stranger")
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["rma_count"]})
        self.assertEqual(counters["rma_count"], 0)

    # === PAGE === #

    def test_customer_sees_own_return(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._open(f"/my/returns/{self.rma.id}").text
        for shown in (self.rma.name, self.order.name, "Shirt", "Thank you for waiting"):
            self.assertIn(shown, page)
        self.assertNotIn("Troublemaker", page)

    def test_page_tells_when_what_and_how_much(self):
        order = self._create_sold((self.shirt, 3))
        rma = self._create_rma(order, {self.shirt: 2}, state="accepted")
        page = self._open(rma._get_share_url())
        text = " ".join(html.fromstring(page.content).text_content().split())
        line = rma.line_ids
        self.assertIn("2 pieces", text)
        for words, amount in (
            ("%s each", line.price_paid),
            ("You paid for these items %s", line.price_paid * 2),
        ):
            money = formatLang(self.env, amount, currency_obj=rma.currency_id)
            self.assertIn(words % " ".join(money.split()), text)
        today = format_date(self.env, rma.date_accepted)
        self.assertIn(f"Accepted {today} Arrived Finished", text)

    def test_draft_is_invisible_by_number_and_by_link(self):
        token = self.draft._portal_ensure_token()
        self._assert_closed(self._open(f"/my/returns/{self.draft.id}", access_token=token))
        self.authenticate("rma_customer", "rma_customer")
        self._assert_closed(self._open(f"/my/returns/{self.draft.id}"))
        self._assert_closed(self._open(f"/my/returns/{self.draft.id}", report_type="pdf"))

    def test_another_customer_gets_no_data(self):
        self.authenticate("rma_stranger", "rma_stranger")
        self._assert_closed(self._open(f"/my/returns/{self.rma.id}"))
        self._assert_closed(self._open(f"/my/returns/{self.rma.id}", report_type="pdf"))
        report = self._open(f"/report/html/sale_rma.report_sale_rma/{self.rma.id}")
        self.assertNotEqual(report.status_code, 200)
        self.assertNotIn(self.rma.name, report.text)

    def test_link_opens_page_and_slip_without_login(self):
        page = self._open(
            f"/my/returns/{self.rma.id}", access_token=self.rma._portal_ensure_token()
        )
        self.assertEqual(page.status_code, 200)
        self.assertIn("Shirt", page.text)
        slip = self._open(
            f"/my/returns/{self.rma.id}",
            access_token=self.rma._portal_ensure_token(),
            report_type="pdf",
        )
        self.assertEqual(slip.status_code, 200)
        self.assertEqual(slip.headers["Content-Type"], "application/pdf")

    def test_wrong_link_opens_nothing(self):
        for token in ("wrong", "", "é", self.draft._portal_ensure_token()):
            for report_type in ("", "pdf"):
                self._assert_closed(
                    self._open(
                        f"/my/returns/{self.rma.id}", access_token=token, report_type=report_type
                    )
                )

    def test_unknown_return_is_closed_too(self):
        for number in (self.rma.id + 10**6, 10**12):
            self._assert_closed(self._open(f"/my/returns/{number}"))

    def test_page_links_credit_notes_that_open_with_the_link(self):
        self._receive(self.rma)
        self._process(self.rma)
        page = self._open(
            f"/my/returns/{self.rma.id}", access_token=self.rma._portal_ensure_token()
        )
        links = html.fromstring(page.text).xpath("//*[@id='return_documents']//a/@href")
        self.assertEqual(len(links), 1)
        self.assertEqual(self._open(links[0]).status_code, 200)

    def test_draft_thread_is_closed_to_its_link(self):
        threads = self.env["sale.rma"].with_user(self.env.ref("base.public_user"))
        for rma, is_open in ((self.rma, True), (self.draft, False)):
            token = rma._portal_ensure_token()
            thread = threads._get_thread_with_access(rma.id, token=token)
            self.assertEqual(bool(thread), is_open)

    def test_customer_writes_in_the_thread(self):
        self.authenticate("rma_customer", "rma_customer")
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "sale.rma",
                "thread_id": self.rma.id,
                "post_data": {"body": "Where is it?", "message_type": "comment"},
            },
        )
        message = self.rma.message_ids[0]
        self.assertIn("Where is it?", message.body)
        self.assertEqual(message.author_id, self.customer)

    def test_holder_of_the_mailed_link_writes_as_the_customer(self):
        access = {
            "token": self.rma._portal_ensure_token(),
            "pid": self.customer.id,
            "hash": self.rma._sign_token(self.customer.id),
        }
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "sale.rma",
                "thread_id": self.rma.id,
                "post_data": {"body": "It is posted", "message_type": "comment"},
                **access,
            },
        )
        message = self.rma.message_ids[0]
        self.assertIn("It is posted", message.body)
        self.assertEqual(message.author_id, self.customer)

    # === ORDER === #

    def test_order_page_lists_its_returns_without_drafts(self):
        self.authenticate("rma_customer", "rma_customer")
        page = html.fromstring(self._open(f"/my/orders/{self.order.id}").text)
        names = page.xpath("//*[@id='sale_returns']//a/text()")
        self.assertEqual(names, [self.rma.name])
