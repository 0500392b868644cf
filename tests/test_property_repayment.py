"""Random deaths of the program between any two steps: money moves at most once for each repayment,
and in the end exactly once, or somebody was told (P1 to P5).

RMA_INCIDENTS=1000 is the whole proof; it takes ten minutes on a busy machine.
"""

import os
from collections import Counter
from random import Random
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from .common_repayment import Crash, SaleRmaRepaymentCommon, SilentProvider

INCIDENTS = int(os.environ.get("RMA_INCIDENTS", "200"))
# Of these each repayment meets some before the provider is well.
WITHOUT_KEYS = ("timeout before", "timeout after", "crash before", "crash after", "nonsense")
WITH_KEYS = (*WITHOUT_KEYS, "serialization before", "serialization after", "server error")
# Steps of the program after which it dies, or is told by the database to begin again.
STEPS = ("_take", "_follow", "_note_no_answer", "_post_process")
ROWS = 8  # of one credit note


class ScriptedProvider(SilentProvider):
    """One script for each key."""

    def __init__(self, knowing):
        super().__init__()
        self.knowing = knowing
        self.scripts = {}
        self.counts = Counter()

    def refund(self, tx):
        self.knows_keys = tx.provider_id == self.knowing
        self.script = self.scripts.get(tx._get_repayments().key, [])
        self.counts[self.script[0] if self.script else "well"] += 1
        return super().refund(tx)


@tagged("post_install", "-at_install")
class TestPropertyRepayment(SaleRmaRepaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forgetful, _method = cls._make_provider()

    def setUp(self):
        super().setUp()
        self.random = Random(17)
        self.shop = ScriptedProvider(self.provider)
        self.deaths = Counter()
        # what is written to threads is tested elsewhere
        transactions = type(self.env["payment.transaction"])
        self.startPatcher(
            patch.object(transactions, "_log_message_on_linked_documents", lambda *args: None)
        )
        self.startPatcher(
            patch.object(type(self.env["sale.rma.repayment"]), "_log_change", lambda _rows: None)
        )
        self._stand_in(self.shop, lambda provider: provider == self.provider)

    def _make_rows(self, provider):
        """Return repayments of one credit note, each with a script of what goes wrong."""
        order = self._create_order(self._line(self.vase, 2, 30.0, self.no_tax))
        payment = self._pay(order, provider=provider)
        self._deliver(order)
        self._invoice(order)
        row = self._return(order).repayment_ids
        vals = {**row._prepare_row_vals(row.refund_id, 60 / ROWS, "transaction")}
        vals["source_transaction_id"] = payment.id
        row.sudo().amount = 60 / ROWS
        rows = row | row.sudo().create([dict(vals) for _number in range(ROWS - 1)])
        steps = WITH_KEYS if provider == self.provider else WITHOUT_KEYS
        for row in rows:
            number = self.random.randint(3, 6)
            self.shop.scripts[row.key] = [self.random.choice(steps) for _each in range(number)]
        return rows

    # === DYING === #

    def _run_dying(self, rows):
        """Do what a worker does, which may die after any step."""
        step = self.random.choice((*STEPS, *[None] * 4))
        death = self.random.choice((Crash, SerializationFailure))
        try:
            if step is None:
                self._run(rows)
                return
            method = getattr(type(rows), step)

            def die(records, *args, **kwargs):
                method(records, *args, **kwargs)
                self.deaths[step] += 1
                raise death

            with patch.object(type(rows), step, die):
                self._run(rows)
        except Crash:
            pass

    def _settle(self, rows):
        """A day later no key is known any more: the scheduler comes by until nothing waits. A
        worker may have died just as it took a row, which waits on then."""
        self._let_pass(rows, hours=24)
        for _round in range(20):
            self._live(rows)
            self.assertMovedOnce(rows)
            if not rows.filtered("is_queued"):
                return

    def _live(self, rows):
        """Let time pass, the scheduler come by, workers work and die."""
        waiting = rows.filtered(lambda row: row.state in ("sent", "unknown"))
        self._let_pass(waiting, minutes=self.random.choice((2, 90)))
        for row in waiting.filtered("is_queued"):
            self._run_dying(row)
        with self._other_transactions(), self.registry.cursor() as cr:
            found = rows.with_env(rows.env(cr=cr, su=True))._find_lost()
            found._mark_lost()
            cr.commit()

    def assertMovedOnce(self, rows):
        for row in rows:
            self.assertLessEqual(self.shop.moved.get(row.key, 0.0), row.amount, "moved twice")
        children = rows.source_transaction_id.child_transaction_ids
        self.assertEqual(children, rows.transaction_id, "another refund was made")

    def assertEndedWell(self, rows):
        for row in rows:
            if row.state == "done":
                self.assertEqual(self.shop.moved[row.key], row.amount)
            else:
                self.assertEqual((row.state, row.is_told), ("unknown", True))
                self.assertTrue(row.rma_id.activity_ids)

    # === TEST === #

    def test_money_moves_once_whatever_dies(self):
        incidents = 0
        # what is near a second's turn goes this way or that: the deaths are never quite the same
        while incidents < INCIDENTS or set(self.deaths) != set(STEPS):
            for provider in (self.provider, self.forgetful):
                rows = self._make_rows(provider)
                rows.action_send()
                for _round in range(20):
                    self._live(rows)
                    self.assertMovedOnce(rows)
                    if not rows.filtered(lambda row: row.state != "done" and not row.is_told):
                        break
                self._settle(rows)
                self.assertEndedWell(rows)
            bad = sum(self.shop.counts.values()) - self.shop.counts["well"]
            incidents = bad + sum(self.deaths.values())
        self.assertEqual(set(self.deaths), set(STEPS), "it died after each step")
        self.assertTrue(set(WITH_KEYS) <= set(self.shop.counts))
