"""A returns desk: a stock user, grades and places, and parcels by scan."""

from .common_receipt import ReceiptCommon


class DeskCommon(ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("desk", "stock.group_stock_user")
        cls.shirt.barcode = "4006381333931"
        cls.mug.barcode = "9506000134352"
        cls.phone = cls._make_product("Phone", 100, tracking="serial")
        for name in ("S1", "S2"):
            lot = cls.env["stock.lot"].create({"name": name, "product_id": cls.phone.id})
            cls.env["stock.quant"]._update_available_quantity(cls.phone, cls.stock, 1, lot_id=lot)
        cls.env["stock.quant"]._update_available_quantity(cls.shirt, cls.stock, 10)
        cls.env["stock.quant"]._update_available_quantity(cls.mug, cls.stock, 10)
        cls.desk = cls.env["sale.rma.parcel"].with_user(cls.clerk)

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"sale_rma.{name}")

    def _accepted(self, *items, **values):
        return self._create_rma(self._create_sold(*items), state="accepted", **values)

    def _scan(self, code, parcel=None, **values):
        return self.desk.desk_scan(code, parcel and parcel.id, **values)

    def _open_parcel(self, rma):
        answer = self._scan(rma.name)
        self.assertEqual((answer["kind"], answer["sound"]), ("parcel", "good"))
        return self.desk.browse(answer["parcel"]["id"])

    def _grade(self, parcel, grade, disposition=None, **values):
        """Grade the piece that was counted last."""
        piece = parcel.sudo().inspection_ids.sorted("id")[-1]
        values["grade_id"] = self._ref(f"grade_{grade}").id
        if disposition:
            values["disposition_id"] = self._ref(f"disposition_{disposition}").id
        return parcel.desk_set(piece.id, values)
