"""Ways in for customers, and none that leads nowhere (issues 16.5 to 16.7)."""

from lxml import html

from odoo.tests import tagged

from .common_browser import BrowserCommon


@tagged("post_install", "-at_install")
class TestFewTaps(BrowserCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 2))
        cls.lines = cls.order.order_line
        cls.path = f"/my/orders/{cls.order.id}/return"

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")

    # === WAYS IN === #

    def test_rows_of_my_orders_lead_to_the_form(self):
        waiting = self._create_order((self.shirt, 1))  # nothing was delivered
        rows = self._page("/my/orders").xpath("//tr[.//a[hasclass('o_return_row')]]")
        texts = [self._text(row) for row in rows]
        self.assertTrue(any(self.order.name in text for text in texts))
        self.assertFalse(any(waiting.name in text for text in texts))
        link = rows[0].xpath(".//a[hasclass('o_return_row')]/@href")[0]
        self.assertTrue(self._page(link).xpath("//form[hasclass('o_rma_request')]"))

    def test_order_past_window_and_guarantee_is_not_offered(self):
        self.company.rma_return_days = 30
        self.order.picking_ids.sudo().write({"date_done": "2020-01-01"})
        self.order.picking_ids.move_ids.date = "2020-01-01"
        self.assertTrue(self.order.is_returnable)
        self.assertEqual(self.order._get_return_kinds()[self.order], "")
        for path in ("/my/orders", "/my/returns/new", f"/my/orders/{self.order.id}"):
            self.assertNotIn(f"/my/orders/{self.order.id}/return", self._get(path).text, path)

    def test_order_past_the_window_is_offered_for_what_is_wrong(self):
        self.company.rma_return_days = 30
        day = self.env.cr.now().replace(year=self.env.cr.now().year - 1)
        self.order.picking_ids.move_ids.date = day
        self.assertEqual(self.order._get_return_kinds()[self.order], "claim")
        page = self._page(f"/my/orders/{self.order.id}")
        link = page.xpath("//a[hasclass('o_return_items')]")[0]
        self.assertIn("Report a problem", self._text(link))
        self.assertIn("kind=claim", link.get("href"))

    def test_who_is_logged_in_never_lands_on_the_guests_form(self):
        self.assertIn('href="/my/returns/new"', self._get("/returns").text)

    def test_mails_about_order_and_delivery_have_the_customers_link(self):
        self.logout()
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        for record in (self.order, self.order.picking_ids):
            record.sudo().message_post(
                body="On its way", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
            )
        bodies = (mails.search([]) - before).mapped("body_html")
        links = [body for body in bodies if f"{self.path}?access_token=" in body]
        self.assertEqual(len(links), 2)
        link = links[0].split("Return items of this order")[0].rsplit('href="', 1)[1].split('"')[0]
        page = self._page(link[link.index("/my/") :])
        self.assertTrue(page.xpath("//form[hasclass('o_rma_request')]"))

    def test_delivery_that_goes_to_somebody_else_has_no_link(self):
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        self.order.picking_ids.sudo().message_post(
            body="On its way", partner_ids=self.stranger.ids, subtype_xmlid="mail.mt_comment"
        )
        for mail in mails.search([]) - before:
            self.assertNotIn("access_token", mail.body_html)

    # === THE FORM === #

    def _pick_all(self, page):
        for number in self.line_ids:
            page.js(f"document.getElementById('line-{number}-pick').click()")

    def test_several_items_share_a_reason_and_are_looked_at_before_sending(self):
        self.line_ids = self.lines.ids
        with self._browse(self.path) as page:
            self._pick_all(page)
            code = "input[name=line-{}-reason][value=wrong_size]"
            page.js(f"document.querySelector('{code.format(self.line_ids[0])}').click()")
            page.js("document.querySelector('.o_rma_same button').click()")
            page.wait(f"document.querySelector('{code.format(self.line_ids[1])}').checked")
            page.wait("document.querySelector('.o_rma_send').matches('.d-none')")
            page.js("document.querySelector('.o_rma_review').click()")
            page.wait("document.activeElement.id === 'return_review'")
            self.assertIn("Mug", page.js("document.activeElement.innerText"))
            page.js("document.querySelector('.o_rma_send').click()")
            page.wait("document.activeElement.id === 'return_notice'")
        self.assertEqual(len(self._returns_of(self.order).line_ids), 2)

    def test_enter_in_a_field_does_not_send(self):
        number = self.lines.ids[0]
        with self._browse(self.path) as page:
            page.js(f"document.getElementById('line-{number}-pick').click()")
            page.js(f"document.querySelector('[name=line-{number}-reason]').click()")
            page.js(f"document.getElementById('line-{number}-quantity').focus()")
            page.press("Enter")
            self.assertEqual(page.js("location.pathname"), self.path)
        self.assertFalse(self._returns_of(self.order))

    def test_enter_does_not_send_without_javascript(self):
        buttons = self._page(self.path).xpath("//form[hasclass('o_rma_request')]//button")
        first = next(button for button in buttons if button.get("type") == "submit")
        self.assertEqual(first.get("value"), "estimate")

    # === WITHOUT A PRINTER, AND HELP === #

    def test_page_helps_who_has_no_printer(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        section = self._by_id(self._page(f"/my/returns/{rma.id}"), "return_no_printer")
        self.assertIn(f"Write {rma.name} on the box", self._text(section))
        code = self._get(section.xpath(".//img/@src")[0])
        self.assertEqual((code.status_code, code.headers["Content-Type"]), (200, "image/png"))

    def test_refused_return_says_where_to_get_help(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        rma.action_refuse("Worn")
        told = self._by_id(self._page(f"/my/returns/{rma.id}"), "return_next")
        self.assertTrue(told.xpath(".//a[@href='#discussion']"))

    # === THE GUESTS' SWITCH === #

    def test_guest_pages_are_switched_off_as_one_and_withdrawing_stays(self):
        self.logout()
        request = self.env["sale.rma.guest.request"].sudo()
        values = {"order_ref": "x", "email": self.customer.email, "order_id": self.order.id}
        link = "/returns/" + request.create(values)._get_link().rsplit("/", 1)[1]
        self.assertEqual(self._get(link).status_code, 200)
        self.env["res.company"].sudo().search([]).rma_guest_pages = False
        self.assertEqual(self._get("/returns").status_code, 404)
        self.assertEqual(self._get(link).status_code, 404)
        for path in ("/web/login", "/withdraw", link):
            self.assertNotIn('href="/returns"', self._get(path).text, path)
        self.assertEqual(self._get("/withdraw").status_code, 200)
        self.authenticate("rma_customer", "rma_customer")
        self._page(self.path)

    # === MAILS === #

    def test_mail_has_wish_and_amount_and_comes_from_the_shop(self):
        self.company.sudo().email = "shop@example.com"
        rma = self._create_rma(self.order, {self.shirt: 2})
        rma.line_ids.write({"resolution": "exchange", "exchange_product_id": self.mug.id})
        rma.action_request()
        items = str(rma._get_mail_items())
        for words in ("Exchange", "Mug", "115.00", "2 pieces"):
            self.assertIn(words, items)
        template = self.env.ref("sale_rma.mail_template_rma_requested").sudo()
        told = template._generate_template(rma.ids, ("email_from", "body_html"))[rma.id]
        self.assertIn("shop@example.com", told["email_from"])
        self.assertIn("115.00", told["body_html"])

    def test_guests_mail_gives_the_links_of_returns_too(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        request = self.env["sale.rma.guest.request"].sudo()
        values = {"order_ref": "x", "email": self.customer.email, "order_id": self.order.id}
        self.assertEqual(request.create(values)._get_followed_returns().ids, rma.ids)
        layouts = self.env.ref("sale_rma.mail_template_rma_guest_link").sudo().email_layout_xmlid
        self.assertNotIn("light", layouts)

    def test_items_look_alike_in_all_mails(self):
        rma = self._create_rma(self.order, {self.shirt: 2}, state="accepted")
        self.shirt.barcode = "4006381333931"
        words = {
            "asked": ("Quantity", "2 pieces"),
            "arrived": ("Expected", "Arrived", "2 pieces", "0 pieces"),
            "done": ("Received", "Refunded", "0 pieces"),
            "recall": ("Quantity", "Barcode: 4006381333931", "2 pieces"),
        }
        looks = set()
        for told, expected in words.items():
            table = html.fromstring(str(rma._get_mail_items(told)))
            looks.add((table.get("style"), table.find("tr").find("th").get("style")))
            for word in expected:
                self.assertIn(word, self._text(table), told)
        self.assertEqual(len(looks), 1)
        for template in self.env["mail.template"].sudo().search([("model", "=", "sale.rma")]):
            self.assertNotIn(">Item<", str(template.body_html), template.name)
