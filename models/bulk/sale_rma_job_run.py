import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

CHECKED_AT_ONCE = 100
TRIES = 5


class SaleRmaJob(models.Model):
    """How a bulk operation runs: batch by batch, each a transaction of its own, by the screen of
    its user or by the scheduler. A batch is taken under lock and marked in the transaction that
    does it, so nothing is done twice, whoever is interrupted."""

    _inherit = "sale.rma.job"

    # === RUNNING === #

    def action_run_next(self):
        """Do the next batch; called by the screen as long as there is one.

        :return: {`is_over`, `done` and `total` returns of the present phase}
        """
        self._check_own()
        job = self.sudo()  # own job, checked above
        taken = 0 if job.is_background and job.state == "running" else job._run_next()
        total, left = job.line_count, job.unchecked_count
        if job.state != "draft":
            total, left = total - job._count_impossible(), job.possible_count
        is_over = job.state == "done" or (job.state == "draft" and not job.unchecked_count)
        return {"is_over": is_over, "is_waiting": not taken, "done": total - left, "total": total}

    def _count_impossible(self):
        """Return how many were never to be done: the summary said so, or they were stopped."""
        domain = [("job_id", "=", self.id), ("state", "in", ("impossible", "waiting"))]
        return self.env["sale.rma.job.line"].search_count(domain)

    @api.model
    def _cron_run(self):
        """Go on with what runs in the background or was left by its user."""
        self._finish_left_over()
        remaining = self.env["sale.rma.job.line"].search_count(self._get_open_domain())
        busy = self.browse()  # jobs whose last returns somebody else has in hand
        failures = 0
        while job := self.search(
            [("state", "=", "running"), ("id", "not in", busy.ids)], order="id", limit=1
        ):
            try:
                taken = job._run_next()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                failures += 1
                if failures < TRIES:
                    continue
                raise
            if not taken:
                busy |= job
            remaining = max(remaining - taken, 0)
            if not self.env["ir.cron"]._commit_progress(taken, remaining=remaining):
                break

    @api.model
    def _get_open_domain(self):
        return [("job_id.state", "=", "running"), ("state", "=", "possible")]

    @api.model
    def _finish_left_over(self):
        """Finish jobs whose last batch was done, but which nobody closed."""
        for job in self.search([("state", "=", "running")]):
            job._finish_if_over()

    def _run_next(self):
        """Do the next batch of the job with the rights of its user.

        :return: how many returns it took
        """
        self.ensure_one()
        if self.state == "draft":
            lines = self._take_lines("unchecked", CHECKED_AT_ONCE)
            job = self._as_user(lines)
            fitting = job._set_aside_wrong_states(lines)
            job._run_apart(job._set_aside_not_arrived(fitting), "_check_lines")
        elif self.state == "running":
            lines = self._take_lines("possible", self._get_limit("batch"))
            self._as_user(lines)._run_apart(lines, f"_{self.operation}_lines")
            self._finish_if_over()
        else:
            return 0
        self.invalidate_recordset()
        return len(lines)

    def _take_lines(self, state, limit):
        """Lock and return the next lines in a state, all of one company, that nobody else has
        in hand."""
        domain = [("job_id", "=", self.id), ("state", "=", state)]
        lines = self.env["sale.rma.job.line"].search(domain, limit=4 * limit)
        lines = lines.try_lock_for_update(limit=limit)
        return lines.filtered(lambda line: line.company_id == lines[:1].company_id)

    def _as_user(self, lines):
        """Return the job as its user sees it, in the company of some lines."""
        user = self.user_id
        companies = lines.company_id | (self.company_ids & user.company_ids)
        return self.with_user(user).with_context(
            allowed_company_ids=companies.ids,
            lang=user.lang,
            tz=user.tz,
        )

    def _run_apart(self, lines, method):
        """Run a method on all lines at once; if it fails, on halves of them, so that one return
        that cannot be done does not stop the others."""
        if not lines:
            return
        try:
            with self.env.cr.savepoint():
                getattr(self, method)(lines)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole transaction is tried again
        except Exception as error:
            if len(lines) == 1:
                self._note_failure(lines, error)
                return
            middle = len(lines) // 2
            self._run_apart(lines[:middle], method)
            self._run_apart(lines[middle:], method)

    def _note_failure(self, line, error):
        if isinstance(error, UserError):
            message = str(error)
        else:
            message = self.env._("Unexpected error: %(error)s", error=error)
            _logger.warning("%s of %s failed", self.operation, line.rma_id.name, exc_info=True)
        state = "impossible" if self.state == "draft" else "failed"
        line.write({"state": state, "message": message, "amount": 0.0})

    # === SUMMARY === #

    def _set_aside_wrong_states(self, lines):
        """Note the returns whose state does not allow the operation; return the other lines."""
        allowed = self.env["sale.rma"]._get_states_allowing(self.operation)
        wrong = lines.filtered(lambda line: allowed and line.rma_id.state not in allowed)
        for line in wrong:
            self._run_apart(line, "_check_lines")
        return lines - wrong

    def _set_aside_not_arrived(self, lines):
        """Note the returns to process of which nothing has arrived, unless somebody who may
        receive goods said that they are here; return the other lines."""
        # sudo: what was said is for stock users to say and for all to follow
        if self.operation != "process" or self.sudo().goods_are_here:
            return lines
        waiting = lines.filtered(lambda line: line.rma_id._has_nothing_arrived())
        waiting.write({"state": "waiting", "message": False, "amount": 0.0})
        return lines - waiting

    def _check_lines(self, lines):
        """Find out what can be done with some returns, and what it will refund."""
        rmas = lines.with_env(self.env).rma_id
        if self.env["sale.rma"]._get_states_allowing(self.operation):
            rmas._check_action(self.operation)
        else:
            rmas.check_access("read")
        check = getattr(self, f"_check_{self.operation}", lambda _rmas: None)
        results = check(rmas) or {}
        for line in lines:
            nothing = {"amount": 0.0, "message": False}
            line.write({"state": "possible", **results.get(line.rma_id, nothing)})

    def _check_request(self, rmas):
        rmas._check_requestable()

    def _check_accept(self, rmas):
        rmas._check_requestable()

    def _check_cancel(self, rmas):
        rmas._check_nothing_done()

    def _check_process(self, rmas):
        """Return {return: what it will refund, and what it goes on waiting for}."""
        plans = self._make_plans(rmas)
        messages = self._get_process_messages(plans)
        previews = rmas._preview([plan.to_data() for plan in plans])
        return {
            preview["rma"]: {
                "amount": preview["amount_total"],
                "message": messages[preview["rma"]],
            }
            for preview in previews
        }

    def _make_plans(self, rmas):
        """Return what is proposed to do with returns: what arrived is processed, and a return of
        which something is missing stays open for it.

        :raise UserError: nothing of it is to be done
        """
        plans = self.env["sale.rma.plan"]._read([{"rma": rma.id} for rma in rmas])
        for plan in plans:
            plan.close = not plan.missing
            if not plan.close and plan.does_nothing:
                raise UserError(
                    self.env._(
                        "%(rma)s waits for %(items)s, and nothing new has arrived of it.",
                        rma=plan.rma.name,
                        items=plan.rma._get_missing_text(plan.missing),
                    )
                )
        return plans

    def _get_process_messages(self, plans):
        """Return {return: what it goes on waiting for, in words}."""
        return {
            plan.rma: not plan.close
            and self.env._(
                "What arrived is processed; it stays open for %(items)s.",
                items=plan.rma._get_missing_text(plan.missing),
            )
            for plan in plans
        }

    # === THE END === #

    def _finish_if_over(self):
        """Close a job of which nothing is left, once."""
        left = self.env["sale.rma.job.line"].search_count(
            [("job_id", "=", self.id), ("state", "=", "possible")], limit=1
        )
        if left or not self.try_lock_for_update(allow_referencing=True):
            return
        self.write({"state": "done", "date_done": fields.Datetime.now()})
        if self.operation == "print":
            self._merge_parts()
        if self.is_background:
            self._notify_done()
