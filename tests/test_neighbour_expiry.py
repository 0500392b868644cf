"""Beside `product_expiry`: a lot whose date is over is not proposed for sale, and who puts it back
all the same is asked, as at the dock. Run by `make test NEIGHBOURS=1`."""

from odoo import fields
from odoo.tests import tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestNeighbourExpiry(ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "product_expiry_alert" not in cls.env["stock.lot"]._fields:
            cls.skipTest(cls, "product_expiry is not installed")
        cls.milk = cls._make_product("Milk", 2.0, tracking="lot", use_expiration_date=True)
        cls.lot = cls.env["stock.lot"].create({"name": "M1", "product_id": cls.milk.id})
        cls.lot.expiration_date = fields.Datetime.add(fields.Datetime.now(), days=9)
        cls.env["stock.quant"]._update_available_quantity(cls.milk, cls.stock, 5, lot_id=cls.lot)
        cls.order = cls._create_sold((cls.milk, 4))

    def _expire(self):
        self.lot.expiration_date = fields.Datetime.subtract(fields.Datetime.now(), days=1)

    def test_what_is_expired_is_not_proposed_for_sale_and_asks(self):
        for state in ("accepted", "processing"):  # announced; come back
            rma = self._create_rma(self.order, 1, state=state)
            self._expire()
            wizard = self._open_process(rma)
            self.assertEqual((wizard.line_ids.qty_restock, wizard.line_ids.qty_refund), (0, 1))
            self.assertFalse(wizard.expired_message)
            wizard.line_ids.qty_restock = 1
            self.assertIn("M1", wizard.expired_message)
            wizard.action_process()
            self.assertEqual(rma.line_ids.qty_restocked, 1)

    def test_what_is_good_asks_nothing(self):
        wizard = self._open_process(self._create_rma(self.order, 1, state="processing"))
        self.assertEqual(wizard.line_ids.qty_restock, 1)
        self.assertFalse(wizard.expired_message)
