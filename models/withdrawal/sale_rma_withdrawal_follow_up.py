import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH = 50
READ = 1000


class SaleRmaWithdrawal(models.Model):
    """What a statement leads to: a return, or a colleague who decides.

    A known customer's is followed up in the request that records it, unless another transaction
    is in the way. Whoever types an order's number and an address into the form is answered first,
    with the acknowledgement: the time that takes must not tell a stranger whether such an order
    exists. A job started at once looks for the order, and does the rest.
    """

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _get_to_follow_up_domain(self):
        followed_up = [("kind", "in", ("opened", "asked", "checked", "repeated"))]
        unfinished = Domain("rma_id", "=", False) & Domain("found_doubt", "=", "none")
        waiting = Domain("channel", "=", "form") | unfinished
        return waiting & Domain("event_ids", "not any", followed_up)

    @api.model
    def _plan_follow_up(self):
        """Start the job as soon as what was recorded is committed."""
        self.env.ref("sale_rma.ir_cron_withdrawal_follow_up")._trigger()

    def _cron_follow_up(self):
        """Open the returns of the statements of the form, or ask a colleague.

        Each in a transaction of its own. What another transaction is in the way of is tried again
        by the next run; what fails for any other reason is put before a colleague, so that it
        neither gets lost nor stops those behind it.
        """
        domain = self._get_to_follow_up_domain()
        waiting = self.search(domain, order="id desc", limit=READ)
        known = waiting.filtered(lambda withdrawal: withdrawal.channel != "form")
        for withdrawal in self._sort_fairly(waiting, known)[:BATCH]:
            try:
                with self.env.cr.savepoint():
                    withdrawal._follow_up()
            except (OperationalError, ConcurrencyError):
                _logger.info("Withdrawal %s is tried again", withdrawal.name, exc_info=True)
                self._plan_follow_up()
            except Exception:
                _logger.warning("No follow-up of withdrawal %s", withdrawal.name, exc_info=True)
                withdrawal._localize()._put_before_staff(
                    self.env._("It could not be followed up by itself: see the server's log."),
                    doubt="doubtful",
                )
            self.env["ir.cron"]._commit_progress(1, remaining=self.search_count(domain))
        self._send_digests()

    def _localize(self):
        """Return the withdrawal in the company's language: what is written is for colleagues."""
        company = self.company_id
        return self.with_company(company).with_context(lang=company.partner_id.lang or "en_US")

    def _follow_up(self):
        """Open the return of a statement, or put it before a colleague. Done once: the event
        that is written with it tells so, and the database refuses a second one."""
        self.ensure_one()
        withdrawal = self.try_lock_for_update(allow_referencing=True).filtered_domain(
            self._get_to_follow_up_domain()
        )
        if not withdrawal:
            return
        withdrawal = withdrawal._localize()
        order, note = withdrawal.order_id, ""
        if not order and withdrawal._is_match_throttled():
            note = withdrawal.env._(
                "Too many statements from this address met no order: compare it."
            )
        elif not order:
            order, note = withdrawal._match_order(withdrawal.contract or "", withdrawal.email)
        if order and withdrawal.receipt_state == "held":
            # held for the time it takes, not for who it is
            withdrawal._write_acknowledgement(order)
        at = withdrawal.submitted_at
        rma = self.env["sale.rma"]
        doubt, note = withdrawal._find_doubt(order, note, withdrawal.part, at)
        if doubt == "none":
            rma, note = withdrawal._open_return(order, withdrawal.items, at)
            doubt = "doubtful"
        if rma:
            withdrawal._add_event("opened", rma_id=rma.id, order_id=order.id)
            withdrawal._tell_return(rma)
        if note:
            withdrawal._put_before_staff(note, doubt=doubt, order_id=order.id)

    # === RETURN === #

    def _tell_return(self, rma):
        """Write on the return where it comes from."""
        self.ensure_one()
        rma._message_log(
            body=self.env._("Opened by the withdrawal %(withdrawal)s.", withdrawal=self.name)
        )

    # === STAFF === #

    def _put_before_staff(self, note, **values):
        """Ask the returns manager, or the sales managers, to look at the withdrawal.

        :param str note: why, in the company's language
        :param values: more for the event: `doubt` and `order_id`, where found by the job
        """
        self.ensure_one()
        self._add_event("asked", note=note, **values)
        label = dict(self._fields["doubt"]._description_selection(self.env))[self.doubt]
        self._ask_staff(self.env._("Withdrawal to check: %(doubt)s", doubt=label), note=note)
