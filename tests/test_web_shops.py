"""Several web shops on one database: a return is its order's shop's, in every link."""

import re
from unittest.mock import patch

from odoo.tests import tagged

from .common import SaleRmaCommon

SHOP = "https://second.example.com"


@tagged("post_install", "-at_install")
class TestWebShops(SaleRmaCommon):
    """`website_sale` gives an order its shop's address by `get_base_url`; it need not be here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 2))
        orders = type(cls.env["sale.order"])
        cls.classPatch(orders, "get_base_url", lambda self: SHOP)

    def _links_of_mails(self, model, record):
        mails = self.env["mail.mail"].search([("model", "=", model), ("res_id", "=", record.id)])
        mails = mails.filtered(lambda mail: self.customer in mail.recipient_ids or mail.email_to)
        self.assertTrue(mails)
        bodies = "".join(mails.mapped("body_html"))
        return re.findall(r'href="(https?://[^/"]+)[^"]*/(?:my/returns|returns|withdraw)', bodies)

    def test_mails_of_a_return_lead_to_its_shop(self):
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda self: True):
            rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
            links = self._links_of_mails("sale.rma", rma)
        self.assertEqual(set(links), {SHOP})

    def test_the_slip_leads_to_its_shop(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        self.assertEqual(rma.get_base_url(), SHOP)

    def test_the_link_of_a_guest_leads_to_its_shop(self):
        guests = self.env["sale.rma.guest.request"].sudo()
        guest = guests.create({"order_ref": "x", "email": "a@b.c", "order_id": self.order.id})
        self.assertTrue(guest._get_link().startswith(f"{SHOP}/returns/"))

    def test_what_has_no_order_leads_to_the_main_site(self):
        self.assertNotEqual(self.env["sale.rma"].get_base_url(), SHOP)
        self.assertNotEqual(self.env["sale.rma"].new({}).get_base_url(), SHOP)
