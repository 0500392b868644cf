import base64
import io

from lxml import html
from PIL import Image

from odoo.tests import HttpCase, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class PortalCommon(SaleRmaCommon, HttpCase):
    """Customers before the pages of the portal: with a login, with a link, or with neither."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._make_user(
            "rma_customer",
            "base.group_portal",
            partner_id=cls.customer.id,
            password="rma_customer",
            email=cls.customer.email,
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Bob", "email": "bob@example.com"})
        cls._make_user(
            "rma_stranger",
            "base.group_portal",
            partner_id=cls.stranger.id,
            password="rma_stranger",
            email=cls.stranger.email,
        )

    # === READING PAGES === #

    def _get(self, path, **params):
        return self.url_open(path, params=params, allow_redirects=False)

    def _page(self, path, **params):
        """Open a page that must be there; return it parsed."""
        response = self._get(path, **params)
        self.assertEqual(response.status_code, 200, path)
        return html.fromstring(response.text)

    def _text(self, element):
        """All words of an element, as people see them."""
        return " ".join(" ".join(element.itertext()).split())

    def _by_id(self, page, element_id):
        found = page.xpath("//*[@id=$id]", id=element_id)
        return found[0] if found else None

    def _errors(self, page):
        """The words of the box that says what is wrong, empty if there is none."""
        box = self._by_id(page, "rma_errors")
        return "" if box is None else self._text(box)

    # === FILLING IN THE FORM === #

    def _form_values(self, page, form="o_rma_request"):
        """Return the hidden fields and what is filled in already, as a browser would post it."""
        form = page.xpath("//form[contains(@class, $form)]", form=form)[0]
        return {
            field.get("name"): field.get("value", "") if field.tag != "textarea" else field.text
            for field in form.xpath(".//input[@name]|.//textarea[@name]")
            if field.get("type") not in ("radio", "checkbox", "file")
            or (field.get("checked") is not None)
        }

    def _line_values(self, line, **values):
        """The fields of one item on the form."""
        defaults = {"pick": "1", "quantity": "1", "reason": "wrong_size", "wish": "refund"}
        return {f"line-{line.id}-{name}": value for name, value in {**defaults, **values}.items()}

    def _post_form(self, path, values, files=None, **kwargs):
        """Post a form as it is; with its files as a browser would."""
        return self.url_open(
            path,
            data={name: value for name, value in values.items() if value is not None},
            files=files or {"nothing": ("", b"")},
            allow_redirects=False,
            method="POST",
            **kwargs,
        )

    def _ask(self, order, *lines, files=None, path=None, step="send", **values):
        """Fill in the form of an order and post it.

        :param lines: values of `_line_values`
        """
        path = path or f"/my/orders/{order.id}/return"
        posted = self._form_values(self._page(path))
        posted = {name: value for name, value in posted.items() if not name.startswith("line-")}
        for line in lines:
            posted.update(line)
        return self._post_form(path, {**posted, "step": step, **values}, files=files)

    def _returns_of(self, order):
        order.invalidate_recordset()
        return self.env["sale.rma"].search([("order_id", "=", order.id)])

    def _html(self, response):
        return html.fromstring(response.text)

    @classmethod
    def _make_photo(cls, image_format="JPEG", size=(8, 8)):
        if image_format == "WEBP":  # not every Pillow can write it
            return base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
        content = io.BytesIO()
        Image.new("RGB", size, "#abcdef").save(content, image_format)
        return content.getvalue()
