"""Nothing is fetched from elsewhere when a slip is printed, or when its page is read."""

import http.server
import threading

from lxml import html

from odoo.tests import tagged

from odoo.addons.sale_rma.tools.own_html import keep_own

from .common_portal import PortalCommon

PIXEL = "data:image/png;base64,iVBORw0KGgo="
FETCHING = (
    '<img src="http://{host}/a.png"/>',
    '<img src="https://{host}/a.png"/>',
    '<img src="//{host}/a.png"/>',
    '<img src="/\\{host}/a.png"/>',
    '<img src=" http://{host}/a.png"/>',
    '<img src="file:///etc/passwd"/>',
    '<img src="/web/image/../../x?u=//{host}"/>',
    '<img src="/web/image/res.users/2/avatar_128"/>',
    '<img src="/web/session/logout"/>',
    '<img src="data:image/svg+xml;base64,PHN2Zz4="/>',
    '<img src="{pixel}" srcset="http://{host}/a.png 2x"/>',
    '<img src="{pixel}" lowsrc="http://{host}/a.png" longdesc="http://{host}/"/>',
    '<picture><source srcset="http://{host}/a.png"/><img src="{pixel}"/></picture>',
    '<div style="background: url(http://{host}/a.png)">x</div>',
    '<div style="color: red; background-image: u\\72l(//{host}/a.png)">x</div>',
    "<div style=\"list-style: image-set('http://{host}/a.png' 1x)\">x</div>",
    '<table background="http://{host}/a.png"><tr><td background="//{host}/b">x</td></tr></table>',
    "<style>@import url(http://{host}/a.css);</style>",
    '<link rel="stylesheet" href="http://{host}/a.css"/>',
    '<iframe src="http://{host}/"></iframe>',
    '<object data="http://{host}/"></object>',
    '<embed src="http://{host}/"/>',
    '<video poster="http://{host}/a.png" src="http://{host}/v"></video>',
    '<input type="image" src="http://{host}/a.png"/>',
    '<svg><image xlink:href="http://{host}/a.png"/></svg>',
    '<script src="http://{host}/a.js"></script>',
    '<base href="http://{host}/"/>',
    '<meta http-equiv="refresh" content="0; url=http://{host}/"/>',
    '<a href="javascript:fetch(\'//{host}\')" ping="http://{host}/">x</a>',
)


@tagged("post_install", "-at_install")
class TestPrinting(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rma = cls._create_rma(cls._create_sold((cls.shirt, 1)), 1, state="accepted")

    def _attach(self, **values):
        return self.env["ir.attachment"].create(
            {"name": "how.png", "raw": self._make_photo("PNG"), **values}
        )

    def _write(self, source):
        """Past what Odoo removes of HTML itself, which is less with each setting."""
        self.env.cr.execute(
            "UPDATE sale_rma SET instructions = %s WHERE id = %s", [source, self.rma.id]
        )
        self.env.invalidate_all()

    def _print(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        return report._render_qweb_pdf("sale_rma.report_sale_rma", self.rma.ids)[0]

    def _slip(self):
        content, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale_rma.report_sale_rma", self.rma.ids
        )
        return content.decode()

    # === WHAT IS FETCHED === #

    def test_nothing_is_fetched_from_elsewhere(self):
        for source in FETCHING:
            source = source.format(host="evil.example", pixel=PIXEL)
            shown = keep_own(self.env, f"<p>Before</p>{source}<p>After</p>", owners=self.rma)
            with self.subTest(source=source):
                for hostile in ("evil.example", "file:", "javascript", "svg", "avatar", "logout"):
                    self.assertNotIn(hostile, shown)
                self.assertIn("Before", shown)
                self.assertIn("After", shown)

    def test_the_printer_asks_nobody_else(self):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *args):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        host = f"127.0.0.1:{server.server_address[1]}"
        self._write("<p>Tape it.</p>" + "".join(FETCHING).replace("{host}", host))
        self._print()
        self.assertFalse(asked)

    def test_slip_and_page_show_the_same(self):
        self._write('<p>Tape it. <img src="https://evil.example/a.png"></p>')
        self.authenticate("rma_customer", "rma_customer")
        for text in (self._slip(), self.url_open(f"/my/returns/{self.rma.id}").text):
            self.assertIn("Tape it.", text)
            self.assertNotIn("evil.example", text)

    # === WHAT IS KEPT === #

    def test_the_shops_own_pictures_are_kept(self):
        public = self._attach(public=True)
        keyed = self._attach()
        keyed.generate_access_token()
        own = self._attach(res_model="sale.rma", res_id=self.rma.id)
        companys = self._attach(res_model="res.company", res_id=self.company.id)
        for address in (
            PIXEL,
            f"/web/image/{public.id}",
            f"/web/image/{public.id}-abc123/100x50/how.png",
            f"/web/image/{keyed.id}?access_token={keyed.access_token}",
            f"/web/content/{own.id}",
            f"/web/image/{companys.id}?unique=1",
        ):
            self._write(f'<p><img src="{address}" class="img-fluid"></p>')
            page = html.fromstring(self._slip())
            found = page.xpath("//div[@name='instructions']//img/@src")
            self.assertEqual(found, [address])

    def test_a_picture_of_something_else_is_not_printed(self):
        """Printed by a job, it would be fetched with the right to see everything."""
        secret = self._attach(res_model="res.partner", res_id=self.stranger.id)
        loose = self._attach()
        secret.generate_access_token()
        for address in (
            f"/web/image/{secret.id}",
            f"/web/image/{secret.id}?access_token=guessed",
            f"/web/content/{loose.id}",
            "/web/image/999999999",
        ):
            shown = keep_own(self.env, f'<img src="{address}"/>', (self.rma, self.company))
            self.assertNotIn("<img", shown)

    def test_formatting_and_links_are_kept(self):
        source = (
            '<h2 class="h4">Parcel</h2><ol start="2"><li><b style="color: rgb(255, 0, 0)">Tape'
            '</b> it &amp; go</li></ol><table><tr><td colspan="2">x</td></tr></table>'
            '<p>See <a href="https://post.example/">the post</a></p>'
        )
        self.assertEqual(keep_own(self.env, source), source)
