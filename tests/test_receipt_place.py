"""R5: whatever is edited on a receipt at the dock, goods of a return arrive in Returns."""

from odoo.tests import Form, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptPlace(ReceiptCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_sold((self.shirt, 3))
        self.rma = self._create_rma(self.order, 3, state="accepted")
        self.receipt = self.rma.picking_ids
        self.neighbour = self.env["res.partner"].create({"name": "Neighbour"})

    def _assert_arrives(self, **quantities):
        self._receive(self.rma)
        self._assert_stock(self.shirt, **quantities)
        self._assert_line(self.rma.line_ids, qty_received=3, qty_restocked=0)

    def test_another_contact(self):
        self.receipt.partner_id = self.neighbour
        self.assertEqual(self.receipt.location_dest_id, self.returns)
        self._assert_arrives(returns=3, stock=-3)

    def test_another_contact_in_the_form(self):
        with Form(self.receipt) as form:
            form.partner_id = self.neighbour
        self.assertEqual(self.receipt.location_id._is_with_customer(), True)
        self._assert_arrives(returns=3)

    def test_no_contact_document_and_date(self):
        self.receipt.write({"partner_id": False, "origin": "by hand"})
        self.receipt.scheduled_date = "2030-01-01 10:00:00"
        self._assert_arrives(returns=3)

    def test_another_type_of_operation_of_the_warehouse(self):
        other = self.warehouse.in_type_id.copy({"name": "Second door", "sequence_code": "IN2"})
        self.receipt.picking_type_id = other
        self.assertTrue(self.receipt.move_line_ids)
        self._assert_arrives(returns=3, stock=-3)
        self.assertEqual(self.order.order_line.qty_delivered, 0)

    def test_type_of_operation_of_another_warehouse_is_its_returns(self):
        self.receipt.picking_type_id = self.lyon.in_type_id
        self.assertEqual(self.receipt.location_dest_id, self.lyon.rma_location_id)
        self._assert_arrives(returns=0, lyon_returns=3, lyon=0)

    def test_type_of_operation_in_the_form(self):
        with Form(self.receipt) as form:
            form.picking_type_id = self.lyon.in_type_id
        self._assert_arrives(lyon_returns=3, lyon=0)

    def test_backorder_arrives_there_too(self):
        self._receive(self.rma, {self.shirt: 1})
        rest = self.rma.picking_ids - self.receipt
        rest.partner_id = self.neighbour
        self._assert_arrives(returns=3)

    def test_place_chosen_for_a_line_counts(self):
        shelf = self.stock.copy({"name": "Shelf", "location_id": self.stock.id})
        self.receipt.move_line_ids.location_dest_id = shelf
        self.receipt.partner_id = self.neighbour
        self.receipt.picking_type_id = self.warehouse.in_type_id.copy({"sequence_code": "IN2"})
        self._receive(self.rma)
        self._assert_line(self.rma.line_ids, qty_received=3, qty_restocked=3)
        self.assertEqual(self._stock_of(self.shirt, shelf), 3)

    def test_transfers_of_nobodys_return_follow_their_type_as_ever(self):
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id}
        )
        receipt.picking_type_id = self.lyon.in_type_id
        self.assertEqual(receipt.location_dest_id, self.lyon.lot_stock_id)
