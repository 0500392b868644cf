"""A shop with two warehouses, for tests of goods that come back."""

from .common import SaleRmaCommon


class ReceiptCommon(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.lyon = cls.env["stock.warehouse"].create(
            {"name": "Lyon", "code": "LYO", "company_id": cls.company.id}
        )
        cls.returns = cls.warehouse.rma_location_id
        cls.stock = cls.warehouse.lot_stock_id

    @classmethod
    def _return_picking(cls, picking, quantities=None):
        """Return a transfer the way Odoo does it, and validate that."""
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            everything = line.move_id.quantity
            line.quantity = everything if quantities is None else quantities.get(line.product_id, 0)
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        return back

    def _assert_stock(self, product, **quantities):
        """Compare what is on hand: `returns`, `stock`, `lyon_returns`, `lyon`."""
        locations = {
            "returns": self.returns,
            "stock": self.stock,
            "lyon_returns": self.lyon.rma_location_id,
            "lyon": self.lyon.lot_stock_id,
        }
        found = {name: self._stock_of(product, locations[name]) for name in quantities}
        self.assertEqual(found, quantities)

    def _assert_line(self, line, **quantities):
        self.assertRecordValues(line, [quantities])
