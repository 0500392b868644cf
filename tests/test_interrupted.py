from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_committed import CommittedCase

NUMBER = 4


@tagged("post_install", "-at_install")
class TestInterrupted(CommittedCase):
    """A bulk operation whose server dies: its session at the database ends in the middle."""

    def setUp(self):
        super().setUp()
        with self._open_session() as env:
            rmas = env["sale.rma"].union(
                *(
                    self._create_rma(env, self._create_order(env), "accepted")
                    for _number in range(NUMBER)
                )
            )
            self.rmas = rmas.sorted("id")
            self.job = env["sale.rma.job"].browse(rmas.action_bulk("process")["res_id"])
            self.job.goods_are_here = True
            self.startPatcher(patch.object(type(self.job), "_get_limit", lambda _self, _name: 1))
            self.job.action_start()
            self.assertTrue(self.job.is_background)

    def _run_in_background(self):
        with self._open_session() as env:
            env["sale.rma.job"].sudo()._cron_run()

    def _die_in_turn(self, turn):
        """Do what the scheduler does; in the last moment of a turn the database session is gone,
        as after a kill -9."""
        job_class = type(self.job)
        process = job_class._process_lines
        turns = []

        def process_and_die(job, lines):
            process(job, lines)
            job.env.flush_all()
            turns.append(lines)
            if len(turns) == turn:
                with self._open_session() as other:
                    pid = job.env.cr._cnx.info.backend_pid
                    other.execute_query(SQL("SELECT pg_terminate_backend(%s)", pid))

        with (
            patch.object(job_class, "_process_lines", process_and_die),
            mute_logger("odoo.sql_db", "odoo.addons.sale_rma.models.bulk.sale_rma_job_run"),
            self.assertRaises(psycopg2.Error),
        ):
            self._run_in_background()

    def _count_done(self):
        with self._open_session() as env:
            states = self.job.with_env(env).line_ids.sorted("id").mapped("state")
            rmas = self.rmas.with_env(env)
            self.assertEqual(
                [state == "done" for state in states], [rma.state == "done" for rma in rmas]
            )
            effects = {rma.state: self._count_effects(rma) for rma in rmas}
            self.assertEqual(effects.get("done", (1, 1, 1, 1)), (1, 1, 1, 1))
            self.assertEqual(effects.get("accepted", (0, 0, 0, 0)), (0, 0, 0, 0))
            return states.count("done")

    def test_operation_that_died_goes_on_and_does_nothing_twice(self):
        self._die_in_turn(2)
        self.assertEqual(self._count_done(), 1)  # what was not committed never was
        self._die_in_turn(3)
        self.assertEqual(self._count_done(), 3)
        self._run_in_background()
        self.assertEqual(self._count_done(), NUMBER)
        self._run_in_background()
        with self._open_session() as env:
            job = self.job.with_env(env)
            self.assertEqual(job.state, "done")
            notices = env["mail.message"].search(
                [("model", "=", job._name), ("res_id", "=", job.id)]
            )
            self.assertEqual(len(notices), 1)
            for rma in self.rmas.with_env(env):
                told = rma.message_ids.filtered(lambda message: message.outgoing_email_to)
                self.assertEqual(rma.process_count, 1)
                self.assertEqual(len(told), len(set(told.mapped("subject"))))
