"""What Odoo looks up move by move is asked once for returns: what is there is still found."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestStockLookup(SaleRmaCommon):
    def test_rule_that_pushes_from_returns_is_followed(self):
        returns = self.warehouse.rma_location_id
        bench = returns.copy({"name": "Repair bench", "location_id": returns.id})
        rule = {
            "name": "Returns → bench",
            "action": "push",
            "location_src_id": returns.id,
            "location_dest_id": bench.id,
            "picking_type_id": self.warehouse.int_type_id.id,
        }
        self.shirt.route_ids = self.env["stock.route"].create(
            {"name": "Repair", "product_selectable": True, "rule_ids": [Command.create(rule)]}
        )
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        self._receive(rma)
        pushed = self.env["stock.move"].search([("location_dest_id", "=", bench.id)])
        self.assertEqual(pushed.product_id, self.shirt)

    def test_reordering_rule_where_goods_come_from_is_triggered(self):
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        customers = order.picking_ids.location_dest_id
        orderpoints = self.env["stock.warehouse.orderpoint"]
        rule = orderpoints.create({"product_id": self.shirt.id, "location_id": customers.id})
        triggered = []
        with patch.object(
            type(orderpoints),
            "_procure_orderpoint_confirm",
            lambda rules, **kwargs: triggered.append(rules),
        ):
            self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        self.assertEqual(triggered, [rule])

    def test_value_set_by_hand_on_a_receipt_counts(self):
        rma = self._create_rma(
            self._create_sold((self.shirt, 1), (self.mug, 1)),
            {self.shirt: 1, self.mug: 1},
            state="accepted",
        )
        self._receive(rma)
        move = rma.picking_ids.move_ids.filtered(lambda move: move.product_id == self.shirt)
        self.assertNotEqual(move._get_value(), 99.0)
        self.env["product.value"].create({"move_id": move.id, "value": 99.0})
        self.assertEqual(move._get_value(), 99.0)

    def test_only_places_of_customers_and_between_companies_are_outgoing(self):
        between = self.env.ref("stock.stock_location_inter_company")
        inside = between.copy({"name": "Truck", "location_id": between.id})
        outgoing = between | inside | self.env.ref("stock.stock_location_customers")
        for location in outgoing | self.warehouse.lot_stock_id:
            self.assertEqual(location._is_outgoing(), location in outgoing, location.name)
