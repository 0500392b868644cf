"""Customers with a login, or with their order's link, ask for a return and follow it."""

from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..controllers import portal_request
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalRequest(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), shipping=7.0)
        cls.shirt_line, cls.mug_line = cls.order.order_line.filtered(
            lambda line: line.product_id in (cls.shirt, cls.mug)
        )
        cls.teapot = cls._make_product("Zanzibar teapot", 9.9)
        cls.path = f"/my/orders/{cls.order.id}/return"
        cls.damaged = cls.env.ref("sale_rma.reason_damaged")

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")

    def _wish(self, **values):
        return self._line_values(self.shirt_line, **values)

    def _post_product(self, product_id, **values):
        """Ask for an exchange."""
        wish = self._wish(wish="exchange", product=str(product_id), **values)
        return self._ask(self.order, wish)

    # === WAYS IN === #

    def test_order_page_leads_to_the_form(self):
        links = self._page(f"/my/orders/{self.order.id}").xpath("//a[contains(@href, '/return?')]")
        self.assertEqual({link.get("href").split("?")[0] for link in links}, {self.path})
        self.assertFalse([link for link in links if "picking" in link.get("href")])

    def test_order_with_nothing_to_return_has_no_button(self):
        self._create_rma(self.order, state="requested")
        page = self._page(f"/my/orders/{self.order.id}")
        self.assertFalse(page.xpath("//a[contains(@href, '/return?')]"))

    def test_new_return_lists_own_orders_with_something_to_return(self):
        own = self._create_sold((self.shirt, 1))
        self._create_rma(own, state="requested")
        foreign = self._create_sold((self.shirt, 1), partner_id=self.stranger.id)
        undelivered = self._create_order((self.shirt, 1))
        names = self._page("/my/returns/new").xpath("//a[hasclass('stretched-link')]/text()")
        self.assertEqual(names, [self.order.name])
        self.assertTrue(foreign and undelivered)

    def test_choice_among_many_orders_takes_as_many_queries_as_among_few(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._page("/my/returns/new")
            return self.cr.sql_log_count - before

        for _number in range(4):
            self._create_sold((self.shirt, 1), (self.mug, 1))
        count()  # what the registry keeps is read the first time
        few = count()
        self._create_many_sold(5)
        self.assertLessEqual(count(), few)  # all on one page
        self._create_many_sold(20)
        self.assertLessEqual(count(), few + 2)  # the pager's

    def _create_many_sold(self, number):
        """Create orders that are delivered, all in one go; what can be sent back is not invoiced
        here, as in a shop that bills at the end of the month."""
        orders = self._create_order((self.shirt, 1), (self.mug, 1))
        if number > 1:
            copies = self.env["sale.order"].create(
                [values for _number in range(number - 1) for values in orders.copy_data()]
            )
            copies.action_confirm()
            orders |= copies
        self._deliver(orders)
        self.assertEqual(len(orders.filtered("is_returnable")), number)

    def test_login_and_every_footer_lead_to_returns(self):
        self.assertTrue(self._page("/my/returns").xpath("//footer//a[@href='/my/returns/new']"))
        self.authenticate(None, None)
        self.assertTrue(self._page("/returns").xpath("//footer//a[@href='/returns']"))
        self.assertTrue(self._page("/web/login").xpath("//main//a[@href='/returns']"))

    def test_list_of_returns_offers_a_new_one(self):
        self.assertTrue(self._page("/my/returns").xpath("//a[@href='/my/returns/new']"))

    # === WHAT THE FORM SHOWS === #

    def test_form_shows_what_was_bought_and_what_can_come_back(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        shown = self._text(self._by_id(self._page(self.path), f"line-{self.shirt_line.id}"))
        for words in ("Shirt", "Bought: 3", "Can come back: 2", rma.name, "57.50"):
            self.assertIn(words, shown)

    def test_form_says_why_something_cannot_come_back(self):
        self._create_rma(self.order, {self.mug: 2}, state="requested")
        page = self._text(self._page(self.path).xpath("//section")[0])
        self.assertIn("Mug It is on the return", page)
        self.assertNotIn("Home delivery", page)  # nobody looks for it

    def test_past_the_window_the_page_offers_to_write(self):
        self.order.picking_ids.move_ids.date = "2020-01-01"
        page = self._page(self.path)
        self.assertFalse(page.xpath("//form[hasclass('o_rma_request')]"))
        box = self._by_id(page, "rma_nothing")
        self.assertIn("is over", self._text(box))
        self.assertTrue(box.xpath(".//a[hasclass('o_rma_write')]"))
        response = self._post_form(
            self.path,
            {
                **self._wish(),
                "step": "send",
                "csrf_token": page.xpath("//input[@name='csrf_token']/@value"),
            },
        )
        self.assertNotEqual(response.status_code, 500)
        self.assertFalse(self._returns_of(self.order))

    def test_single_item_is_chosen_already(self):
        order = self._create_sold((self.shirt, 1))
        page = self._page(f"/my/orders/{order.id}/return")
        self.assertTrue(page.xpath("//input[hasclass('o_rma_pick')]")[0].get("checked"))

    def test_long_order_is_leafed_through_and_keeps_what_was_typed(self):
        with patch.object(portal_request, "LINES_PER_PAGE", 1):
            wish = self._wish(quantity="2", note="Too wide")
            response = self._ask(self.order, wish, step=None, page="2", customer_note="Hello")
        page = html.fromstring(response.text)
        shown = page.xpath("//input[hasclass('o_rma_pick')]/@name")
        self.assertEqual(len(shown), 2)  # what was picked, and the item of this page
        posted = self._form_values(page)
        self.assertEqual(posted[f"line-{self.shirt_line.id}-quantity"], "2")
        self.assertEqual(posted[f"line-{self.shirt_line.id}-note"].strip(), "Too wide")
        self.assertEqual(posted["customer_note"].strip(), "Hello")
        self.assertFalse(self._errors(page))  # nothing was sent, nothing is wrong

    def test_comment_on_the_whole_is_kept_and_shown(self):
        response = self._ask(self.order, self._wish(), customer_note=" The bell is broken. ")
        rma = self._returns_of(self.order)
        self.assertEqual(rma.customer_note, "The bell is broken.")
        self.assertIn("The bell is broken.", self.url_open(response.headers["Location"]).text)

    # === ESTIMATE === #

    def test_without_javascript_the_estimate_comes_before_sending(self):
        first = self._page(self.path)
        self.assertIn("d-none", first.xpath("//button[@value='send']")[0].get("class"))
        response = self._ask(self.order, self._wish(quantity="2"), step="estimate")
        self.assertEqual(response.status_code, 200)
        self.assertIn("115.00", response.text)  # 2 × 50, tax of 15 % included
        self.assertNotIn('o_rma_send d-none"', response.text)
        self.assertFalse(self._returns_of(self.order))

    def test_estimate_is_what_the_credit_note_gives_back(self):
        discounted = self._create_order((self.shirt, 3, {"discount": 33.33}), (self.mug, 2))
        self._deliver(discounted)
        self._invoice(discounted)
        asked = self.env["sale.rma.request"]._read(
            discounted, self._line_values(discounted.order_line[0], quantity="2")
        )
        estimate = self.env["sale.rma.request"]._estimate(asked)
        rma = self._create_rma(discounted, {self.shirt: 2}, state="accepted")
        self._receive(rma)
        self._process(rma)
        self.assertEqual(estimate.refund, rma.refund_ids.amount_total)

    def test_estimate_follows_what_is_typed(self):
        def estimate(**values):
            return self.make_jsonrpc_request(
                f"{self.path}/estimate", {"values": self._wish(**values)}
            )

        self.assertIn("57.50", estimate())
        self.assertIn("172.50", estimate(quantity="3"))
        self.assertIn("Check what you typed", estimate(quantity="4"))
        self.assertIn("Choose items", estimate(pick=""))

    def test_estimate_of_an_exchange_sets_one_against_the_other(self):
        html = self.make_jsonrpc_request(
            f"{self.path}/estimate",
            {"values": self._wish(wish="exchange", product=str(self.mug.id))},
        )
        self.assertIn("What you get instead", html)
        self.assertIn("46.11", html)  # 57.50 less 11.39

    def test_estimate_names_what_is_not_invoiced(self):
        order = self._create_order((self.shirt, 1))
        self._deliver(order)
        response = self._ask(order, self._line_values(order.order_line), step="estimate")
        self.assertIn("Not invoiced yet", response.text)

    # === SENDING === #

    def test_sent_form_makes_a_requested_return(self):
        response = self._ask(self.order, self._wish(quantity="2", note="Too <b>small</b>"))
        rma = self._returns_of(self.order)
        self.assertEqual(response.status_code, 303)
        self.assertIn(f"/my/returns/{rma.id}?access_token=", response.headers["Location"])
        self.assertRecordValues(
            rma,
            [{"state": "requested", "rma_type": "return", "partner_id": self.customer.id}],
        )
        self.assertRecordValues(
            rma.line_ids,
            [
                {
                    "sale_line_id": self.shirt_line.id,
                    "quantity": 2.0,
                    "reason_id": self.reason.id,
                    "resolution": "refund",
                    "note": "Too <b>small</b>",
                }
            ],
        )

    def test_customer_is_its_author_and_gets_one_mail(self):
        self._ask(self.order, self._wish())
        rma = self._returns_of(self.order)
        self.assertEqual(rma.create_uid, self.portal_user)
        self.assertEqual(rma.history_ids.author_id, self.customer)
        mails = self.env["mail.mail"].search([("model", "=", "sale.rma"), ("res_id", "=", rma.id)])
        told = mails.filtered(lambda mail: self.customer in mail.recipient_ids)
        self.assertEqual(len(told), 1)

    def test_page_after_sending_confirms_it(self):
        location = self._ask(self.order, self._wish()).headers["Location"]
        page = self._page(location.split("#")[0])
        self.assertIn("We have your request", self._text(page.xpath("//*[@data-notice]")[0]))

    def test_several_items_make_one_return(self):
        self._ask(
            self.order, self._wish(), self._line_values(self.mug_line, reason="other", note="!")
        )
        self.assertEqual(len(self._returns_of(self.order).line_ids), 2)

    def test_only_claims_make_a_claim(self):
        self._ask(self.order, self._wish(reason="wrong_product"))
        self.assertEqual(self._returns_of(self.order).rma_type, "claim")

    def test_claims_and_others_on_one_form_make_two_returns(self):
        claim = self._line_values(self.mug_line, reason="wrong_product")
        values = {**self._form_values(self._page(self.path)), **self._wish(), **claim}
        self._post_form(self.path, {**values, "step": "send"})
        self._post_form(self.path, {**values, "step": "send"})  # once more makes no more
        returns = self._returns_of(self.order)
        self.assertEqual(
            {rma.rma_type: rma.line_ids.product_id for rma in returns},
            {"return": self.shirt_line.product_id, "claim": self.mug_line.product_id},
        )
        self.assertEqual(returns.mapped("state"), ["requested", "requested"])

    def test_field_of_another_addon_on_the_form_does_not_break_it(self):
        self._ask(self.order, self._wish(gift_wrap="1"), **{"line-extra": "1"})
        self.assertTrue(self._returns_of(self.order))

    def test_sent_twice_makes_one_return(self):
        values = {**self._form_values(self._page(self.path)), **self._wish(), "step": "send"}
        first = self._post_form(self.path, values)
        second = self._post_form(self.path, values)
        self.assertEqual(len(self._returns_of(self.order)), 1)
        self.assertEqual(first.headers["Location"], second.headers["Location"])

    def test_form_waits_for_its_order_before_it_looks_whether_it_was_sent(self):
        steps = []
        model = type(self.env["sale.rma.request"])
        for name in ("_lock", "_find_sent", "_send"):
            original = getattr(model, name)

            def step(request, *args, name=name, original=original):
                steps.append(name)
                return original(request, *args)

            self.patch(model, name, step)
        self._ask(self.order, self._wish())
        self.assertEqual(steps, ["_lock", "_find_sent", "_send"])

    def test_form_opened_anew_makes_another_return(self):
        self._ask(self.order, self._wish())
        self._ask(self.order, self._wish())
        self.assertEqual(len(self._returns_of(self.order)), 2)

    def test_order_link_is_enough_and_its_customer_the_author(self):
        token = self.order._portal_ensure_token()
        self.logout()
        path = f"{self.path}?access_token={token}"
        response = self._ask(self.order, self._wish(), path=path)
        rma = self._returns_of(self.order)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(rma.history_ids.author_id, self.customer)
        self.assertEqual(rma.message_partner_ids & self.customer, self.customer)
        self.assertEqual(self._get(response.headers["Location"]).status_code, 200)

    def test_manager_is_told_who_asked(self):
        manager = self._make_user("rma_manager", "sales_team.group_sale_salesman")
        self.company.rma_user_id = manager
        self.logout()
        path = f"{self.path}?access_token={self.order._portal_ensure_token()}"
        self._ask(self.order, self._wish(), path=path)
        notice = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "sale.rma"),
                    ("res_id", "=", self._returns_of(self.order).id),
                    ("partner_ids", "in", manager.partner_id.ids),
                ]
            )
        )
        self.assertIn(self.customer.name, notice.body)
        self.assertEqual(notice.author_id, self.customer)

    # === WHAT IS WRONG === #

    def test_error_keeps_what_was_typed_and_stands_at_the_field(self):
        wish = self._wish(quantity="7", reason="changed_mind", note="Far too many")
        response = self._ask(self.order, wish)
        self.assertEqual(response.status_code, 200)
        page = self._html(response)
        prefix = f"line-{self.shirt_line.id}"
        field = self._by_id(page, f"{prefix}-quantity")
        self.assertEqual(field.get("value"), "7")
        self.assertEqual(field.get("aria-invalid"), "true")
        self.assertEqual(field.get("aria-describedby"), f"{prefix}-quantity-error")
        self.assertIn("at most 3", self._text(self._by_id(page, f"{prefix}-quantity-error")))
        self.assertEqual(self._by_id(page, f"{prefix}-note").text, "Far too many")
        chosen = page.xpath("//input[@name=$name][@checked]/@value", name=f"{prefix}-reason")
        self.assertEqual(chosen, ["changed_mind"])
        self.assertEqual(self._by_id(page, "rma_errors").get("role"), "alert")
        self.assertFalse(self._returns_of(self.order))

    def test_nothing_chosen_is_said(self):
        response = self._ask(self.order, self._wish(pick=""))
        self.assertIn("Choose what you would like to send back", self._errors(self._html(response)))

    def test_reason_is_needed(self):
        for reason in ("", "bogus", "1"):
            response = self._ask(self.order, self._wish(reason=reason))
            self.assertIn("Tell us why", self._errors(self._html(response)))
        self.assertFalse(self._returns_of(self.order))

    def test_comment_and_photo_are_needed_where_the_reason_says_so(self):
        response = self._ask(self.order, self._wish(reason="defective"))
        self.assertIn("describe what is wrong", self._errors(self._html(response)))
        response = self._ask(self.order, self._wish(reason="damaged"))
        self.assertIn("add a photo", self._errors(self._html(response)))
        self.assertFalse(self._returns_of(self.order))

    def test_quantity_is_read_as_people_type_it(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        flour = self._make_product("Flour", 2.0, uom_id=kilo.id)
        order = self._create_sold((flour, 3))
        self._ask(order, self._line_values(order.order_line, quantity=" 1,5 "))
        self.assertEqual(self._returns_of(order).line_ids.quantity, 1.5)

    def test_claimed_meanwhile_by_somebody_else_is_said(self):
        values = {**self._form_values(self._page(self.path)), **self._wish(), "step": "send"}
        self._create_rma(self.order, {self.shirt: 3}, state="requested")
        response = self._post_form(self.path, values)
        self.assertIn("It is on the return", self._errors(self._html(response)))
        self.assertEqual(len(self._returns_of(self.order)), 1)

    # === EXCHANGE === #

    def test_exchange_for_a_variant(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": n}) for n in ("S", "M")]}
        )
        template = self.env["product.template"].browse(
            self._make_product("Trousers", 50.0).product_tmpl_id.id
        )
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        small, medium = template.product_variant_ids
        order = self._create_sold((small, 1))
        path = f"/my/orders/{order.id}/return"
        self.assertIn("M", self._page(path).xpath("//label[hasclass('o_rma_pill')]/text()"))
        wish = self._line_values(order.order_line, wish="exchange", product=str(medium.id))
        self._ask(order, wish)
        line = self._returns_of(order).line_ids
        self.assertRecordValues(
            line, [{"resolution": "exchange", "exchange_product_id": medium.id}]
        )

    def test_exchange_for_a_product_by_name(self):
        self._ask(self.order, self._wish(wish="exchange", product="other", search="zanzi"))
        self.assertEqual(self._returns_of(self.order).line_ids.exchange_product_id, self.teapot)

    def test_exchange_by_a_name_that_means_several_asks_which(self):
        second = self._make_product("Zanzibar cup", 9.9)
        response = self._ask(
            self.order, self._wish(wish="exchange", product="other", search="zanzi")
        )
        page = self._html(response)
        self.assertIn("Choose one of these", self._errors(page))
        self.assertIsNotNone(self._by_id(page, f"line-{self.shirt_line.id}-found-{second.id}"))

    def test_exchange_needs_a_product(self):
        for product in ("", "other", "999999999", "²", "-1"):
            response = self._post_product(product)
            self.assertIn("would like instead", self._errors(self._html(response)))

    def test_exchange_for_what_is_not_for_sale_is_refused(self):
        for values in (
            {"sale_ok": False},
            {"active": False},
            {"type": "service", "is_storable": False},
            {"company_id": self.env["res.company"].create({"name": "Other"}).id},
        ):
            product = self._make_product("Hidden", 1.0, **values)
            self._post_product(product.id)
            self._post_product("other", search="Hidden")
            found = self.make_jsonrpc_request(
                f"{self.path}/products", {"line_id": self.shirt_line.id, "search": "Hidden"}
            )
            self.assertNotIn("<input", found, values)
        self.assertFalse(self._returns_of(self.order))

    def test_products_are_proposed_by_name(self):
        found = self.make_jsonrpc_request(
            f"{self.path}/products", {"line_id": self.shirt_line.id, "search": "zanzi"}
        )
        self.assertIn(f'value="{self.teapot.id}"', found)

    # === PHOTOS === #

    def _waiting(self):
        return self.env["sale.rma.upload"].sudo().search([("order_id", "=", self.order.id)])

    def _photo(self, name="photo.jpg", image_format="JPEG", line=None):
        line = line or self.shirt_line
        return (f"line-{line.id}-photos", (name, self._make_photo(image_format), "image/jpeg"))

    def test_photos_are_bound_to_the_item(self):
        files = [self._photo(), self._photo("second.png", "PNG"), self._photo("c.webp", "WEBP")]
        self._ask(self.order, self._wish(reason="damaged"), files=files)
        line = self._returns_of(self.order).line_ids
        self.assertEqual(
            set(line.attachment_ids.mapped("mimetype")), {"image/jpeg", "image/png", "image/webp"}
        )
        for photo in line.attachment_ids:
            self.assertEqual((photo.res_model, photo.res_id), ("sale.rma.line", line.id))
            self.assertFalse(photo.public)
        self.assertFalse(self._waiting())

    def test_photo_outlives_an_error_and_the_step_without_javascript(self):
        response = self._ask(self.order, self._wish(), files=[self._photo()], step="estimate")
        values = self._form_values(self._html(response))
        self.assertFalse(self._returns_of(self.order))
        self._post_form(self.path, {**values, "step": "send"})
        line = self._returns_of(self.order).line_ids
        self.assertEqual(line.attachment_ids.mapped("name"), ["photo.jpg"])

    def test_photo_taken_out_again_is_not_sent(self):
        response = self._ask(self.order, self._wish(), files=[self._photo()], step="estimate")
        values = self._form_values(self._html(response))
        values.pop(f"line-{self.shirt_line.id}-kept")
        self._post_form(self.path, {**values, "step": "send"})
        self.assertFalse(self._returns_of(self.order).line_ids.attachment_ids)

    def test_photo_of_one_order_cannot_be_claimed_by_another(self):
        self._ask(self.order, self._wish(), files=[self._photo()], step="estimate")
        upload = self._waiting()
        other = self._create_sold((self.shirt, 1))
        self._ask(other, self._line_values(other.order_line, kept=upload.token))
        self.assertFalse(self._returns_of(other).line_ids.attachment_ids)

    def test_photos_left_behind_go_after_a_day(self):
        self._ask(self.order, self._wish(), files=[self._photo()], step="estimate")
        upload = self._waiting()
        attachment = upload.attachment_id
        upload._gc_uploads()
        self.assertTrue(upload.exists())
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        self.env.cr.execute(
            "UPDATE sale_rma_upload SET create_date = %s WHERE id = %s", (long_ago, upload.id)
        )
        upload.invalidate_recordset()
        upload._gc_uploads()
        self.assertFalse(upload.exists() or attachment.exists())

    def test_customer_sees_the_photos_on_the_return(self):
        location = self._ask(self.order, self._wish(), files=[self._photo()]).headers["Location"]
        self.logout()
        links = self._page(location.split("#")[0]).xpath("//*[hasclass('o_rma_photos')]/a/@href")
        self.assertEqual(self._get(links[0]).headers["Content-Type"], "image/jpeg")

    # === CANCEL === #

    def _requested(self, state="requested"):
        return self._create_rma(self.order, {self.shirt: 2}, state=state)

    def _change(self, rma, what, files=None, **values):
        page = self._page(f"/my/returns/{rma.id}")
        token = page.xpath("//form//input[@name='csrf_token']/@value")[0]
        response = self._post_form(
            f"/my/returns/{rma.id}/{what}", {"csrf_token": token, **values}, files=files
        )
        rma.invalidate_recordset()
        return response

    def test_customer_cancels_while_nothing_arrived(self):
        for state in ("requested", "accepted"):
            rma = self._requested(state)
            self.assertEqual(self._change(rma, "cancel").status_code, 303)
            self.assertEqual(rma.state, "cancel")
            self.assertFalse(rma.picking_ids.filtered(lambda p: p.state != "cancel"))
            self.assertEqual(rma.history_ids[0].author_id, self.customer)

    def test_what_arrived_cannot_be_cancelled(self):
        rma = self._requested("accepted")
        page = self._page(f"/my/returns/{rma.id}")
        token = page.xpath("//form//input[@name='csrf_token']/@value")[0]
        self._receive(rma, {self.shirt: 1})
        response = self._post_form(f"/my/returns/{rma.id}/cancel", {"csrf_token": token})
        self.assertIn("can no longer be cancelled", response.text)
        self.assertEqual(rma.state, "processing")
        self.assertFalse(
            self._page(f"/my/returns/{rma.id}").xpath("//form[contains(@action, '/cancel')]")
        )

    def test_labels_are_on_the_page_while_goods_are_to_be_sent(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        files = self.env["ir.attachment"].create(
            [
                {"name": "label.pdf", "raw": b"%PDF-1"},
                {
                    "name": f"{self.carrier.get_return_label_prefix()}-1.pdf",
                    "raw": b"%PDF-2",
                    "res_model": "stock.picking",
                    "res_id": self.order.picking_ids.id,
                },
            ]
        )
        rma.label_attachment_ids = [Command.link(files[0].id)]
        path = f"/my/returns/{rma.id}"
        self.assertFalse(self._page(path).xpath("//a[hasclass('o_rma_label')]"))
        rma.action_accept()
        self.authenticate(None, None)
        links = self._page(rma.get_portal_url()).xpath("//a[hasclass('o_rma_label')]/@href")
        self.assertEqual([self.url_open(link).content for link in links], [b"%PDF-1", b"%PDF-2"])
        self._receive(rma)
        self.assertFalse(self._page(rma.get_portal_url()).xpath("//a[hasclass('o_rma_label')]"))

    def test_nothing_is_cancelled_by_opening_an_address(self):
        rma = self._requested()
        self.assertEqual(self._get(f"/my/returns/{rma.id}/cancel").status_code, 405)
        self.assertEqual(rma.state, "requested")

    # === PROOF OF POSTING === #

    def test_tracking_number_and_receipt_are_kept_and_told(self):
        rma = self._requested("accepted")
        pdf = ("files", ("receipt.pdf", b"%PDF-1.4 receipt", "application/pdf"))
        self._change(rma, "proof", files=[pdf], tracking_ref="  6A 123\t456 ")
        self.assertEqual(rma.tracking_ref, "6A 123 456")
        self.assertTrue(rma.date_proof)
        self.assertEqual(rma.proof_attachment_ids.mapped("name"), ["receipt.pdf"])
        message = rma.message_ids[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("6A 123 456", message.body)
        self.assertEqual(message.attachment_ids, rma.proof_attachment_ids)

    def test_proof_is_taken_only_while_a_parcel_is_awaited(self):
        rma = self._requested()
        page = self._page(f"/my/returns/{rma.id}")
        self.assertFalse(page.xpath("//form[contains(@action, '/proof')]"))
        response = self._change(rma, "proof", tracking_ref="6A123")
        self.assertIn("does not wait for a parcel", response.text)
        self.assertFalse(rma.tracking_ref)

    def test_page_asks_for_no_parcel_once_everything_arrived(self):
        rma = self._create_rma(self.order, {self.shirt: 2}, state="accepted")
        self._receive(rma, {self.shirt: 1})
        path = f"/my/returns/{rma.id}"
        asked = "//form[contains(@action, '/proof')] | //*[@id='return_address_title']"
        self.assertEqual(len(self._page(path).xpath(asked)), 2)  # the rest is to come
        self._receive(rma)
        self.assertEqual(rma.state, "processing")
        self.assertFalse(self._page(path).xpath(asked))

    def test_refused_proof_is_said_at_its_form_with_what_was_typed(self):
        rma = self._requested("accepted")
        svg = ("files", ("a.jpg", b"<svg onload='alert(1)'/>", "image/jpeg"))
        response = self._change(rma, "proof", files=[svg], tracking_ref="6A123")
        page = self._html(response)
        self.assertEqual(self._by_id(page, "rma_errors").get("role"), "alert")
        self.assertTrue(self._text(self._by_id(page, "return_proof_error")))
        self.assertEqual(self._by_id(page, "tracking_ref").get("value"), "6A123")
        self.assertFalse(rma.proof_attachment_ids or rma.tracking_ref)

    def test_proof_ends_the_hold_on_a_withdrawals_money(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted", rma_type="withdrawal")
        asked = fields.Datetime.to_datetime("2026-03-01 10:00:00")
        rma = rma.sudo()  # these dates are written by the program only
        rma.write({"date_informed": asked, "date_received": "2026-04-10 10:00:00"})
        self.assertEqual(str(rma.date_refund_due), "2026-04-10")
        rma.date_proof = "2026-03-05 10:00:00"
        self.assertEqual(str(rma.date_refund_due), "2026-03-15")
