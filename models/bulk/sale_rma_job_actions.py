from odoo import models
from odoo.exceptions import UserError


class SaleRmaJob(models.Model):
    """What its user does with a bulk operation."""

    _inherit = "sale.rma.job"

    def action_start(self):
        """Begin: here, return by return before the user's eyes, or in the background if they are
        more than the limit.

        :return: act_window on the job
        :raise UserError: it was started already, is not checked yet, nothing can be done, or
            customers would not be told why
        """
        self._check_own()
        if self.state != "draft":
            raise UserError(self.env._("This was started already."))
        if self.unchecked_count:
            raise UserError(self.env._("The returns are still being checked: wait a moment."))
        if not self.possible_count:
            raise UserError(self.env._("Nothing of this can be done: see the reasons."))
        self._check_ground()
        job = self.sudo()  # own job, checked above
        job.state = "running"
        job.is_background = job.possible_count > self._get_limit("screen")
        job._trigger_background()
        return self._get_form_action()

    def _check_ground(self):
        """:raise UserError: customers would not be told why"""
        if self.operation not in ("refuse", "cancel") or (self.reason or "").strip():
            return
        possible = self.line_ids.filtered(lambda line: line.state == "possible").rma_id
        if any(rma._needs_ground(self.operation) for rma in possible):
            raise UserError(
                self.env._(
                    "Say why, the customers are told: choose a standard text or write one. Other "
                    "programs write it to reason."
                )
            )

    def _get_reason(self, lang):
        """Return the ground for customers of a language: a standard text in theirs, unless
        somebody changed it."""
        if self.ground_id and self.reason == self.ground_id._get_text(self.user_id.lang):
            return self.ground_id._get_text(lang)
        return self.reason

    def action_discard(self):
        """Forget a summary of what was not started, and show the returns again.

        :raise AccessError: it is another user's
        :raise UserError: it was started
        """
        self._check_own()
        if any(job.state != "draft" for job in self):
            raise UserError(self.env._("It was started already: stop it instead."))
        self.sudo().unlink()  # its own user's, checked above; nobody deletes others
        return self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_action")

    def action_run_in_background(self):
        """Leave the rest to the scheduler; the user is told when it is done.

        :return: act_window on the job
        """
        self._check_own()
        job = self.sudo()  # own job, checked above
        if job.state == "running":
            job.is_background = True
            job._trigger_background()
        return self._get_form_action()

    def action_stop(self):
        """Do no more; what is done stays done.

        :return: act_window on the job
        """
        self._check_own()
        job = self.sudo()  # own job, checked above
        if job.state == "running":
            lines = job.line_ids.filtered(lambda line: line.state == "possible")
            # those a worker has in its hands are locked: they will be done
            lines.try_lock_for_update().write(
                {"state": "impossible", "message": self.env._("Stopped before its turn.")}
            )
            job._finish_if_over()
        return self._get_form_action()

    def action_retry(self):
        """Take up again what failed or could not be done.

        :return: act_window on the job
        """
        self._check_own()
        job = self.sudo()  # own job, checked above
        if job.state == "done":
            not_done = ("failed", "impossible", "waiting")
            lines = job.line_ids.filtered(lambda line: line.state in not_done)
            lines.write({"state": "unchecked", "message": False})
            job.write({"state": "draft", "is_background": False, "date_done": False})
            job._run_next()
        return self._get_form_action()

    def action_download(self):
        """Download the document made for all returns.

        :return: act_url
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self.document_id.id}?download=true",
        }

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }
