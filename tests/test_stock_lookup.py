"""What Odoo looks up move by move is asked once for returns: what is there is still found."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestStockLookup(SaleRmaCommon):
    def test_rule_that_pushes_from_returns_is_followed(self):
        returns = self.warehouse.rma_location_id
        workshop = returns.copy({"name": "Repair workshop", "location_id": returns.id})
        rule = {
            "name": "Returns → workshop",
            "action": "push",
            "location_src_id": returns.id,
            "location_dest_id": workshop.id,
            "picking_type_id": self.warehouse.int_type_id.id,
        }
        self.shirt.route_ids = self.env["stock.route"].create(
            {"name": "Repair", "product_selectable": True, "rule_ids": [Command.create(rule)]}
        )
        order = self._create_sold((self.shirt, 1), (self.mug, 1))
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        self._receive(rma)
        pushed = self.env["stock.move"].search([("location_dest_id", "=", workshop.id)])
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

    def test_reordering_rule_of_what_comes_back_is_told(self):
        """Also where the product's rules were read before this one was made."""
        order = self._create_sold((self.shirt, 5))
        self.assertFalse(self.shirt.orderpoint_ids)
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.shirt.id, "product_min_qty": 1000, "product_max_qty": 1000}
        )
        to_order = rule.qty_to_order
        self._process(self._create_rma(order, {self.shirt: 2}, state="accepted"))
        self.assertEqual(rule.qty_to_order, to_order - 2)

    def test_quants_that_goods_go_through_are_locked_once(self):
        order = self._create_sold((self.shirt, 2), (self.mug, 2))
        rma = self._create_rma(order, {self.shirt: 1, self.mug: 1}, state="accepted")
        statements = []
        execute = type(self.env.cr).execute

        def note_and_execute(cr, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", note_and_execute):
            self._process(rma)
        locks = [text for text in statements if "stock_quant" in text and "FOR NO KEY" in text]
        self.assertEqual(len(locks), 1)

    def test_nobody_outside_says_which_quants_are_locked(self):
        self._create_sold((self.shirt, 1))
        quant = self.env["stock.quant"].search([("product_id", "=", self.shirt.id)], limit=1)
        self.assertTrue(quant)
        before = self.env.cr.sql_log_count
        quant.with_context(rma_locked_quants=quant.ids).try_lock_for_update(limit=1)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_returns_locations_are_known_as_they_are(self):
        locations = self.env["stock.warehouse"]._get_rma_locations
        self.assertIn(self.warehouse.rma_location_id, locations())
        made = self.env["stock.warehouse"].create({"name": "Nantes", "code": "NTE"})
        self.assertIn(made.rma_location_id, locations())
        old, new = made.rma_location_id, made.rma_location_id.copy({"name": "Returns 2"})
        made.rma_location_id = new
        self.assertIn(new, locations())
        self.assertNotIn(old, locations())
        made.active = False
        self.assertIn(new, locations())

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
