"""R7, S22: whatever fails in processing, nothing of it is left behind."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import SaleRmaCommon

# what is done, one after the other; an error comes right after each
STEPS = {
    "goods received": ("sale.rma", "_receive"),
    "goods put back": ("sale.rma", "_put_back"),
    "putting back told": ("sale.rma", "_log_restocked"),
    "credit note posted": ("account.move", "_post"),
    "credit notes made": ("sale.rma", "_create_refunds"),
    "refund told": ("sale.rma", "_log_refunded"),
    "exchange order confirmed": ("sale.order", "action_confirm"),
    "exchange order invoiced": ("sale.order", "_invoice_exchange"),
    "exchange orders made": ("sale.rma", "_create_exchange_orders"),
    "exchange told": ("sale.rma", "_log_exchanged"),
    "rest given up": ("sale.rma", "_give_up_awaited"),
    "mail written": ("mail.mail", "create"),
    "state told": ("sale.rma", "_notify_state_change"),
}
LEFT_BEHIND = (
    "account.move",
    "account.partial.reconcile",
    "mail.mail",
    "mail.message",
    "sale.order",
    "stock.move.line",
    "stock.picking",
)


class FailureError(Exception):
    """What the tests raise."""


@tagged("post_install", "-at_install")
class TestWhole(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voucher = cls._make_product("Voucher", 12.0, policy="order")
        cls.rmas = cls.env["sale.rma"]
        for _customer in range(2):
            order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), shipping=7.0)
            rma = cls._create_rma(order, {cls.shirt: 2, cls.mug: 2}, state="accepted")
            cls._receive(rma, {cls.shirt: 1})  # so that something is put back, too
            cls.rmas |= rma

    def _open_screens(self):
        """Fill in everything: receive, put back, refund, shipping, exchange; mugs stay out."""
        wizards = self.env["sale.rma.process"].create(
            [
                {
                    "rma_id": rma.id,
                    "refund_shipping": True,
                    "exchange_carrier_id": self.carrier.id,
                }
                for rma in self.rmas
            ]
        )
        for line in wizards.line_ids.filtered(lambda line: line.product_id == self.shirt):
            line.write({"qty_received": 2, "qty_restock": 2, "qty_refund": 2, "exchange": True})
            line.write({"exchange_product_id": self.voucher.id, "qty_exchange": 1})
        return wizards

    def _take_stock(self):
        """Return everything processing changes."""
        self.env.invalidate_all()
        returns = self.rmas.mapped(lambda rma: (rma.state, rma.process_count, rma.date_done))
        lines = self.rmas.line_ids.mapped(
            lambda line: (line.qty_received, line.qty_restocked, line.qty_refunded)
        )
        sold = self.rmas.order_id.order_line.mapped(
            lambda line: (line.qty_delivered, line.qty_invoiced)
        )
        invoices = self.rmas.order_id.invoice_ids.mapped("amount_residual")
        counts = [self.env[model].search_count([]) for model in LEFT_BEHIND]
        hand = [self._stock_of(self.shirt), self._stock_of(self.mug)]
        return returns, lines, sold, invoices, counts, hand

    def _fail_after(self, model, method):
        cls = type(self.env[model])
        done = getattr(cls, method)

        calls = []

        def do_and_fail(*args, **kwargs):
            result = done(*args, **kwargs)
            calls.append(method)
            if len(calls) == 1:  # whoever swallows the error gets no second one
                raise FailureError(method)
            return result

        return patch.object(cls, method, do_and_fail)

    def test_an_error_after_any_step_leaves_nothing_behind(self):
        wizards = self._open_screens()
        before = self._take_stock()
        for step, (model, method) in STEPS.items():
            with (
                self.subTest(step=step),
                patch.object(IrMail_Server, "send_email") as send_email,
                self._fail_after(model, method),
            ):
                with self.assertRaises(FailureError), self.cr.savepoint():
                    wizards.action_process()
                self.assertEqual(self._take_stock(), before)
                send_email.assert_not_called()

    def test_after_the_error_the_same_screen_does_it_all(self):
        wizards = self._open_screens()
        before = self._take_stock()
        with (
            self._fail_after("sale.rma", "_notify_state_change"),
            self.assertRaises(FailureError),
            self.cr.savepoint(),
        ):
            wizards.action_process()
        wizards.action_process()
        self.assertEqual(self.rmas.mapped("state"), ["done", "done"])
        self.assertNotEqual(self._take_stock(), before)

    def test_a_limit_broken_on_one_stops_all(self):
        wizards = self._open_screens()
        before = self._take_stock()
        wizards[1].line_ids[0].qty_refund = 3
        with self.assertRaisesRegex(UserError, "Shirt"), self.cr.savepoint():
            wizards.action_process()
        self.assertEqual(self._take_stock(), before)

    def test_nothing_is_committed_on_the_way(self):
        wizards = self._open_screens()
        with patch.object(type(self.cr), "commit") as commit:
            wizards.action_process()
            self.env.flush_all()
        commit.assert_not_called()

    def test_an_error_on_acceptance_leaves_nothing_behind(self):
        order = self._create_sold((self.shirt, 2))
        rmas = self._create_rma(order, 1) | self._create_rma(order, 1)
        for model, method in (("sale.rma", "_plan_receipts"), ("mail.mail", "create")):
            with (
                self.subTest(method=method),
                self._fail_after(model, method),
                self.assertRaises(FailureError),
                self.cr.savepoint(),
            ):
                rmas.action_accept()
            self.assertEqual(rmas.mapped("state"), ["draft", "draft"])
            self.assertFalse(rmas.picking_ids)
