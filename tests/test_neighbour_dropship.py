"""Beside `stock_dropshipping`: what the supplier sent comes back to the supplier or to us, and
counts once (R1). Run by `make test NEIGHBOURS=1`."""

from odoo import Command
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestNeighbourDropship(ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        route = cls.env.ref("stock_dropshipping.route_drop_shipping", raise_if_not_found=False)
        if not route:
            cls.skipTest(cls, "stock_dropshipping is not installed")
        cls.env.user.group_ids += cls.env.ref("purchase.group_purchase_manager")
        vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.lamp = cls._make_product(
            "Lamp",
            40.0,
            route_ids=[Command.set(route.ids)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 20.0})],
        )
        cls.order = cls._create_order((cls.lamp, 3))
        purchase = cls.order.order_line.purchase_line_ids.order_id
        purchase.button_confirm()
        cls.dropship = purchase.picking_ids
        cls.dropship.move_ids.write({"quantity": 3, "picked": True})
        cls.dropship._action_done()
        cls._invoice(cls.order)

    def _assert_returnable(self, quantity):
        self.env.invalidate_all()
        domain = [("is_returnable", "=", True), ("id", "=", self.order.id)]
        said = self.order.order_line.qty_returnable, bool(self.order.search(domain))
        self.assertEqual(said, (quantity, quantity > 0))

    def test_it_comes_back_to_us_and_goes_to_stock(self):
        self._assert_returnable(3)
        rma = self._create_rma(self.order, 2, state="accepted")
        self.assertEqual(rma.picking_ids.location_dest_id, self.returns)
        self._process(rma)
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=2, qty_refunded=2)
        self.assertEqual((self.order.order_line.qty_delivered, self._stock_of(self.lamp)), (1, 2))
        self._assert_returnable(1)

    def test_sent_back_to_the_supplier_it_has_come_back_and_is_not_put_back(self):
        rma = self._create_rma(self.order, 2, state="accepted")
        back = self._return_picking(self.dropship, {self.lamp: 2})
        self.assertEqual(back.location_dest_id.usage, "supplier")
        self.assertEqual((rma.state, rma.line_ids.qty_received), ("processing", 2))
        self.assertEqual(rma.line_ids._get_qty_planned(), 0)
        self._process(rma, {"qty_restock": 0})
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=0, qty_refunded=2)
        self.assertEqual((self.order.order_line.qty_delivered, self._stock_of(self.lamp)), (1, 0))
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)
        self._assert_returnable(1)
