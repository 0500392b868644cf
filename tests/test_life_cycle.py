"""Upgrades and uninstalling: what somebody deleted stays deleted, what was credited stays
settled."""

from odoo.modules.module import Manifest
from odoo.tests import tagged
from odoo.tools import file_open
from odoo.tools.convert import convert_file

from .. import hooks
from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestLifeCycle(SaleRmaMoneyCommon):
    # === UPGRADE === #

    def _upgrade(self, *files):
        """Load data files as an upgrade does."""
        env = self.env(su=True)
        for name in files:
            convert_file(env, "sale_rma", f"data/{name}", {}, "update", True)

    def test_deleted_reason_and_mail_stay_deleted(self):
        self.env.ref("sale_rma.reason_late").unlink()
        self.env.ref("sale_rma.mail_template_rma_processing").unlink()
        self.env.ref("sale_rma.mail_template_rma_guest_link").unlink()
        self._upgrade(
            "sale_rma_reason_data.xml", "mail_template_data.xml", "sale_rma_guest_data.xml"
        )
        for name in (
            "reason_late",
            "mail_template_rma_processing",
            "mail_template_rma_guest_link",
        ):
            self.assertFalse(self.env.ref(f"sale_rma.{name}", raise_if_not_found=False), name)

    def test_alias_is_made_at_the_install_only(self):
        manifest = Manifest.for_addon("sale_rma")
        for name in [*manifest["data"], *manifest["demo"]]:
            with file_open(f"sale_rma/{name}") as file:
                self.assertNotIn("_create_rma_alias", file.read(), name)

    # === UNINSTALL, AND INSTALL AGAIN === #

    def _offered(self, order):
        """What Odoo by itself would invoice of an order: its own rule, read from its source."""
        offered = {}
        for line in order.order_line:
            is_ordered = line.product_id.invoice_policy == "order"
            basis = line.product_uom_qty if is_ordered else line.qty_delivered
            offered[line.product_id.name] = basis - line.qty_invoiced
        return offered

    def test_credited_units_are_not_offered_after_the_uninstall(self):
        for policy in ("order", "delivery"):
            self.shirt.invoice_policy = self.mug.invoice_policy = policy
            order = self._create_sold((self.shirt, 3), (self.mug, 2))
            self._create_rma(order, {self.shirt: 1}, state="done")
            kept = self._create_rma(order, {self.mug: 1}, state="accepted")
            self._process(kept, {"qty_received": 0, "qty_restock": 0, "qty_refund": 1})
            books = self._read_books(order.invoice_ids)
            hooks.uninstall_hook(self.env)
            self.env.invalidate_all()
            with self.subTest(policy=policy):
                self.assertEqual(self._offered(order), {"Shirt": 0, "Mug": 0})
                self.assertEqual(order.invoice_status, "invoiced")
                moves = self.env["account.move"].search([("invoice_origin", "=", order.name)])
                self.assertEqual(self._read_books(moves), books)

    def test_what_was_sent_again_is_still_offered(self):
        self.shirt.invoice_policy = "delivery"
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="done")
        before = order.order_line.qty_to_invoice
        hooks.uninstall_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self._offered(order)["Shirt"], before)
        self.assertTrue(rma.refund_ids.line_ids.sale_line_ids)  # nothing had to be released

    def test_second_install_finds_the_locations(self):
        location = self.warehouse.rma_location_id
        self.warehouse.rma_location_id = False
        before = self.env["stock.location"].search_count([])
        self.warehouse._create_missing_rma_locations()
        self.assertEqual(self.warehouse.rma_location_id, location)
        self.assertEqual(self.env["stock.location"].search_count([]), before)

    def test_warehouse_that_never_had_one_gets_a_new_one(self):
        self.warehouse.rma_location_id.barcode = "elsewhere"
        former, self.warehouse.rma_location_id = self.warehouse.rma_location_id, False
        self.warehouse._create_missing_rma_locations()
        self.assertTrue(self.warehouse.rma_location_id)
        self.assertNotEqual(self.warehouse.rma_location_id, former)
