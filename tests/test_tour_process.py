from odoo.tests import HttpCase, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestTourProcess(HttpCase):
    """The whole of a return in a browser, on an order of the demo data."""

    def setUp(self):
        super().setUp()
        self.order = self.env.ref("sale_rma.order_try_1", raise_if_not_found=False)
        if not self.order:
            self.skipTest("The tour goes over the demo data, which is not installed.")
        self.order.name = "TOUR-1"
        # without a layout the first print asks for one
        self.env.company.external_report_layout_id = self.env.ref("web.external_layout_standard")
        self.warehouse = self.order.warehouse_id
        self.shirt = self.env.ref("sale_rma.product_shirt_m")
        self.mug = self.env.ref("sale_rma.product_mug_white")
        self.mug_red = self.env.ref("sale_rma.product_mug_red")

    def _stock_of(self, product, location):
        return product.with_context(location=location.id).qty_available

    def _run_tour(self):
        """Return the return that the tour processed."""
        before = self.order.rma_ids
        url = f"/odoo/sales/{self.order.id}"
        self.start_tour(url, "sale_rma_process", login="admin", timeout=180)
        created = self.order.rma_ids - before
        self.assertEqual(sorted(created.mapped("state")), ["done", "draft"])
        return created.filtered(lambda rma: rma.state == "done")

    def test_whole_return_in_the_browser(self):
        stock, returns = self.warehouse.lot_stock_id, self.warehouse.rma_location_id
        shirts, mugs = self._stock_of(self.shirt, stock), self._stock_of(self.mug, stock)
        broken = self._stock_of(self.mug, returns)

        rma = self._run_tour()

        self.assertEqual(self._stock_of(self.shirt, stock), shirts + 2)
        self.assertEqual(self._stock_of(self.mug, stock), mugs)
        self.assertEqual(self._stock_of(self.mug, returns), broken + 1)
        self._check_refund(rma)
        self._check_exchange(rma)
        self._check_slip(rma)
        self.assertEqual(
            set(rma.history_ids.subtype_id.get_external_id().values()),
            {
                f"sale_rma.mt_rma_{kind}"
                for kind in ("state", "notified", "refunded", "restocked", "exchanged")
            },
        )

    def _check_refund(self, rma):
        refund = rma.refund_ids
        self.assertEqual(refund.state, "posted")
        self.assertEqual(refund.reversed_entry_id, self.order.invoice_ids - refund)
        self.assertAlmostEqual(refund.amount_total, 85.77)  # the total the tour saw
        self.assertAlmostEqual(rma.amount_refunded, 85.77)

    def _check_exchange(self, rma):
        exchange = rma.exchange_order_ids
        self.assertEqual(exchange.state, "sale")
        self.assertEqual(exchange.carrier_id, self.env.ref("delivery.delivery_local_delivery"))
        sent = exchange.picking_ids.move_ids
        self.assertEqual(sent.product_id, self.mug_red)
        self.assertEqual(sent.product_uom_qty, 1)

    def _check_slip(self, rma):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("sale_rma.action_report_sale_rma", rma.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))


@tagged("post_install", "-at_install")
class TestTourSalesperson(SaleRmaCommon, HttpCase):
    """The same for somebody with nothing but the sales right (R9)."""

    def test_salesperson_runs_a_return_whole(self):
        salesman = self._make_user("rma_salesman", "sales_team.group_sale_salesman")
        order = self._create_sold((self.shirt, 3), (self.mug, 1), user_id=salesman.id)
        before = self._stock_of(self.shirt)

        self.start_tour(
            f"/odoo/sales/{order.id}", "sale_rma_process_salesperson", login=salesman.login
        )

        rma = order.rma_ids
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.refund_ids.state, "posted")
        self.assertEqual(rma.refund_ids.amount_total, rma.line_ids.price_paid)
        self.assertEqual(self._stock_of(self.shirt), before + 1)
