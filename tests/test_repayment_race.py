"""Two sessions pay the same at the same moment: threads with cursors of their own, committed."""

import threading
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_committed import CommittedCase

SEND = "odoo.addons.sale_rma.models.repayment.sale_rma_repayment_send"


@tagged("post_install", "-at_install")
class TestRepaymentRace(CommittedCase):
    def setUp(self):
        super().setUp()
        self.asked = []
        self.lock = threading.Lock()
        with self._open_session() as env:
            transactions, providers = env["payment.transaction"], env["payment.provider"]
            base = next(
                each
                for each in type(transactions).__mro__
                if each.__module__ == "odoo.addons.payment.models.payment_transaction"
            )
            self.startPatcher(patch.object(base, "_send_refund_request", self._make_refund()))
            self.startPatcher(
                patch.object(type(transactions), "_get_refund_support", lambda _tx: "partial")
            )
            self.startPatcher(  # a provider that is not set up
                patch.object(
                    type(transactions), "_ensure_provider_is_not_disabled", lambda _tx: None
                )
            )
            self.startPatcher(
                patch.object(type(providers), "_knows_refund_keys", lambda _provider: True)
            )
            self.startPatcher(  # the payment needs a provider's journal
                patch.object(type(transactions), "_post_process", lambda _tx: None)
            )

    def _make_refund(self):
        def refund(tx):
            with self.lock:
                self.asked.append(tx.id)
            tx._set_done()

        return refund

    def _create_rows(self, env, number=1, captured=None):
        """Return repayments, committed, that all go back to one payment."""
        order = self._create_order(env, number, number)
        move = order.invoice_ids
        provider = env["payment.provider"].create({"name": "Tests", "code": "none"})
        method = env["payment.method"].create({"name": "Card", "code": f"card_{order.id}"})
        payment = env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"paid-{order.id}",
                "amount": captured or move.amount_total,
                "currency_id": move.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "state": "done",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        rows = env["sale.rma.repayment"]
        for _number in range(number):
            rma = self._create_rma(env, order, "accepted")
            env["sale.rma.process"].create({"rma_id": rma.id}).action_process()
            rows |= rma.repayment_ids
        rows.sudo().write({"way": "transaction", "source_transaction_id": payment.id})
        return rows

    def _race(self, *works):
        """Do all works at the same moment, each in its own session; return their errors."""
        barrier, errors = threading.Barrier(len(works), timeout=60), []

        def run(work):
            try:
                with self._open_session() as env:
                    env.cr.execute("SELECT 1")
                    barrier.wait()
                    retrying(lambda: work(env), env)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=[work]) for work in works]
        with (
            patch("odoo.service.model.random.uniform", lambda _low, _high: 0.01),
            mute_logger("odoo.sql_db", "odoo.service.model", SEND),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return errors

    def test_two_clerks_send_the_same(self):
        with self._open_session() as env:
            row = self._create_rows(env)
        work = lambda env: env[row._name].browse(row.id).action_send()  # noqa: E731
        errors = self._race(work, work)
        self.assertEqual([type(error) for error in errors], [UserError], errors)
        self.assertEqual(len(self.asked), 1)
        with self._open_session() as env:
            self.assertEqual(row.with_env(env).state, "done")
            self.assertEqual(len(row.with_env(env).source_transaction_id.child_transaction_ids), 1)

    def test_two_clerks_send_two_parts_of_what_covers_one(self):
        with self._open_session() as env:
            rows = self._create_rows(env, 2)
            rows.source_transaction_id.sudo().amount = rows[0].amount
        works = [lambda env, row=row: env[row._name].browse(row.id).action_send() for row in rows]
        self._race(*works)
        self.assertEqual(len(self.asked), 1, "P3: never more than was captured")
        with self._open_session() as env:
            states = sorted(rows.with_env(env).mapped("state"))
            self.assertEqual(states, ["cancel", "done"])

    def test_two_workers_take_the_same(self):
        with self._open_session() as env:
            row = self._create_rows(env)
            registry = env.registry
            with patch.object(type(row), "_send_apart", lambda *args: None):
                row.action_send()
                env.cr.commit()
        work = lambda env: env[row._name]._send_apart(registry, row.ids)  # noqa: E731
        self.assertFalse(self._race(work, work, work))
        self.assertEqual(len(self.asked), 1)
