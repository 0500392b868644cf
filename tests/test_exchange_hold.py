"""Issue 17.7: what is wanted instead is kept, and sent when it is paid."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestExchangeHold(SaleRmaRepaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jug = cls._make_product("Jug", 30.0, "order", cls.no_tax)
        cls.stock = cls.order_warehouse().lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.jug, cls.stock, 2)

    @classmethod
    def order_warehouse(cls):
        return cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)

    def _ask(self, quantity=1, state="accepted", **values):
        order, _payment = self._buy(quantity)
        rma = self._create_rma(order, quantity, state="requested")
        rma.line_ids.write({"resolution": "exchange", "exchange_product_id": self.jug.id})
        if state == "accepted":
            rma.action_accept()
        return rma

    def _free(self):
        self.env.invalidate_all()
        return self.jug.with_context(location=self.stock.id).free_qty

    def _set_hold(self, moment):
        self.company.rma_exchange_hold = moment

    def test_from_when_on_goods_are_kept(self):
        # free after: accepted, posted, arrived
        for moment, expected in (
            ("never", (2, 2, 2)),
            ("accepted", (1, 1, 1)),
            ("proof", (2, 1, 1)),
            ("received", (2, 2, 1)),
        ):
            with self.subTest(moment=moment):
                self._set_hold(moment)
                rma = self._ask()
                found = [self._free()]
                rma.tracking_ref = "1Z"
                found.append(self._free())
                rma.picking_ids.move_ids.picked = True
                rma.picking_ids._action_done()
                found.append(self._free())
                self.assertEqual(tuple(found), expected)
                self._process(rma, {"exchange": False})
                self.assertEqual(self._free(), 2)

    def test_what_is_kept_goes_to_the_exchange_order(self):
        rma = self._ask(2)
        self.assertEqual(self._free(), 0)
        self.assertIn("Kept for the exchange: 2 of 2", " ".join(rma.history_ids.mapped("body")))
        # another customer's order does not get it
        other = self._create_order(self._line(self.jug, 1, 30.0, self.no_tax))
        self.assertNotEqual(other.picking_ids.state, "assigned")
        wizard = self._open_process(rma)
        wizard.line_ids.write({"exchange": True, "qty_exchange": 1})
        wizard.action_process_keep_open()
        self.assertEqual(rma.exchange_order_ids.picking_ids.state, "assigned")
        kept = rma.line_ids.hold_move_ids.filtered(lambda move: move.state == "assigned")
        self.assertEqual(kept.product_uom_qty, 1, "the other one is kept on")

    def test_nothing_is_kept_for_what_is_not_to_be(self):
        for end in ("wish", "product", "cancel", "done"):
            with self.subTest(end=end):
                rma = self._ask()
                if end == "wish":
                    rma.line_ids.resolution = "refund"
                elif end == "product":
                    rma.line_ids.exchange_product_id = self.vase
                elif end == "cancel":
                    rma.action_cancel()
                else:
                    self._process(rma, {"exchange": False})
                self.assertEqual(self._free(), 2)

    def test_nobody_sends_or_forges_what_is_kept(self):
        rma = self._ask()
        move = rma.line_ids.hold_move_ids
        self.assertFalse(move.picking_id)
        self.assertEqual(move._get_source_document(), rma)
        clerk = self._make_user("clerk", "stock.group_stock_user")
        with self.assertRaises(UserError):
            rma.picking_ids.move_ids.with_user(clerk).rma_hold_line_id = rma.line_ids

    def test_screen_says_what_is_not_there(self):
        rma = self._ask(3)
        wizard = self._open_process(rma)
        wizard.line_ids.write({"exchange": True, "qty_exchange": 3})
        self.assertRegex(wizard.stock_message, "2 of 3 Jug.*another product.*wait")
        wizard.line_ids.qty_exchange = 2
        self.assertFalse(wizard.stock_message)

    # === DEARER === #

    def _exchange_dearer(self, policy="order"):
        self.jug.write({"list_price": 42.0, "invoice_policy": policy})
        rma = self._ask()
        wizard = self._open_process(rma)
        wizard.line_ids.exchange = True
        self.assertEqual(wizard.amount_difference, 12.0)
        wizard.action_process()
        return rma, rma.exchange_order_ids

    def test_dearer_one_is_sent_when_it_is_paid(self):
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                rma, exchange = self._exchange_dearer(policy)
                self.assertEqual(rma.amount_to_pay, 12)
                self.assertRegex(rma._get_repayment_texts()[-1], "Pay .*12.00.* sent then")
                picking = exchange.picking_ids
                picking.move_ids.picked = True
                with self.assertRaisesRegex(UserError, "12.00"):
                    picking.button_validate()
                tx = self._pay(exchange, 12.0)
                if exchange.invoice_ids:
                    tx.invoice_ids = exchange.invoice_ids
                    entries = tx.payment_id.move_id | exchange.invoice_ids
                    entries.line_ids.filtered(
                        lambda x: x.account_type == "asset_receivable" and not x.reconciled
                    ).reconcile()
                self.env.invalidate_all()
                self.assertEqual((rma.amount_to_pay, rma._get_payable_url()), (0, ""))
                picking.button_validate()
                self.assertEqual(picking.state, "done")

    def test_link_pays_what_is_left(self):
        rma, exchange = self._exchange_dearer("delivery")
        url = rma.sudo()._get_payable_url()
        self.assertIn(f"/my/orders/{exchange.id}?", url)
        self.assertTrue(url.endswith("payment_amount=12.00"), url)

    def test_somebody_may_send_it_before(self):
        _rma, exchange = self._exchange_dearer()
        exchange.rma_send_unpaid = True
        exchange.picking_ids.move_ids.picked = True
        exchange.picking_ids.button_validate()
        self.assertEqual(exchange.picking_ids.state, "done")
