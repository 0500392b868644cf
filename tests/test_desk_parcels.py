"""Parcels at the returns desk: received, graded and placed by moves of Odoo's own (issue 18)."""

from odoo.tests import tagged

from .common_desk import DeskCommon


@tagged("post_install", "-at_install")
class TestDeskParcels(DeskCommon):
    def test_a_parcel_of_good_pieces_goes_back_to_stock_in_four_scans(self):
        rma = self._accepted((self.shirt, 2))
        stock = self._stock_of(self.shirt)
        parcel = self._open_parcel(rma)
        self._scan("4006381333931", parcel)
        self._scan("4006381333931", parcel)
        state = self._scan("GRADE:NEW", parcel)["parcel"]
        self.assertTrue(state["ready"], state["missing"])
        state = parcel.desk_finish()
        self.assertEqual((state["state"], state["scans"]), ("done", 5))
        self._assert_line(rma.line_ids, qty_received=2, qty_restocked=2, qty_refunded=0)
        self.assertEqual(self._stock_of(self.shirt), stock + 2)
        self.assertEqual(rma.state, "processing")
        self.assertTrue(parcel.is_first_touch)
        self.assertEqual((parcel.pieces, parcel.scans_per_piece), (2, 2.5))

    def test_a_short_parcel_with_a_damaged_piece(self):
        rma = self._accepted((self.shirt, 2), (self.mug, 1))
        parcel = self._open_parcel(rma)
        self._scan("4006381333931", parcel)
        state = self._grade(
            parcel, "damaged", "scrap", scrap_ground_id=self._ref("scrap_ground_damaged").id
        )
        self.assertEqual([line["missing"] for line in state["lines"]], [1, 1])
        state = parcel.desk_finish()
        self.assertIn("Still missing: 1 Shirt, 1 Mug", state["message"])
        self._assert_line(rma.line_ids[0], qty_received=1, qty_restocked=0)
        self._assert_line(rma.line_ids[1], qty_received=0, qty_restocked=0)
        scrap = parcel.inspection_ids.move_ids.scrap_id
        self.assertRecordValues(scrap, [{"scrap_qty": 1, "state": "done"}])
        self.assertEqual(scrap.rma_ground_id.code, "F")
        self._assert_stock(self.shirt, returns=0)
        wizard = self._open_process(rma)
        line = wizard.line_ids.filtered(lambda line: line.product_id == self.shirt)
        self.assertEqual((line.qty_received, line.qty_restock, line.qty_refund), (1, 0, 1))
        self.assertTrue(wizard.has_desk)
        self.assertEqual(line.desk_summary, "1 Damaged: Scrap")

    def test_a_wrong_item_and_an_unknown_serial_are_refunded_by_nobody(self):
        rma = self._accepted((self.phone, 1))
        parcel = self._open_parcel(rma)
        answer = self._scan("9506000134352", parcel)
        self.assertEqual((answer["kind"], answer["sound"]), ("product", "wrong"))
        self._grade(parcel, "wrong_item")
        parcel.desk_count(rma.line_ids.id, 1, lot_name="X9")
        state = self._grade(parcel, "as_new")
        piece = state["lines"][0]["inspections"][0]
        self.assertIn("X9 is not what this return waits for", piece["warning"])
        self.assertEqual(piece["proposed_disposition_id"], self._ref("disposition_returns").id)
        parcel.desk_finish()
        self._assert_line(rma.line_ids, qty_received=0, qty_restocked=0)
        self._assert_stock(self.phone, returns=1)
        mug = parcel.inspection_ids.filtered(lambda piece: piece.product_id == self.mug)
        self.assertEqual(mug.location_id, self.warehouse.rma_quarantine_location_id)
        self._assert_stock(self.mug, returns=1)
        wizard = self._open_process(rma)
        self.assertEqual((wizard.line_ids.qty_refund, wizard.amount_total), (0, 0))

    def test_the_last_step_is_undone_by_moves(self):
        rma = self._accepted((self.shirt, 1))
        stock = self._stock_of(self.shirt)
        parcel = self._open_parcel(rma)
        self._scan("4006381333931", parcel)
        self._grade(parcel, "worn")
        parcel.desk_finish()
        place = self.warehouse.rma_refurbish_location_id
        self.assertEqual(self._stock_of(self.shirt, place), 1)
        self._assert_line(rma.line_ids, qty_received=1, qty_restocked=0)
        state = parcel.desk_undo()
        self.assertEqual((state["state"], state["ready"]), ("open", True))
        self._assert_line(rma.line_ids, qty_received=0, qty_restocked=0)
        self._assert_stock(self.shirt, returns=0, stock=stock)
        self._grade(parcel, "as_new")
        self.assertEqual(parcel.desk_finish()["state"], "done")
        self._assert_line(rma.line_ids, qty_received=1, qty_restocked=1)
        self.assertEqual(self._stock_of(self.shirt), stock + 1)
