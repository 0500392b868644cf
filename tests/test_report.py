import io

import pypdfium2
import zxingcpp
from lxml import html

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReport(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rma_instructions = "<p>Tape the parcel well.</p>"
        cls.company.rma_return_address_id = cls.env["res.partner"].create(
            {"name": "Returns Dock", "street": "12 Harbour Road", "city": "Lyon"}
        )
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2))

    def _render_html(self, rmas, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _type = report._render_qweb_html("sale_rma.report_sale_rma", rmas.ids)
        return content.decode()

    def _render_pdf(self, rmas):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, file_type = report._render_qweb_pdf("sale_rma.action_report_sale_rma", rmas.ids)
        self.assertEqual(file_type, "pdf")
        return pypdfium2.PdfDocument(io.BytesIO(content))

    def test_scanner_reads_the_reference_back_from_both_codes(self):
        rma = self._create_rma(self.order, state="accepted")
        image = self._render_pdf(rma)[0].render(scale=3).to_pil()
        codes = {code.format.name: code.text for code in zxingcpp.read_barcodes(image)}
        self.assertEqual(codes, {"Code128": rma.name, "QRCode": rma.name})

    def test_slip_tells_all_on_paper_without_headers(self):
        rma = self._create_rma(
            self.order, {self.shirt: 2}, state="accepted", public_note="Thank you for waiting"
        )
        text = "\n".join(page.get_textpage().get_text_range() for page in self._render_pdf(rma))
        for told in (
            self.company.name,
            rma.name,
            "Anna Martin",
            self.order.name,
            "Shirt",
            "2 pieces",
            self.reason.name,
            "Returns Dock",
            "12 Harbour Road",
            "Thank you for waiting",
            "Tape the parcel well.",
        ):
            self.assertIn(told, text)
        self.assertNotIn("Mug", text)

    def test_instructions_come_last(self):
        rma = self._create_rma(self.order, state="accepted", public_note="A note")
        body = html.fromstring(self._render_html(rma)).xpath("//div[hasclass('page')]")[0]
        self.assertTrue(body.text_content().strip().endswith("Tape the parcel well."))

    def test_instructions_and_address_are_those_of_the_return(self):
        rma = self._create_rma(self.order, state="accepted")
        rma.instructions = "<p>Bring it to the shop.</p>"
        rma.return_address_id = self.customer
        text = self._render_html(rma)
        self.assertIn("Bring it to the shop.", text)
        self.assertNotIn("Tape the parcel well.", text)
        self.assertNotIn("Harbour Road", text)

    def test_internal_note_is_not_printed(self):
        rma = self._create_rma(self.order, state="accepted", internal_note="Troublemaker")
        self.assertNotIn("Troublemaker", self._render_html(rma))

    def test_many_slips_print_at_once_each_on_its_page(self):
        rmas = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        rmas |= self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        pages = [page.get_textpage().get_text_range() for page in self._render_pdf(rmas)]
        self.assertEqual(len(pages), 2)
        for rma, page in zip(rmas, pages, strict=True):
            self.assertIn(rma.name, page)

    def test_slip_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reason.with_context(lang="fr_FR").name = "Mauvaise taille"
        self.customer.lang = "fr_FR"
        rma = self._create_rma(self.order, state="accepted")
        slip = html.fromstring(self._render_html(rma)).xpath("//div[hasclass('article')]")[0]
        self.assertEqual(slip.get("data-oe-lang"), "fr_FR")
        self.assertIn("Mauvaise taille", slip.text_content())

    def test_salesperson_and_stock_user_can_print(self):
        rma = self._create_rma(self.order, state="accepted")
        seller = self._make_user("rma_seller", "sales_team.group_sale_salesman")
        self.order.user_id = seller
        worker = self._make_user("rma_worker", "stock.group_stock_user")
        for user in (seller, worker):
            self.env.invalidate_all()
            self.assertIn(rma.name, self._render_html(rma, user))

    def test_file_name_has_no_slashes(self):
        rma = self._create_rma(self.order)
        self.assertIn(rma.name.replace("/", "-"), rma._get_report_base_filename())
        self.assertNotIn("/", rma._get_report_base_filename())
