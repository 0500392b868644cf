from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestBulk(SaleRmaCommon):
    """One operation on many returns: summary, run, a result for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = [cls._create_sold((cls.shirt, 2), (cls.mug, 1)) for _index in range(4)]

    def _create_rmas(self, state):
        rmas = self.env["sale.rma"].union(
            *(self._create_rma(order, 1, state=state) for order in self.orders)
        )
        return rmas.sorted("id")

    def _open(self, rmas, operation):
        return self.env["sale.rma.job"].browse(rmas.action_bulk(operation)["res_id"])

    def _run(self, job):
        job.action_start()
        while not job.action_run_next()["is_over"]:
            pass

    def _states(self, job):
        return job.line_ids.sorted("id").mapped("state")

    # === OPERATIONS === #

    def test_request_accept_and_process(self):
        rmas = self._create_rmas("draft")
        for operation, state in (
            ("request", "requested"),
            ("accept", "accepted"),
            ("process", "done"),
        ):
            job = self._open(rmas, operation)
            self.assertEqual(job.possible_count, 4)
            self._run(job)
            self.assertEqual(set(rmas.mapped("state")), {state})
            if state == "accepted":
                self._receive(rmas)
            self.assertEqual((job.state, job.done_count), ("done", 4))

    def test_mails_of_a_bulk_operation_are_left_to_the_queue(self):
        rmas = self._create_rmas("draft")
        mails = self.env["mail.mail"].search([])
        sending = AssertionError("sent while others wait for the operation")
        with patch.object(type(mails), "send", side_effect=sending):
            for operation in ("request", "accept"):
                job = self._open(rmas, operation)
                self._run(job)
                self.assertEqual(job.done_count, 4)
        new = self.env["mail.mail"].search([]) - mails
        self.assertEqual(set(new.mapped("state")), {"outgoing", "rma_printing"})

    def test_each_credit_note_is_set_against_its_own_invoice(self):
        first, second = self.orders[:2]
        invoices = {order: order.invoice_ids for order in (first, second)}
        rmas = self._create_rma(first, {self.shirt: 1}, state="processing")
        rmas |= self._create_rma(first, {self.mug: 1}, state="processing")
        rmas |= self._create_rma(second, {self.shirt: 1}, state="processing")
        self._run(self._open(rmas, "process"))
        for rma in rmas:
            partials = rma.refund_ids.line_ids.matched_debit_ids
            self.assertEqual(partials.debit_move_id.move_id, invoices[rma.order_id])
            self.assertEqual(sum(partials.mapped("amount")), rma.refund_ids.amount_total)
        for order, invoice in invoices.items():
            credited = sum(order.rma_ids.refund_ids.mapped("amount_total"))
            self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - credited, 2)

    def test_credit_note_is_reconciled_though_a_plan_of_before_was_empty(self):
        rma = self._create_rma(self.orders[0], {self.shirt: 1}, state="accepted")
        self._process(rma)
        refund = rma.refund_ids
        refund.line_ids.remove_move_reconcile()
        # Odoo takes this environment for every later one of an equal context, as long as it lives
        earlier = refund.with_context(rma_reconcile_plan=[])
        refund.reversed_entry_id._reconcile_reversed_moves(refund, False)
        self.assertFalse(earlier.env.context["rma_reconcile_plan"])
        self.assertEqual(
            refund.line_ids.matched_debit_ids.debit_move_id.move_id, refund.reversed_entry_id
        )

    def test_refuse_tells_the_reason(self):
        rmas = self._create_rmas("requested")
        job = self._open(rmas, "refuse")
        job.reason = "Too late"
        self._run(job)
        self.assertEqual(rmas.mapped("state"), ["refused"] * 4)
        self.assertEqual(set(rmas.mapped("close_reason")), {"Too late"})

    def test_cancel(self):
        rmas = self._create_rmas("accepted")
        job = self._open(rmas, "cancel")
        job.reason = "By mistake"
        self._run(job)
        self.assertEqual(rmas.mapped("state"), ["cancel"] * 4)

    def test_print_makes_one_document(self):
        rmas = self._create_rmas("accepted")
        self.env["ir.config_parameter"].set_param("sale_rma.bulk_batch_limit", "2")
        job = self._open(rmas, "print").with_context(force_report_rendering=True)
        self._run(job)
        self.assertEqual(job.document_id.mimetype, "application/pdf")
        parts = self.env["ir.attachment"].search(
            [("res_model", "=", job._name), ("res_id", "=", job.id)]
        )
        self.assertEqual(parts, job.document_id)
        self.assertEqual(job.action_download()["type"], "ir.actions.act_url")

    # === SUMMARY === #

    def test_summary_tells_what_cannot_be_done_and_why(self):
        rmas = self._create_rmas("requested")
        rmas[0].action_refuse("By mistake")
        job = self._open(rmas, "accept")
        self.assertEqual(self._states(job), ["impossible", "possible", "possible", "possible"])
        self.assertIn("Refused", job.problem_line_ids.message)

    def test_summary_tells_the_refund_to_the_cent(self):
        rmas = self._create_rmas("processing")
        job = self._open(rmas, "process")
        expected = job.amount_text
        self._run(job)
        posted = sum(rmas.mapped("amount_refunded"))
        self.assertEqual(expected, self.company.currency_id.format(posted))
        self.assertEqual(job.amount_text, expected)

    def test_summary_leaves_nothing_behind(self):
        rmas = self._create_rmas("processing")
        self._open(rmas, "process")
        self.assertFalse(self.env["sale.rma.process"].search([("rma_id", "in", rmas.ids)]))

    def test_nothing_possible_cannot_be_started(self):
        job = self._open(self._create_rmas("draft"), "process")
        with self.assertRaisesRegex(UserError, "Nothing of this can be done"):
            job.action_start()

    def test_no_returns_selected(self):
        with self.assertRaisesRegex(UserError, "Select returns"):
            self.env["sale.rma"].action_bulk("accept")

    # === WHAT ARRIVED === #

    def test_what_has_not_arrived_is_listed_apart_and_not_processed(self):
        rmas = self._create_rmas("accepted")
        self._receive(rmas[:2])
        job = self._open(rmas, "process")
        self.assertEqual(self._states(job), ["possible", "possible", "waiting", "waiting"])
        self.assertEqual(job.waiting_line_ids.rma_id, rmas[2:])
        self._run(job)
        self.assertEqual(rmas.mapped("state"), ["done", "done", "accepted", "accepted"])
        self.assertEqual((job.done_count, job.waiting_count), (2, 2))
        self.assertFalse(rmas[2:].refund_ids)
        self._receive(rmas[2:])
        job.action_retry()
        self._run(job)
        self.assertEqual(set(rmas.mapped("state")), {"done"})

    def test_nothing_arrived_nothing_to_start(self):
        job = self._open(self._create_rmas("accepted"), "process")
        with self.assertRaisesRegex(UserError, "Nothing of this can be done"):
            job.action_start()

    def test_who_may_receive_goods_says_that_they_are_here(self):
        rmas = self._create_rmas("accepted")
        job = self._open(rmas, "process")
        job.goods_are_here = True
        self.assertEqual((job.possible_count, job.waiting_count), (4, 0))
        job.goods_are_here = False
        self.assertEqual((job.possible_count, job.waiting_count), (0, 4))
        job.goods_are_here = True
        self._run(job)
        self.assertEqual(set(rmas.mapped("state")), {"done"})
        self.assertEqual(set(rmas.line_ids.mapped("qty_restocked")), {1})
        with self.assertRaisesRegex(UserError, "started already"):
            job.goods_are_here = False

    def test_salesperson_cannot_say_that_goods_are_here(self):
        salesman = self._make_user("bulk_salesman", "sales_team.group_sale_salesman")
        rmas = self._create_rmas("accepted")
        rmas.user_id = salesman
        job = self._open(rmas.with_user(salesman), "process").with_user(salesman)
        with self.assertRaises(AccessError):
            job.goods_are_here = True
        self.assertEqual(job.waiting_count, 4)

    def test_what_arrived_is_processed_and_the_rest_awaited(self):
        rma = self._create_rma(self.orders[0], state="accepted")
        self._receive(rma, {self.shirt: 1})
        job = self._open(rma, "process")
        self.assertIn("stays open for 1 Shirt, 1 Mug", job.line_ids.message)
        self._run(job)
        self.assertEqual(rma.state, "processing")
        self.assertEqual(rma.line_ids.mapped("qty_refunded"), [1, 0])
        self.assertEqual(rma.amount_refunded, rma.line_ids[0].price_paid)
        self.assertIn("stays open for 1 Shirt, 1 Mug", job.line_ids.message)
        again = self._open(rma, "process")
        self.assertIn("nothing new has arrived", again.problem_line_ids.message)
        self._receive(rma)
        self._run(self._open(rma, "process"))
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.line_ids.mapped("qty_refunded"), [2, 1])

    def test_receipt_returned_meanwhile_is_not_processed(self):
        rma = self._create_rma(self.orders[0], 1, state="processing")
        job = self._open(rma, "process")
        wizard = self.env["stock.return.picking"].create({"picking_id": rma.picking_ids.id})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        self._run(job)
        self.assertEqual(self._states(job), ["waiting"])
        self.assertFalse(rma.refund_ids)

    def test_claimed_services_need_no_arrival(self):
        service = self._make_product("Setup", 30, policy="order", type="service", is_storable=False)
        order = self._create_order((service, 1))
        order.order_line.qty_delivered = 1
        self._invoice(order)
        rma = self._create_rma(order, 1, state="accepted", rma_type="claim")
        self._run(self._open(rma, "process"))
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 1))

    # === FAILURES === #

    def test_one_that_fails_does_not_stop_the_others(self):
        rmas = self._create_rmas("processing")
        job = self._open(rmas, "process")
        self._process(rmas[1])
        self._run(job)
        self.assertEqual(self._states(job), ["done", "failed", "done", "done"])
        self.assertIn("(Done)", job.problem_line_ids.message)
        self.assertEqual([len(rma.refund_ids) for rma in rmas], [1, 1, 1, 1])

    def test_unexpected_error_is_told_too(self):
        rmas = self._create_rmas("requested")
        job = self._open(rmas, "accept")
        original = type(rmas)._plan_receipts

        def plan(records):
            if rmas[2] in records:
                raise ValueError("no room")
            return original(records)

        with (
            patch.object(type(rmas), "_plan_receipts", plan),
            mute_logger("odoo.addons.sale_rma.models.bulk.sale_rma_job_run"),
        ):
            self._run(job)
        self.assertEqual(self._states(job), ["done", "done", "failed", "done"])
        self.assertIn("no room", job.problem_line_ids.message)

    def test_failed_ones_can_be_tried_again(self):
        rmas = self._create_rmas("requested")
        job = self._open(rmas, "accept")
        rmas[0].action_draft()
        rmas[0].line_ids.unlink()
        self._run(job)
        self.assertEqual(job.problem_count, 1)
        self._create_line(rmas[0])
        job.action_retry()
        self._run(job)
        self.assertEqual(set(rmas.mapped("state")), {"accepted"})

    def _create_line(self, rma):
        self.env["sale.rma.line"].create(
            {"rma_id": rma.id, "sale_line_id": rma.order_id.order_line[0].id, "quantity": 1}
        )

    def test_conflict_with_another_transaction_is_left_to_the_retry(self):
        job = self._open(self._create_rmas("requested"), "accept")
        job.action_start()
        with (
            patch.object(
                type(self.env["sale.rma"]), "action_accept", side_effect=SerializationFailure
            ),
            self.assertRaises(SerializationFailure),
        ):
            job.action_run_next()

    # === BACKGROUND === #

    def _run_cron(self):
        with patch.object(self.env.cr, "commit"):
            self.env["sale.rma.job"].sudo()._cron_run()

    def test_more_than_the_limit_run_in_the_background(self):
        self.env["ir.config_parameter"].set_param("sale_rma.bulk_screen_limit", "3")
        self.env["ir.config_parameter"].set_param("sale_rma.bulk_batch_limit", "1")
        rmas = self._create_rmas("processing")
        job = self._open(rmas, "process")
        job.action_start()
        self.assertTrue(job.is_background)
        job.action_run_next()  # the screen only looks on
        self.assertEqual(job.done_count, 0)
        self._run_cron()
        self.assertEqual(set(rmas.mapped("state")), {"done"})
        told = self.env["mail.message"].search([("model", "=", job._name), ("res_id", "=", job.id)])
        self.assertEqual(told.notified_partner_ids, self.env.user.partner_id)

    def test_abandoned_screen_is_gone_on_with(self):
        self.env["ir.config_parameter"].set_param("sale_rma.bulk_batch_limit", "1")
        rmas = self._create_rmas("requested")
        job = self._open(rmas, "accept")
        job.action_start()
        job.action_run_next()
        self.assertEqual(job.done_count, 1)
        self._run_cron()
        self.assertEqual(set(rmas.mapped("state")), {"accepted"})

    def test_nothing_is_done_twice(self):
        rmas = self._create_rmas("processing")
        job = self._open(rmas, "process")
        self._run(job)
        self._run_cron()
        job.action_run_next()
        self.assertEqual(len(rmas.refund_ids), 4)

    def test_stop_leaves_the_rest_undone(self):
        self.env["ir.config_parameter"].set_param("sale_rma.bulk_batch_limit", "1")
        rmas = self._create_rmas("requested")
        job = self._open(rmas, "accept")
        job.action_start()
        job.action_run_next()
        job.action_stop()
        self.assertEqual((job.state, job.done_count, job.problem_count), ("done", 1, 3))

    # === RIGHTS === #

    def test_with_the_rights_of_its_user(self):
        salesman = self._make_user("bulk_salesman", "sales_team.group_sale_salesman")
        other = self._make_user("bulk_other", "sales_team.group_sale_salesman")
        rmas = self._create_rmas("requested")
        rmas.user_id = salesman
        job = self._open(rmas.with_user(salesman), "accept").with_user(salesman)
        rmas[3].user_id = other
        rmas[3].order_id.user_id = other
        self._run(job)
        self.assertEqual(self._states(job.sudo()), ["done", "done", "done", "failed"])

    def test_nobody_changes_whose_rights_it_has(self):
        salesman = self._make_user("bulk_salesman", "sales_team.group_sale_salesman")
        rmas = self._create_rmas("requested")
        rmas.user_id = salesman
        job = self._open(rmas.with_user(salesman), "accept").with_user(salesman)
        with self.assertRaises(AccessError):
            job.user_id = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            job.line_ids.rma_id = rmas[0]

    def test_somebody_else_cannot_start_it(self):
        job = self._open(self._create_rmas("requested"), "accept")
        other = self._make_user("bulk_other", "sales_team.group_sale_manager")
        with self.assertRaisesRegex(AccessError, "Only"):
            job.with_user(other).action_start()
