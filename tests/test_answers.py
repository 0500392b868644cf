"""The pages answer where one looks: what was done and what is wrong is in view, has the focus, is
named at the top and at the field, and nothing that was typed is lost (issue 16.2)."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_browser import BrowserCommon

IN_VIEW = """
(() => {
    const box = document.activeElement.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0;
})()
"""


@tagged("post_install", "-at_install")
class TestAnswers(BrowserCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 2))
        cls.line = cls.order.order_line[0]
        cls.path = f"/my/orders/{cls.order.id}/return"

    def _typed(self, page, **values):
        return {
            **self._form_values(page),
            **self._line_values(self.line, note="The collar", quantity="2"),
            "customer_note": "Second time",
            "step": "send",
            **values,
        }

    # === WHAT WAS DONE === #

    def _assert_answered(self, path, element_id):
        with self._browse(path) as page:
            page.wait(f"document.activeElement.id === '{element_id}'")
            self.assertTrue(page.js(IN_VIEW), path)

    def test_notice_is_in_view_and_has_the_focus(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        for notice in ("asked", "proof"):
            self._assert_answered(f"/my/returns/{rma.id}?notice={notice}", "return_notice")

    def test_proof_leads_to_the_notice_and_changes_what_comes_next(self):
        self.authenticate("rma_customer", "rma_customer")
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        values = self._form_values(self._page(f"/my/returns/{rma.id}"), "o_rma_proof")
        response = self._post_form(
            f"/my/returns/{rma.id}/proof", {**values, "tracking_ref": "6A123"}
        )
        self.assertTrue(response.headers["Location"].endswith("#return_notice"))
        page = self._page(f"/my/returns/{rma.id}", notice="proof")
        self.assertIn("on its way to us", self._text(self._by_id(page, "return_next")))
        notice = self._by_id(page, "return_notice")
        self.assertEqual(notice.get("tabindex"), "-1")
        state = page.xpath("//*[hasclass('badge')]")[0]
        self.assertLess(*(page.xpath("//*").index(element) for element in (notice, state)))

    # === WHAT IS WRONG === #

    def test_refused_proof_is_named_at_the_top_and_at_the_field(self):
        self.authenticate("rma_customer", "rma_customer")
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        values = self._form_values(self._page(f"/my/returns/{rma.id}"), "o_rma_proof")
        page = self._html(self._post_form(f"/my/returns/{rma.id}/proof", values))
        link = self._by_id(page, "rma_errors").xpath(".//a")[0]
        self.assertEqual(link.get("href"), "#tracking_ref")
        self.assertEqual(self._by_id(page, "tracking_ref").get("aria-invalid"), "true")
        self.assertTrue(self._text(self._by_id(page, "return_proof_error")))

    def test_groups_are_named_and_marked(self):
        self.authenticate("rma_customer", "rma_customer")
        page = self._html(self._ask(self.order, self._line_values(self.line, reason="")))
        group = self._by_id(page, f"line-{self.line.id}-reason")
        self.assertEqual((group.get("role"), group.get("aria-invalid")), ("radiogroup", "true"))
        card = self._by_id(page, f"line-{self.line.id}")
        self.assertEqual(card.get("role"), "group")
        self.assertEqual(self._text(self._by_id(page, card.get("aria-labelledby"))), "Shirt")

    def test_what_is_missing_is_read_out_and_leads_to_the_field(self):
        picks = [f"line-{line.id}-pick" for line in self.order.order_line]
        with self._browse(self.path) as page:
            page.wait("document.querySelector('.o_rma_send:not(.d-none)')")
            for pick in picks:
                page.js(f"document.getElementById('{pick}').click()")
            page.js("document.querySelector('.o_rma_review').focus()")
            page.press("Enter")
            page.wait("document.activeElement.id === 'rma_errors'")
            self.assertTrue(page.js(IN_VIEW))
            self.assertEqual(page.js("document.activeElement.role"), "alert")
            self.assertIn("Mug: Tell us why", page.js("document.activeElement.innerText"))
            page.press("Tab")
            page.press("Enter")
            page.wait(f"document.activeElement.name === 'line-{self.line.id}-reason'")
            self.assertTrue(page.js(IN_VIEW))

    # === NOTHING IS LOST === #

    @mute_logger("odoo.http")
    def test_session_that_ended_keeps_what_was_typed(self):
        self.authenticate("rma_customer", "rma_customer")
        typed = self._typed(self._page(self.path), csrf_token="of another session")
        response = self._post_form(self.path, typed)
        self.assertEqual(response.status_code, 400)
        self._assert_kept(self._html(response))
        self.assertFalse(self._returns_of(self.order))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_who_was_logged_out_finds_it_after_logging_in(self):
        self.authenticate("rma_customer", "rma_customer")
        typed = self._typed(self._page(self.path))
        self.logout()
        response = self._post_form(self.path, typed)
        self.assertIn("/web/login?redirect=", response.headers["Location"])
        login = self._page("/web/login", redirect=self.path)
        values = {
            "csrf_token": login.xpath("//input[@name='csrf_token']/@value")[0],
            "login": "rma_customer",
            "password": "rma_customer",
            "redirect": self.path,
        }
        self._assert_kept(self._html(self.url_open("/web/login", data=values)))
        self.assertEqual(self._errors(self._page(self.path)), "")  # once

    def _assert_kept(self, page):
        self.assertIn("still here", self._errors(page))
        values = self._form_values(page)
        self.assertEqual(values["customer_note"], "Second time")
        self.assertEqual(values[f"line-{self.line.id}-quantity"], "2")
        self.assertEqual(values[f"line-{self.line.id}-note"], "The collar")
        self.assertIn(f"line-{self.line.id}-pick", values)

    @mute_logger("odoo.http")
    def test_message_outlives_the_session(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        link = f"/my/returns/{rma.id}/message?access_token={rma._portal_ensure_token()}"
        page = self._html(self._post_form(link, {"csrf_token": "x", "message": "Where is it?"}))
        self.assertEqual(self._by_id(page, "return_message").text.strip(), "Where is it?")
        self.assertFalse(rma._get_conversation())

    @mute_logger("odoo.http")
    def test_tracking_number_outlives_the_session(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        link = f"/my/returns/{rma.id}/proof?access_token={rma._portal_ensure_token()}"
        response = self._post_form(link, {"csrf_token": "x", "tracking_ref": "6A123"})
        page = self._html(response)
        self.assertEqual(self._by_id(page, "tracking_ref").get("value"), "6A123")
        self.assertIn("still here", self._errors(page))
        self.assertFalse(rma.tracking_ref)

    @mute_logger("odoo.http")
    def test_guests_number_and_address_outlive_the_session(self):
        response = self._post_form("/returns", {"order_ref": "S1", "email": "anna@example.com"})
        page = self._html(response)
        self.assertEqual(self._by_id(page, "order_ref").get("value"), "S1")
        self.assertIn("still here", self._errors(page))

    # === DEAD LINKS === #

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_dead_link_says_so_and_offers_a_new_one(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        for path in (f"/my/returns/{rma.id}", f"/my/returns/{rma.id + 10**6}", self.path):
            response = self._get(path, access_token="dead")
            self.assertEqual(response.status_code, 404)
            links = self._html(response).xpath("//main//a/@href")
            self.assertIn("/returns", links)
            self.assertIn(f"/web/login?redirect={path}", links)
