"""Customer and shop write each other on the page of the return, without a script (issue 16.8)."""

import base64
from functools import partial

from odoo.tests import tagged

from odoo.addons.sale_rma.models.portal import sale_rma_upload

from .common_browser import BrowserCommon


@tagged("post_install", "-at_install")
class TestConversation(BrowserCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2))
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 1}, state="accepted")
        cls.path = f"/my/returns/{cls.rma.id}"

    def _write(self, message="", files=None, access=""):
        values = self._form_values(self._page(self.path + access), "o_rma_message")
        values["message"] = message
        return self._post_form(f"{self.path}/message{access}", values, files=files)

    def _shown(self, access=""):
        return self._text(self._by_id(self._page(self.path + access), "return_messages"))

    def test_customer_writes_and_reads_without_javascript(self):
        self.authenticate("rma_customer", "rma_customer")
        response = self._write("Where is it?\n<b>Now</b>")
        self.assertTrue(response.headers["Location"].endswith("notice=message#return_notice"))
        self.assertIn("Where is it? <b>Now</b>", self._shown())
        message = self.rma._get_conversation()[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertIn(self.rma.user_id.partner_id, message.notified_partner_ids)

    def test_holder_of_the_link_writes_as_the_customer(self):
        access = f"?access_token={self.rma._portal_ensure_token()}"
        self._write("It is posted", access=access)
        self.assertIn("It is posted", self._shown(access))
        self.assertEqual(self.rma._get_conversation().author_id, self.customer)

    def test_only_what_concerns_customers_is_shown(self):
        self.authenticate("rma_customer", "rma_customer")
        post = partial(self.rma.message_post, message_type="comment")
        post(body="We look at it", subtype_xmlid="mail.mt_comment")
        post(body="He is a liar", subtype_xmlid="mail.mt_note")
        post(body="Careful", subtype_xmlid="mail.mt_comment").sudo().is_internal = True
        shown = self._shown()
        self.assertIn("We look at it", shown)
        for words in ("liar", "Careful", "is accepted"):
            self.assertNotIn(words, shown)

    def test_photo_goes_along_and_is_made_anew(self):
        self.authenticate("rma_customer", "rma_customer")
        photo = self._make_photo(size=(3000, 20))
        self._write(files=[("files", ("a.jpg", photo + b"GPS", "image/jpeg"))])
        attachment = self.rma._get_conversation().attachment_ids
        self.assertEqual(attachment.mimetype, "image/jpeg")
        self.assertNotIn(b"GPS", attachment.raw)
        link = self._by_id(self._page(self.path), "return_messages").xpath(".//a/@href")[0]
        self.assertEqual(self._get(link).status_code, 200)

    def test_nothing_and_bad_files_are_refused_in_words_with_what_was_typed(self):
        self.authenticate("rma_customer", "rma_customer")
        for message, files in (
            ("", None),
            ("Look", [("files", ("a.svg", b"<svg/>", "image/svg+xml"))]),
            ("x" * 5001, None),
        ):
            page = self._html(self._write(message, files))
            typed = self._by_id(page, "return_message").text or ""
            self.assertEqual(typed.strip(), message)
            self.assertTrue(self._errors(page))
        self.assertFalse(self.rma._get_conversation())

    # === WEIGHT === #

    def test_page_loads_no_thread_and_no_picture_within(self):
        self.shirt.image_1920 = self._make_png()
        self.authenticate("rma_customer", "rma_customer")
        page = self._page(self.path)
        self.assertFalse(page.xpath("//*[hasclass('o_portal_chatter')]"))
        self.assertFalse(page.xpath("//main//img[starts-with(@src, 'data:')]"))
        pictures = page.xpath("//main//img[hasclass('o_rma_picture')]/@src")
        self.assertEqual(self._get(pictures[0]).status_code, 200)
        self.logout()
        self.assertEqual(self._get(pictures[0]).headers["Content-Type"], "image/png")

    def _make_png(self):
        return base64.b64encode(self._make_photo("PNG", size=(64, 64)))

    def test_photos_of_proof_are_made_smaller_before_they_travel(self):
        with self._browse(self.path) as page:
            page.js("""(async () => {
                const canvas = document.createElement("canvas");
                canvas.width = 3000;
                canvas.height = 2000;
                const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
                const transfer = new DataTransfer();
                transfer.items.add(new File([blob], "receipt.png", { type: "image/png" }));
                window.field = document.getElementById("proof_files");
                field.files = transfer.files;
                field.dispatchEvent(new Event("change", { bubbles: true }));
            })()""")
            page.wait("field.files[0].name === 'receipt.jpg'")

    def test_telephones_are_asked_for_what_can_be_read(self):
        types = self.env["sale.rma.upload"]._get_photo_types()
        self.assertIn("image/jpeg", types)
        can_read_heic = sale_rma_upload.sale_rma_image.is_readable("image/heic")
        self.assertEqual("image/heic" in types, can_read_heic)
