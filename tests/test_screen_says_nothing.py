"""What there is nothing to say of is said nowhere: no notice of the screen, no question."""

from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestScreenSaysNothing(SaleRmaCommon):
    def test_an_ordinary_return_has_no_notices(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 1, state="accepted")
        wizard = self._open_process(rma)
        names = ("other_serial_message", "till_message", "expired_message", "card_message")
        self.assertFalse([name for name in names if wizard[name]])
        self.assertFalse(rma.till_message or rma.other_serial_message)
        self.assertFalse(rma.picking_ids.rma_serial_message)
