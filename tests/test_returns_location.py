"""What waits in Returns is not for sale."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReturnsLocation(ReceiptCommon):
    """S13: what waits in Returns is not for sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create(
            {"name": "Averaged", "property_cost_method": "average"}
        )
        cls.lamp = cls._make_product("Lamp", 30, standard_price=10, categ_id=cls.category.id)
        cls._buy(cls.lamp, 10)
        cls.order = cls._create_sold((cls.lamp, 10))
        cls.rma = cls._create_rma(cls.order, state="accepted")

    @classmethod
    def _buy(cls, product, quantity):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.stock.id,
                "company_id": cls.company.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = quantity, True
        move._action_done()

    def _assert_for_sale(self, quantity):
        self.env.invalidate_all()
        for context in ({}, {"warehouse_id": self.warehouse.id}):
            lamp = self.lamp.with_context(**context)
            for name in ("qty_available", "free_qty", "virtual_available"):
                self.assertEqual(lamp[name], quantity, (name, context))
        self.assertEqual(self.lamp.product_tmpl_id.qty_available, quantity)

    def test_planned_receipt_is_no_incoming_stock(self):
        self._assert_for_sale(0)
        self.assertEqual(self.lamp.incoming_qty, 0)

    def test_goods_in_returns_are_not_for_sale_until_put_back(self):
        self._receive(self.rma)
        self._assert_for_sale(0)
        self._assert_stock(self.lamp, returns=10, stock=0)
        self._process(self.rma, {"qty_restock": 6})
        self._assert_for_sale(6)

    def test_goods_in_returns_cannot_be_reserved_for_a_sale(self):
        self._receive(self.rma)
        order = self._create_order((self.lamp, 1))
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 0)
        self._process(self.rma)
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 1)

    def test_products_for_sale_are_searched_the_same_way(self):
        self._receive(self.rma)
        found = self.env["product.product"].search(
            [("qty_available", ">", 0), ("id", "=", self.lamp.id)]
        )
        self.assertFalse(found)

    def test_goods_in_returns_keep_their_value(self):
        self.assertEqual(self.lamp.total_value, 0)
        self._receive(self.rma)
        self.env.invalidate_all()
        self.assertEqual(self.lamp.total_value, 100)
        self.assertEqual(self.lamp.avg_cost, 10)
        self._process(self.rma)
        self.env.invalidate_all()
        self.assertEqual(self.lamp.total_value, 100)

    def test_returns_location_of_another_warehouse_is_not_for_sale_either(self):
        shared = self.returns.copy({"name": "Returns of Lyon"})
        self.lyon.rma_location_id = shared
        self.rma.warehouse_id = self.lyon
        self.rma.picking_ids.location_dest_id = shared
        self._receive(self.rma)
        self._assert_stock(self.lamp, stock=0)
        self.assertEqual(self._stock_of(self.lamp, shared), 10)
        self._assert_for_sale(0)

    def test_returns_location_inside_stock_is_refused(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        with self.assertRaisesRegex(ValidationError, "counts as for sale"):
            self.warehouse.rma_location_id = shelf

    def test_a_named_location_is_answered_as_asked(self):
        self._receive(self.rma)
        view = self.warehouse.view_location_id
        for location, quantity in ((self.returns, 10), (view, 10), (self.stock, 0)):
            self.assertEqual(self.lamp.with_context(location=location.id).qty_available, quantity)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.lamp.with_context(warehouse_id=self.warehouse.id).qty_available  # noqa: B018
        return self.env.cr.sql_log_count - before

    def test_stock_quantities_cost_what_they_cost_without_returns(self):
        """Issue 13.4: three queries more, on every quantity of the database."""
        self._count_queries()  # what is kept in memory
        products = type(self.lamp)
        with patch.object(products, "_without_returns_locations", lambda _self, ids: ids):
            alone = self._count_queries()
        self.assertEqual(self._count_queries(), alone)

    def _assert_on_hand(self, quantity):
        self.env.invalidate_all()
        self.assertEqual(self.lamp.qty_available, quantity)

    def test_new_places_count_at_once(self):
        self._assert_on_hand(0)
        place = {"name": "Attic", "location_id": self.warehouse.view_location_id.id}
        attic = self.env["stock.location"].create({**place, "usage": "internal"})
        self.env["stock.quant"]._update_available_quantity(self.lamp, attic, 4)
        self._assert_on_hand(4)
        self.warehouse.rma_location_id = attic
        self._assert_on_hand(0)
        self.warehouse.rma_location_id = self.returns
        self._assert_on_hand(4)
        attic.location_id = self.stock
        self._assert_on_hand(4)
