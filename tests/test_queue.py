"""The work queue of the clerk: what waits, in which order, and finding a return (issue 16.9)."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestQueue(SaleRmaCommon):
    def _search(self, text):
        return self.env["sale.rma"].search(
            [("anything", "ilike", text), ("company_id", "=", self.company.id)]
        )

    def test_one_field_finds_what_is_at_hand(self):
        self.shirt.write({"default_code": "SHI-7", "barcode": "4006381333931"})
        lotted = self._make_product("Watch", 90.0, tracking="serial")
        lot = self.env["stock.lot"].create({"name": "SN-778", "product_id": lotted.id})
        self.env["stock.quant"]._update_available_quantity(
            lotted, self.warehouse.lot_stock_id, 1, lot_id=lot
        )
        order = self._create_sold((self.shirt, 2), (lotted, 1), client_order_ref="WEB-1")
        rma = self._create_rma(order, state="accepted", external_ref="shop-55")
        self._create_rma(self._create_sold((self.mug, 1), partner_id=self._make_partner().id))
        rma.picking_ids.carrier_tracking_ref = "6A123"
        rma.sudo().tracking_ref = "1Z999"
        texts = [rma.name, rma.name.replace("/", "").replace("-", ""), order.name, "WEB-1"]
        texts += ["shop-55", "Anna Mar", "anna@example.com", "SHI-7", "4006381333931", "SN-778"]
        for text in [*texts, "6A123", "1Z999", "Shirt"]:
            self.assertEqual(self._search(text), rma, text)
        self.assertFalse(self._search("nothing of the kind"))

    def _make_partner(self):
        return self.env["res.partner"].create({"name": "Bo", "email": "bo@example.com"})

    def test_a_scan_opens_the_return_and_says_what_it_did_not_find(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state="requested")
        action = self.env["sale.rma"].open_scanned(rma.name)
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.rma", rma.id))
        for code in ("NO-SUCH-CODE", "", None):
            with self.assertRaises(UserError):
                self.env["sale.rma"].open_scanned(code)
        with self.assertRaisesRegex(UserError, "mistyped"):
            self.env["sale.rma"].open_scanned(rma.name[:-1] + ("A" if rma.name[-1] != "A" else "B"))

    def test_a_scan_opens_no_colleagues_return(self):
        seller = self._make_user("scans", "sales_team.group_sale_salesman")
        order = self._create_sold((self.shirt, 2), user_id=self.env.user.id)
        rma = self._create_rma(order, state="requested")
        with self.assertRaises(UserError):
            self.env["sale.rma"].with_user(seller).open_scanned(rma.name)

    def test_overdue_comes_first_and_what_is_finished_last(self):
        orders = [self._create_sold((self.shirt, 1)) for _n in range(3)]
        done = self._create_rma(orders[0], state="done")
        accepted = self._create_rma(orders[1], state="accepted")
        arrived = self._create_rma(orders[2], state="processing")
        arrived.sudo().date_received = fields.Datetime.subtract(fields.Datetime.now(), days=60)
        rmas = done | accepted | arrived
        self.assertEqual(arrived.date_todo, arrived.date_refund_due)
        self.assertEqual(accepted.date_todo, accepted.date_expiry)
        found = rmas.search([("id", "in", rmas.ids)], order="date_todo, id desc")
        self.assertEqual(found[0], arrived)

    def test_money_is_due_until_it_is_paid_back(self):
        order = self._create_sold((self.shirt, 1))
        invoice = order.invoice_ids
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        rma = self._create_rma(order, state="done")
        due = [("is_money_due", "=", True), ("id", "=", rma.id)]
        self.assertEqual(rma.search(due), rma)
        self.assertEqual(rma.date_todo, rma.date_refund_due)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=rma.refund_ids.ids
        ).create({})._create_payments()
        self.assertFalse(rma.search(due))
        self.assertFalse(rma.date_todo)

    def test_rows_show_why_and_how_much(self):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), 1, state="requested")
        self.assertEqual(rma.reason_text, self.reason.name)
        self.assertAlmostEqual(rma.amount_requested, 57.5)


@tagged("post_install", "-at_install")
class TestSearchNames(SaleRmaCommon):
    """Nobody groups or filters by what only the program needs (issue 16.13)."""

    TECHNICAL = {
        "sale.rma": ("process_count", "request_key", "date_refund_reminded"),
        "sale.rma.line": ("sequence",),
        "sale.rma.withdrawal": ("content_hash", "found_doubt", "network_key"),
        "sale.rma.inquiry": ("mailbox",),
        "sale.rma.repayment": ("key", "is_queued", "is_told"),
        "sale.rma.report": ("orders_sold", "orders_returned", "returns"),
    }

    def test_technical_fields_are_not_offered(self):
        for model, names in self.TECHNICAL.items():
            offered = self.env[model].fields_get(attributes=["groupable", "string"])
            for name in names:
                self.assertFalse(offered[name]["groupable"], (model, name))
        self.assertTrue(self.env["sale.rma"].fields_get(["state"])["state"]["groupable"])
