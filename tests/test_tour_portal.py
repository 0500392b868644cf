"""The customers' pages in a browser: on a telephone, by keyboard and screen reader."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_accessible import AccessibleCommon


@tagged("post_install", "-at_install")
class TestTourPortal(AccessibleCommon):
    browser_size = "400x800"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 1), (cls.mug, 2), shipping=7.0)
        cls._make_product("Zanzibar teapot", 9.9)

    def _tour(self, path, name, login="rma_customer"):
        """Run a tour; it logs taps and seconds, and fails where it takes too many."""
        self.start_tour(path, name, login=login, timeout=120)

    # === TOURS === #

    def test_tour_return_with_photo(self):
        self._tour(f"/my/orders/{self.order.id}", "sale_rma_portal_return")
        line = self._returns_of(self.order).line_ids
        self.assertRecordValues(line, [{"quantity": 1.0, "resolution": "refund"}])
        self.assertEqual(line.attachment_ids.mimetype, "image/jpeg")
        self.assertLess(line.attachment_ids.file_size, 200_000)  # the browser made it smaller

    def test_tour_from_the_list_of_orders(self):
        order = self._create_sold((self.shirt, 1), (self.mug, 1), name="TOUR-ORDERS")
        self._tour("/my/orders", "sale_rma_portal_orders")
        self.assertEqual(self._returns_of(order).line_ids.product_id, self.shirt)

    def test_tour_link_in_the_orders_mail(self):
        order = self._create_sold((self.shirt, 1), name="TOUR-MAIL")
        link = order._get_return_mail_url()
        self._tour(link[link.index("/my/") :], "sale_rma_portal_mail_link", login=None)
        self.assertEqual(self._returns_of(order).state, "requested")

    def test_tour_guest(self):
        order = self._create_sold((self.shirt, 1), name="TOUR-GUEST")
        requests = self.env["sale.rma.guest.request"].sudo()
        before = requests.search([])
        self._tour("/returns", "sale_rma_portal_guest_link", login=None)
        request = requests.search([]) - before
        self.assertEqual(request._find_orders(), order)
        request.order_id = order
        path = "/returns/" + request._get_link().rsplit("/", 1)[1]
        self._tour(path, "sale_rma_portal_guest_return", login=None)
        self.assertEqual(self._returns_of(order).line_ids.reason_id.code, "damaged")

    def test_tour_exchange(self):
        small, medium = self._make_sizes()
        order = self._create_sold((small, 1), name="TOUR-EXCHANGE")
        self._tour("/my/returns", "sale_rma_portal_exchange")
        line = self._returns_of(order).line_ids
        self.assertRecordValues(
            line, [{"resolution": "exchange", "exchange_product_id": medium.id}]
        )

    def _make_sizes(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": n}) for n in ("S", "M")]}
        )
        template = self.env["product.template"].browse(
            self._make_product("Trousers", 50.0).product_tmpl_id.id
        )
        values = {"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]}
        template.attribute_line_ids = [Command.create(values)]
        return template.product_variant_ids

    def test_tour_missing(self):
        self._tour(f"/my/orders/{self.order.id}/return", "sale_rma_portal_missing")
        line = self._returns_of(self.order).line_ids
        self.assertEqual(line.exchange_product_id.name, "Zanzibar teapot")
        self.assertEqual(line.note, "The handle came off")
        self.assertEqual(line.quantity, 2.0)

    def test_tour_cancel(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        self._tour(f"/my/returns/{rma.id}", "sale_rma_portal_cancel")
        rma.invalidate_recordset()
        self.assertEqual(rma.state, "cancel")

    # === ACCESSIBILITY === #

    def test_form_is_accessible(self):
        path = f"/my/orders/{self.order.id}/return"
        opened = """
            await new Promise((done) => setTimeout(done, 1500));
            document.querySelector(".o_rma_pick").click();
            document.querySelector(".o_rma_wish_exchange").click();
            document.querySelector(".o_rma_other").click();
            await new Promise((done) => setTimeout(done, 1000));
        """
        self._check_accessible(path)
        self._check_accessible(path, opened)
        self._check_accessible(path, opened + 'document.querySelector(".o_rma_send").click();')

    def test_list_and_choice_of_orders_are_accessible(self):
        self._create_rma(self.order, {self.shirt: 1}, state="requested")
        self._check_accessible("/my/returns")
        self._check_accessible("/my/returns/new")

    def test_guests_pages_are_accessible(self):
        self._check_accessible("/returns", login=None)
        self._check_accessible("/returns/expired", login=None)
        request = self.env["sale.rma.guest.request"].sudo()
        request = request.create(
            {"order_ref": "x", "email": "anna@example.com", "order_id": self.order.id}
        )
        path = "/returns/" + request._get_link().rsplit("/", 1)[1]
        self._check_accessible(path, login=None)

    def test_page_past_the_window_is_accessible(self):
        self.order.picking_ids.move_ids.date = "2020-01-01"
        self._check_accessible(f"/my/orders/{self.order.id}/return")

    def test_page_of_a_return_is_accessible(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        self._check_accessible(f"/my/returns/{rma.id}")
        self._receive(rma)
        self._process(rma)
        self._check_accessible(rma.get_portal_url(), login=None)
