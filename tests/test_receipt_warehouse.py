"""A warehouse that does not work any more gets no goods back."""

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReceiptWarehouse(SaleRmaCommon):
    def test_an_active_warehouse_is_proposed_for_an_archived_one(self):
        old = self.env["stock.warehouse"].create(
            {"name": "Old", "code": "OLD", "company_id": self.company.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.shirt, old.lot_stock_id, 2)
        order = self._create_sold((self.shirt, 2), warehouse_id=old.id)
        old.active = False
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        self.assertEqual(rma.warehouse_id, self.warehouse)
        self.assertEqual(rma.picking_ids.location_dest_id, self.warehouse.rma_location_id)
        self._process(rma, {"exchange": True})
        self.assertEqual(rma.exchange_order_ids.warehouse_id, self.warehouse)
        self.assertEqual(rma.line_ids.qty_restocked, 1)

    def test_a_warehouse_that_works_stays(self):
        self.env["stock.warehouse"].create(
            {"name": "First", "code": "FST", "company_id": self.company.id, "sequence": 0}
        )
        rma = self._create_rma(self._create_sold((self.shirt, 1)), 1)
        self.assertEqual(rma.warehouse_id, self.warehouse)
