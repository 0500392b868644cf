"""The pages by keyboard: what has the focus is never covered, whoever chooses colours sees what is
chosen, every page has a title (issue 16.3)."""

from odoo.tests import tagged

from .common_browser import SHIFT, BrowserCommon

# Whether the middle of what has the focus, or its label where it is itself not drawn, is on top.
SEEN = """
(() => {
    let element = document.activeElement;
    if (element === document.body) {
        return "";
    }
    if (element.matches(".btn-check")) {
        element = document.querySelector(`label[for="${element.id}"]`);
    }
    const box = element.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const seen = top && (element.contains(top) || top.contains(element));
    return seen ? "" : `${element.outerHTML.slice(0, 120)} is covered at ${x}, ${y}`;
})()
"""


@tagged("post_install", "-at_install")
class TestFocus(BrowserCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2), (cls.mug, 2))
        cls.path = f"/my/orders/{cls.order.id}/return"
        cls.picks = [f"line-{line.id}-pick" for line in cls.order.order_line]

    def _open_all(self, page):
        for pick in self.picks:
            page.js(f"document.getElementById('{pick}').click()")
        page.wait("document.querySelector('.o_rma_total .o_rma_amount')")

    def test_focus_is_never_covered(self):
        for size in ("390x844", "1400x900", "1400x420"):
            with self.subTest(size=size), self._browse(self.path, size=size) as page:
                self._open_all(page)
                for modifiers in (0, SHIFT):
                    seen = set()
                    for _step in range(60):
                        page.press("Tab", modifiers)
                        self.assertEqual(page.js(SEEN), "")
                        seen.add(page.js("document.activeElement.id"))
                    self.assertIn("customer_note", seen)

    def test_bar_leaves_room_in_a_low_window(self):
        with self._browse(self.path, size="1400x420") as page:
            self._open_all(page)
            self.assertEqual(
                page.js("getComputedStyle(document.querySelector('.o_rma_bar')).position"), "static"
            )

    def test_choice_is_told_by_more_than_its_background(self):
        with self._browse(self.path) as page:
            self._open_all(page)
            page.browser._websocket_request(
                "Emulation.setEmulatedMedia",
                params={"features": [{"name": "forced-colors", "value": "active"}]},
            )
            style = "getComputedStyle(document.querySelector('{}')).borderTopWidth"
            chosen = style.format(".btn-check:checked + .o_rma_pill")
            other = style.format(".btn-check:not(:checked) + .o_rma_pill")
            self.assertNotEqual(page.js(chosen), page.js(other))

    def test_words_in_the_customers_language_say_so(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        rma.sudo().partner_id.lang = "fr_FR"
        rma.public_note = "Avec plaisir"
        rma.action_refuse("Trop tard")
        page = self._page(f"/my/returns/{rma.id}", access_token=rma._portal_ensure_token())
        self.assertTrue(page.get("lang").startswith("en"))
        for words in ("Avec plaisir", "Trop tard"):
            shown = page.xpath("//*[@lang][contains(., $words)]", words=words)[-1]
            self.assertEqual(shown.get("lang"), "fr", words)

    def test_every_page_has_a_title(self):
        self.authenticate("rma_customer", "rma_customer")
        rma = self._create_rma(self.order, {self.shirt: 1}, state="requested")
        for path, title in (
            ("/my/returns", "My Returns"),
            ("/my/returns/new", "New return"),
            (f"/my/returns/{rma.id}", f"Return {rma.name}"),
            (self.path, f"Return items · {self.order.name}"),
            ("/returns", "Return items"),
            ("/returns/expired", "This link does not work any more"),
        ):
            response = self._get(path)
            found = " ".join(self._html(response).xpath("//title")[0].text.split())
            self.assertTrue(found.startswith(title), (path, found))
