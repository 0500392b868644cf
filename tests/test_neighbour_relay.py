"""Beside `delivery_mondialrelay`: goods that went to a relay shop come back from the customer, and
what is sent instead goes to the customer's home. Run by `make test NEIGHBOURS=1`."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestNeighbourRelay(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "is_mondialrelay" not in cls.env["delivery.carrier"]._fields:
            cls.skipTest(cls, "delivery_mondialrelay is not installed")
        cls.relay = cls._make_carrier("Relay", 4.0)
        cls.relay.product_id.default_code = "MR"
        cls.shop = cls.env["res.partner"].create(
            {"name": "Tobacconist", "ref": "MR#FR-1", "parent_id": cls.customer.id}
        )
        cls.shop.type = "delivery"
        cls.home, cls.carrier = cls.carrier, cls.relay  # the order is sent by the relay
        cls.order = cls._create_sold((cls.shirt, 2), shipping=4.0, partner_shipping_id=cls.shop.id)

    def test_the_customer_and_not_the_relay_shop_sends_the_goods_back(self):
        rma = self._create_rma(self.order, 1, state="accepted")
        self.assertEqual(rma.partner_shipping_id, self.customer)
        self.assertEqual(rma.picking_ids.partner_id, self.customer)

    def test_an_exchange_goes_home_by_another_method(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="processing")
        wizard = self._open_process(rma)
        wizard.line_ids.exchange = True
        wizard.action_process()
        exchange = rma.exchange_order_ids
        self.assertEqual(exchange.state, "sale")
        self.assertEqual(exchange.partner_shipping_id, self.customer)

    def test_a_relay_method_for_a_home_address_is_refused_in_our_words(self):
        rma = self._create_rma(self.order, {self.shirt: 1}, state="processing")
        wizard = self._open_process(rma, exchange_carrier_id=self.relay.id)
        wizard.line_ids.exchange = True
        with self.assertRaisesRegex(UserError, "Relay.*Anna Martin"):
            wizard.action_process()
