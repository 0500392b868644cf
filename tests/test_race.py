"""Two real sessions at the same moment (R1, R6): threads with cursors of their own, committed.

RMA_RACE_ROUNDS=200 runs each race that often.
"""

import os
import threading
from unittest.mock import patch

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo.exceptions import LockError, UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_committed import CommittedCase

ROUNDS = int(os.environ.get("RMA_RACE_ROUNDS", "3"))


@tagged("post_install", "-at_install")
class TestRace(CommittedCase):
    # === SESSIONS === #

    def _race(self, *works):
        """Do all works at the same moment, each in its own session, as Odoo's requests are done:
        tried again on a serialization failure.

        :return: for each the error that came out of it, or None
        """
        barrier = threading.Barrier(len(works), timeout=60)
        outcomes = [None] * len(works)

        def run(index):
            try:
                with self._open_session() as env:
                    attempts = []
                    retrying(lambda: self._attempt(works[index], env, barrier, attempts), env)
            except Exception as error:
                outcomes[index] = error

        threads = [threading.Thread(target=run, args=[index]) for index in range(len(works))]
        # the pauses between the tries need not be as long as a server's
        with (
            patch("odoo.service.model.random.uniform", lambda _low, _high: 0.01),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for error in outcomes:
            self.assertTrue(error is None or isinstance(error, UserError), repr(error))
        return outcomes

    def _attempt(self, work, env, barrier, attempts):
        attempts.append(1)
        if len(attempts) == 1:
            env.cr.execute("SELECT 1")  # from here on it sees what was committed before
            barrier.wait()
        try:
            return work(env)
        except DeadlockDetected:
            self.deadlocks += 1
            raise

    def _get_loser(self, outcomes):
        """Return the message of the one that had to give way; exactly one has to."""
        losers = [error for error in outcomes if error]
        self.assertEqual(len(losers), 1, outcomes)
        return str(losers[0])

    def setUp(self):
        super().setUp()
        self.deadlocks = 0
        self.addCleanup(lambda: self.assertEqual(self.deadlocks, 0))

    def _create_rivals(self):
        """Return two drafts, committed, that ask for the same last unit."""
        with self._open_session() as env:
            order = self._create_order(env)
            return self._create_rma(env, order) | self._create_rma(env, order)

    def _on(self, record, method, **kwargs):
        """Return work for a session: call a method of a record."""
        model, record_id = record._name, record.id
        return lambda env: getattr(env[model].browse(record_id), method)(**kwargs)

    # === TWO AFTER ONE ANOTHER, SEEN FROM CLOSE === #

    def test_second_session_is_told_while_the_first_is_at_it(self):
        rmas = self._create_rivals()
        with self._open_session() as first, self._open_session() as second:
            rmas[0].with_env(first).action_accept()
            with self.assertRaisesRegex(LockError, "Somebody else is working on"):
                rmas[1].with_env(second).action_accept()
            second.cr.rollback()

    def test_goods_arrive_where_somebody_else_books_at_that_moment(self):
        with self._open_session() as env:
            rma = self._create_rma(env, self._create_order(env), state="accepted")
        with self._open_session() as first, self._open_session() as second:
            rma = rma.with_env(first)
            quants = first["stock.quant"].search([("product_id", "=", self.product_id)])
            self.assertTrue(quants)
            quants.with_env(second).lock_for_update()
            first.cr.execute("SET LOCAL lock_timeout = '2s'")  # nobody waits for the other
            before = self._sum_quants(first)
            first["sale.rma.process"].create({"rma_id": rma.id}).action_process()
            self.assertEqual(self._count_effects(rma), (1, 1, 1, 1))
            self.assertEqual(self._sum_quants(first), before + 1)
            first.flush_all()
            first.cr.rollback()

    def _sum_quants(self, env):
        """Return how many are in stock."""
        domain = [("product_id", "=", self.product_id), ("location_id.usage", "=", "internal")]
        return sum(env["stock.quant"].search(domain).mapped("quantity"))

    def test_session_that_saw_an_older_state_has_to_look_again(self):
        rmas = self._create_rivals()
        with self._open_session() as second:
            self.assertEqual(rmas[1].with_env(second).line_ids.qty_returnable, 1)
            with self._open_session() as first:
                rmas[0].with_env(first).action_accept()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                rmas[1].with_env(second).action_accept()
            second.cr.rollback()
            second.transaction.reset()
            with self.assertRaisesRegex(UserError, "Contested.*at most 0"):
                rmas[1].with_env(second).action_accept()
            second.cr.rollback()

    def test_lock_alone_makes_an_older_session_look_again(self):
        """Whatever else is written with it: the order's revision stands for every claim."""
        rmas = self._create_rivals()
        with self._open_session() as second:
            self.assertEqual(rmas[1].with_env(second).line_ids.qty_returnable, 1)
            with self._open_session() as first:
                rmas[0].with_env(first)._lock()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                rmas[1].with_env(second)._lock()
            second.cr.rollback()

    # === RACES === #

    def test_both_accept_the_last_unit(self):
        rmas = self._create_rivals()
        for _round in range(ROUNDS):
            works = [self._on(rma, "action_accept") for rma in rmas]
            message = self._get_loser(self._race(*works))
            self.assertRegex(message, "Somebody else is working on|Contested.*at most 0")
            with self._open_session() as env:
                mine = rmas.with_env(env)
                self.assertEqual(sorted(mine.mapped("state")), ["accepted", "draft"])
                accepted = mine.filtered(lambda rma: rma.state == "accepted")
                planned = mine.picking_ids.filtered(lambda picking: picking.state == "assigned")
                self.assertEqual(planned.rma_id, accepted)
                accepted.action_cancel("By mistake")
                accepted.action_draft()

    def test_who_can_be_served_is_served(self):
        """Three sessions ask for two units: two get theirs, one is told that none is left."""
        for _round in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env, 2, 2)
                rmas = env["sale.rma"].union(*(self._create_rma(env, order) for _ in range(3)))
            message = self._get_loser(self._race(*(self._on(r, "action_request") for r in rmas)))
            self.assertRegex(message, "Contested.*at most 0")
            with self._open_session() as env:
                states = sorted(rmas.with_env(env).mapped("state"))
                self.assertEqual(states, ["draft", "requested", "requested"])

    def test_dock_returns_by_odoo_while_the_screen_is_completed(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env)
                rma = self._create_rma(env, order, "accepted")
                wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
                delivery = order.picking_ids - rma.picking_ids
                back = env["stock.return.picking"].create({"picking_id": delivery.id})
                back.product_return_moves.quantity = 1
                back = env["stock.picking"].browse(back.action_create_returns()["res_id"])
                back.move_ids.picked = True
            self._race(self._on(wizard, "action_process"), self._on(back, "button_validate"))
            with self._open_session() as env:
                mine, sold = rma.with_env(env), order.with_env(env).order_line
                self.assertGreaterEqual(sold.qty_delivered, 0)
                self.assertEqual(mine.line_ids.qty_received, 1)
                self.assertIn(mine.line_ids.qty_refunded, (0, 1))

    def test_dock_returns_by_odoo_while_a_return_is_opened(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env)
                rma = self._create_rma(env, order)
                back = env["stock.return.picking"].create({"picking_id": order.picking_ids.id})
                back.product_return_moves.quantity = 1
                back = env["stock.picking"].browse(back.action_create_returns()["res_id"])
                back.move_ids.picked = True
            outcomes = self._race(self._on(rma, "action_accept"), self._on(back, "button_validate"))
            self.assertEqual(outcomes, [None, None])
            with self._open_session() as env:
                mine = rma.with_env(env)
                self.assertEqual((mine.state, mine.line_ids.qty_received), ("processing", 1))
                self.assertEqual(mine.line_ids._get_qty_planned(), 0)

    def test_both_ask_for_the_last_unit(self):
        for _round in range(ROUNDS):
            rmas = self._create_rivals()
            works = [self._on(rma, "action_request") for rma in rmas]
            self._get_loser(self._race(*works))
            with self._open_session() as env:
                self.assertEqual(rmas.with_env(env).order_id.order_line.qty_returnable, 0)

    def test_both_raise_the_quantity_of_live_returns(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env, 3, 3)
                rmas = self._create_rma(env, order) | self._create_rma(env, order)
                rmas.action_request()
                works = [self._on(rma.line_ids, "write", vals={"quantity": 2}) for rma in rmas]
            self._get_loser(self._race(*works))
            with self._open_session() as env:
                self.assertEqual(sum(rmas.with_env(env).line_ids.mapped("quantity")), 3)

    def test_both_process_one_return(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                rma = self._create_rma(env, self._create_order(env), "accepted")
                screens = [rma.action_process()["res_id"] for _screen in range(2)]
            wizards = [env["sale.rma.process"].browse(screen) for screen in screens]
            self._race_to_process(rma, wizards, "action_process")

    def test_one_screen_is_clicked_twice(self):
        for method in ("action_process", "action_process_keep_open"):
            for _round in range(ROUNDS):
                with self._open_session() as env:
                    rma = self._create_rma(env, self._create_order(env), "accepted")
                    wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
                self._race_to_process(rma, [wizard, wizard], method)

    def _race_to_process(self, rma, wizards, method):
        outcomes = self._race(*(self._on(wizard, method) for wizard in wizards))
        message = self._get_loser(outcomes)
        self.assertRegex(message, "Somebody else is working on|cannot be done|processed meanwhile")
        with self._open_session() as env:
            self.assertEqual(self._count_effects(rma.with_env(env)), (1, 1, 1, 1))

    def test_one_processes_and_the_other_cancels(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                rma = self._create_rma(env, self._create_order(env), "accepted")
                wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
            outcomes = self._race(
                self._on(wizard, "action_process"),
                self._on(rma, "action_cancel", reason="By mistake"),
            )
            self._get_loser(outcomes)
            with self._open_session() as env:
                mine = rma.with_env(env)
                effects = (1, 1, 1, 1) if mine.state == "done" else (0, 0, 0, 0)
                self.assertIn(mine.state, ("done", "cancel"))
                self.assertEqual(self._count_effects(mine), effects)

    def test_one_processes_while_the_dock_receives(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                rma = self._create_rma(env, self._create_order(env), "accepted")
                wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
                receipt = rma.picking_ids
            self._race(self._on(wizard, "action_process"), self._on(receipt, "button_validate"))
            with self._open_session() as env:
                mine = rma.with_env(env)
                self.assertEqual(mine.line_ids.qty_received, 1)
                self.assertIn(mine.line_ids.qty_refunded, (0, 1))
                self.assertEqual(mine.order_id.order_line.qty_delivered, 0)

    def test_one_returns_while_the_next_delivery_is_validated(self):
        for _round in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env, 3, 1)
                rma = self._create_rma(env, order, "accepted")
                wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
                delivery = order.picking_ids.filtered(
                    lambda picking: picking.state != "done" and not picking.rma_id
                )
                delivery.move_ids.write({"quantity": 2, "picked": True})
            outcomes = self._race(
                self._on(wizard, "action_process"), self._on(delivery, "button_validate")
            )
            with self._open_session() as env:
                mine = rma.with_env(env)
                returned = 1 if outcomes[0] is None else 0
                self.assertEqual(mine.line_ids.qty_received, returned)
                self.assertEqual(delivery.with_env(env).state, "done")
                self.assertEqual(mine.order_id.order_line.qty_delivered, 3 - returned)
                self.assertEqual(mine.line_ids.qty_refunded, returned)

    def test_two_programs_ask_with_one_reference(self):
        for number in range(ROUNDS):
            with self._open_session() as env:
                order = self._create_order(env, 2, 2)
                lines = [{"sale_line_id": order.order_line.id, "quantity": 1}]
            found = []

            def ask(env, order_id=order.id, lines=lines, found=found, ref=f"race-{number}"):
                returns = env["sale.rma"]
                found.append(returns.create_for_order(order_id, lines, external_ref=ref))

            self.assertEqual(self._race(ask, ask), [None, None])
            with self._open_session() as env:
                rma = env["sale.rma"].search([("external_ref", "=", f"race-{number}")])
                self.assertEqual(found[-1:], rma.ids)
                self.assertEqual(len(order.with_env(env).rma_ids), 1)
