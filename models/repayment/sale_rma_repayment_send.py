import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.context_marks import PreparedRefund
from .lock import wait_for_lock

_logger = logging.getLogger(__name__)

# Odoo waits ten seconds for a provider; whoever asked longer ago than this has no answer.
ANSWER_SECONDS = 60
# Whoever was held up so long between two steps does not ask any more.
STEP_SECONDS = 30
# Providers keep keys for a day at least.
KEY_HOURS = 23
# How often the scheduler asks again by itself, each time after twice as long.
AUTO_ATTEMPTS = 6
# So many are sent before the eyes of who sends them, the others by the scheduler.
AT_ONCE = 3


class SaleRmaRepayment(models.Model):
    """Money is sent once (P1 to P5).

    The one who sends only writes: the row, its refund transaction, its key, under the lock of what
    is owed and of what was paid. After the commit, in transactions of its own, somebody takes the
    row, writes that the provider is asked now, commits, asks, and writes the answer. Whatever dies
    in between leaves a row that says what may have happened; it is asked for again with the same
    transaction and the same key.
    """

    _inherit = "sale.rma.repayment"

    # === ACTIONS === #

    def action_send(self):
        """Give the money back: the provider is asked once this transaction is committed.

        :raise AccessError: no right to pay
        :raise UserError: it is not planned any more, or is nothing that can be sent
        :raise LockError: somebody else is paying the same at this moment
        """
        self._check_may_pay()
        rows = self.sudo()  # the right to pay was checked
        rows._check_states("planned")
        rows._check_sendable()
        rows._lock_money()
        # as long as it was planned it may have been paid otherwise
        rows.refund_id._plan_repayments()
        rows = rows.filtered(lambda row: row.state == "planned")
        rows -= rows._send_inside()
        queued = rows.filtered(lambda row: row._prepare_refund_transaction())
        queued.write({"user_id": self.env.uid, "is_queued": True})
        queued._change_state("sent")
        queued._trigger_sending()
        return True

    def action_send_selected(self):
        """Send what of these can be sent; tell how much it is and what was left out.

        :return: a notification
        """
        self._check_may_pay()
        rows = self.sudo()  # the right to pay was checked
        fit = rows.filtered(
            lambda row: row.state == "planned" and not row.is_to_check and row._is_sent_by_us()
        )
        if not fit:
            raise UserError(
                self.env._("None of these can be sent: they are paid by hand, or sent already.")
            )
        fit.with_env(self.env).action_send()
        sent = fit.filtered(lambda row: row.state != "planned")
        totals = [
            currency.format(sum(group.mapped("amount")))
            for currency, group in sent.grouped("currency_id").items()
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if len(sent) == len(self) else "warning",
                "message": self.env._(
                    "%(sent)s are being sent: %(amount)s. Left out: %(others)s.",
                    sent=len(sent),
                    amount=" + ".join(totals) or 0,
                    others=len(self) - len(sent),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_retry(self):
        """Ask again: for what is not known the same refund by the same key, for what failed a new
        one.

        :raise AccessError: no right to pay
        :raise UserError: it could move the money twice
        """
        self._check_may_pay()
        rows = self.sudo()  # the right to pay was checked
        rows._check_states("unknown", "failed")
        failed = rows.filtered(lambda row: row.state == "failed")
        unknown = rows - failed
        wait_for_lock(unknown)
        for row in unknown:
            row._check_can_ask_again()
        unknown.write({"is_queued": True, "is_told": False, "user_id": self.env.uid})
        unknown._trigger_sending()
        if failed:
            failed._plan_again().with_env(self.env).action_send()
        return True

    def _send_inside(self):
        """Send what is only a matter of this database, and return it; a hook for such ways."""
        return self.browse()

    # === CHECKS === #

    def _check_may_pay(self):
        """:raise AccessError: no right to pay, or not these"""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._(
                    "Only people with the right to invoicing give money back: ask one of them. It "
                    "stays planned until then."
                )
            )

    def _check_states(self, *allowed):
        if len(self.ids) < len(self):  # new ones of a form
            raise UserError(self.env._("This repayment is not saved yet: save it first."))
        wrong = self.filtered(lambda row: row.state not in allowed)
        if wrong:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This cannot be done with %(rows)s. It takes a repayment in the state "
                    "%(allowed)s.",
                    rows=", ".join(f"{row.display_name} ({states[row.state]})" for row in wrong),
                    allowed=", ".join(states[state] for state in allowed),
                )
            )

    def _check_sendable(self):
        """:raise UserError: nothing that can be sent, or a credit note that is blocked"""
        blocked = self.filtered(lambda row: row.refund_id.payment_state == "blocked")
        if blocked:
            raise UserError(
                self.env._(
                    "%(moves)s: payment is blocked in accounting.",
                    moves=", ".join(blocked.refund_id.mapped("name")),
                )
            )
        if earlier := self.filtered("is_to_check"):
            raise UserError(
                self.env._(
                    "%(rows)s: from before repayments were kept here. See first whether the "
                    "customer has the money already, and press Looked at.",
                    rows=", ".join(earlier.mapped("display_name")),
                )
            )
        others = self.filtered(lambda row: not row._is_sent_by_us())
        if others:
            raise UserError(
                self.env._(
                    "%(rows)s: this is not sent from here. Pay it, then mark it as paid with the "
                    "reference of the payment.",
                    rows=", ".join(others.mapped("display_name")),
                )
            )

    def _is_sent_by_us(self):
        """Whether the row can be sent; a hook for other ways."""
        self.ensure_one()
        return self.way == "transaction"

    def _check_can_ask_again(self):
        """:raise UserError: somebody is asking, or nothing makes sure that it moves once"""
        self.ensure_one()
        if self._is_being_asked():
            raise UserError(
                self.env._(
                    "%(row)s: the provider is being asked at this moment. Wait a minute.",
                    row=self.display_name,
                )
            )
        if not self._is_key_good():
            raise UserError(
                self.env._(
                    "%(row)s: asked again, %(provider)s could move the money a second time. Look "
                    "for %(reference)s on its own page, then mark it as paid, or give it up.",
                    row=self.display_name,
                    provider=self.source_transaction_id.provider_id.name,
                    reference=self.transaction_id.reference,
                )
            )

    def _is_being_asked(self):
        """Whether somebody may be waiting for the provider's answer at this moment."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(seconds=ANSWER_SECONDS)
        return bool(self.date_attempt and self.date_attempt > limit)

    def _is_key_good(self):
        """Whether the provider would know the refund by its key, and not make it again."""
        self.ensure_one()
        if not self.attempts:
            return True
        limit = fields.Datetime.now() - timedelta(hours=KEY_HOURS)
        return (
            self.date_sent > limit and self.source_transaction_id.provider_id._knows_refund_keys()
        )

    # === WRITING BEFORE SENDING === #

    def _lock_money(self):
        """Lock what is owed and what was paid, so that what is decided on stays true. Who decided
        on what was true before is tried again by Odoo, as both are written to.

        :raise LockError: somebody else is paying the same at this moment
        """
        for records in (self.refund_id, self.source_transaction_id, self):
            wait_for_lock(records, touch=True)

    def _prepare_refund_transaction(self):
        """Write the refund that is going to be sent; what its payment can not give (any more) is
        planned anew (P3).

        :return: whether there is one
        """
        self.ensure_one()
        source = self.source_transaction_id
        # of the others only what was sent counts: the first to be sent gets it
        left = source._get_amount_left(except_rows=self, states=())
        is_over = self.currency_id.compare_amounts(self.amount, left) > 0
        if is_over or not self._fits_support(source):
            self._cancel_planned(
                self.env._("%(payment)s gives no more back.", payment=self._get_way_text())
            )
            self.refund_id._plan_repayments()
            return False
        self.transaction_id = source._create_child_transaction(self.amount, is_refund=True)
        return True

    def _fits_support(self, source):
        """Whether a payment can give back such a part of it."""
        support = source._get_refund_support()
        is_whole = self.currency_id.compare_amounts(self.amount, source.amount) == 0
        return support == "partial" or (support == "full_only" and is_whole)

    def _plan_again(self):
        """Plan what failed by the same payment anew, in place of what was planned for it since.

        :return: the new rows
        :raise UserError: it is paid, or on its way, by another row
        """
        new = self.browse()
        for row in self:
            planned = row.refund_id.rma_repayment_ids.filtered(
                lambda other: other.state == "planned" and other.way in ("bank", "manual")
            )
            amount = min(row.amount, sum(planned.mapped("amount")))
            if row.currency_id.is_zero(amount):
                raise UserError(
                    self.env._(
                        "%(row)s: nothing of it is planned by hand any more.", row=row.display_name
                    )
                )
            planned._lower(amount, self.env._("Tried again by the original payment."))
            vals = row._prepare_row_vals(row.refund_id, amount, "transaction")
            new |= self.create({**vals, "source_transaction_id": row.source_transaction_id.id})
        return new

    # === SENDING === #

    def _trigger_sending(self):
        """Have the provider asked once all this is committed: at once, or by the scheduler, which
        also takes up what is left when a server dies."""
        if not self:
            return
        cron = self.env.ref("sale_rma.ir_cron_rma_repayments").sudo()  # to be run, not changed
        now = fields.Datetime.now()
        soon = now if len(self) > AT_ONCE else now + timedelta(seconds=2 * ANSWER_SECONDS)
        cron._trigger(at=soon)
        if len(self) <= AT_ONCE:
            registry, ids = self.env.registry, self.ids
            self.env.cr.postcommit.add(lambda: self._send_apart(registry, ids))

    @api.model
    def _send_apart(self, registry, ids):
        """Ask the provider for each of these, in transactions of their own. Nothing that happens
        here is the caller's to see: rows tell it.

        :param ids: of rows that are committed
        """
        for row_id in ids:
            try:
                with registry.cursor() as cr:
                    env = Environment(cr, SUPERUSER_ID, {})
                    env[self._name].browse(row_id)._as_sender()._send_row()
            except Exception:
                _logger.warning("Repayment %s was not sent now", row_id, exc_info=True)

    def _as_sender(self):
        """Return the row as whoever had it sent works on it: his name is in the messages."""
        user = self.user_id or self.env.user
        context = {
            "allowed_company_ids": self.company_id.ids,
            "lang": user.lang,
            "tz": user.tz,
            "payment_backend_action": True,
        }
        return self.with_env(Environment(self.env.cr, user.id, context, su=True))

    def _send_row(self):
        """Ask the provider for a row, if it is to be asked, and write the answer. Commits: the
        transaction is one of its own."""
        attempt = self._take()
        self._commit()
        if not attempt:
            return
        try:
            self._ask(attempt)
            self._commit()
        except Exception as error:
            self.env.cr.rollback()
            self._note_no_answer(attempt, error)
            self._commit()
        self._post_process()

    def _commit(self):
        """Keep what is written, whatever comes: the transaction is one of our own, and what was
        sent must be known. Never called in a transaction of somebody else's."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _take(self):
        """Write that the provider is asked now, before it is.

        :return: number of the attempt; nothing if it is not to be asked
        """
        self.ensure_one()
        row = self.try_lock_for_update(allow_referencing=True)
        if not row or not row.is_queued or row.state not in ("sent", "unknown"):
            return 0
        if row.transaction_id.state != "draft":  # the provider told already
            row.is_queued = False
            row._follow()
            return 0
        if row._is_being_asked() or not row._is_key_good():
            row.is_queued = False
            return 0
        if not row.attempts and (reason := row._get_reason_not_to_ask()):
            row._take_back(reason)
            row.refund_id._plan_repayments()
            return 0
        now = fields.Datetime.now()
        row.write(
            {
                "is_queued": False,
                "attempts": row.attempts + 1,
                "date_attempt": now,
                "date_sent": row.date_sent or now,
            }
        )
        return row.attempts

    def _get_reason_not_to_ask(self):
        """Return in words why what was sent is not to be asked for after all."""
        self.ensure_one()
        if self.refund_id.state != "posted":
            return self.env._("The credit note is no longer posted.")
        if self.source_transaction_id._get_refund_support() == "none":
            return self.env._("%(payment)s gives no more back.", payment=self._get_way_text())
        return ""

    def _ask(self, attempt):
        """Ask the provider, in the transaction after the one that said so.

        :param int attempt: number that this attempt was given
        """
        row = self.try_lock_for_update(allow_referencing=True)
        limit = fields.Datetime.now() - timedelta(seconds=STEP_SECONDS)
        if not row or row.attempts != attempt or row.date_attempt < limit:
            return  # somebody else is at it, or this one was held up
        if row.state not in ("sent", "unknown"):
            return
        if row.transaction_id.state == "draft":
            prepared = PreparedRefund(row.transaction_id)
            source = row.source_transaction_id.with_context(rma_prepared_refund=prepared)
            source._refund(row.amount)
            self.env.flush_all()
        row._follow(was_answered=True)

    def _note_no_answer(self, attempt, error):
        """Write that nobody knows what the provider did.

        :param error: what came instead of an answer
        """
        _logger.warning("Repayment %s: no answer", self.id, exc_info=error)
        row = self.try_lock_for_update(allow_referencing=True)
        if not row or row.attempts != attempt:
            return
        if row.transaction_id.state != "draft":  # the webhook was quicker
            row._follow()
        elif row.state in ("sent", "unknown"):
            row._set_unknown(str(error))

    def _set_unknown(self, message=False):
        """The provider was asked and nobody knows what it did: people are told, unless it can be
        asked again."""
        for row in self:
            row._change_state("unknown", message=message)
            row._tell_unknown()

    def _tell_unknown(self):
        """Have people look on the provider's page, once, where asking again is not safe."""
        for row in self.filtered(lambda row: not row.is_told and not row._may_ask_by_itself()):
            row.is_told = True
            row._tell_staff(
                self.env._(
                    "It is not known whether %(amount)s went back by %(way)s: look for "
                    "%(reference)s on the provider's page, then mark the repayment as paid, "
                    "or give it up.",
                    amount=row.currency_id.format(row.amount),
                    way=row._get_way_text(),
                    reference=row.transaction_id.reference,
                )
            )

    def _may_ask_by_itself(self):
        """Whether the scheduler asks again, without anybody's decision."""
        self.ensure_one()
        return self.attempts < AUTO_ATTEMPTS and self._is_key_good()

    def _post_process(self):
        """Book what is done. The provider's answer is committed: what fails here is tried again by
        Odoo's own scheduler."""
        try:
            refunds = self.transaction_id.filtered(
                lambda tx: tx.state == "done" and not tx.is_post_processed
            )
            if refunds:
                refunds._post_process()
                self._commit()
        except Exception:
            self.env.cr.rollback()
            _logger.warning("Repayment %s is not booked yet", self.id, exc_info=True)

    # === SCHEDULER === #

    @api.model
    def _cron_send(self):
        """Take up what was left: rows that were never asked for, answers that never came, what the
        provider told meanwhile."""
        self._find_lost()._mark_lost()
        rows = self.search(Domain("is_queued", "=", True), order="id")
        remaining = len(rows)
        self.env["ir.cron"]._commit_progress(0, remaining=remaining)
        for row in rows:
            self._send_apart(self.env.registry, row.ids)
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break
        if self.search_count(Domain("state", "=", "unknown"), limit=1):
            cron = self.env.ref("sale_rma.ir_cron_rma_repayments")
            cron._trigger(at=fields.Datetime.now() + timedelta(minutes=5))

    @api.model
    def _find_lost(self):
        """Return rows of which the provider was asked and the answer is not written, and those
        whose refunds say more than they do."""
        limit = fields.Datetime.now() - timedelta(seconds=ANSWER_SECONDS)
        asked = Domain("date_attempt", "<", limit) & Domain("is_queued", "=", False)
        lost = asked & Domain("state", "in", ("sent", "unknown"))
        told = Domain("state", "in", ("sent", "unknown", "pending")) & Domain(
            "transaction_id.state", "in", ("done", "cancel", "error")
        )
        failed = Domain("state", "=", "done") & Domain(
            "transaction_id.state", "in", ("cancel", "error")
        )
        return self.search(lost | told | failed)

    def _mark_lost(self):
        """Follow what the provider told; have asked again for the rest, where it is safe, each time
        after twice as long."""
        for row in self.try_lock_for_update(allow_referencing=True):
            if row.transaction_id.state != "draft":
                row._follow()
                continue
            if row.state == "sent":
                row._set_unknown(self.env._("No answer came."))
            row._tell_unknown()
            pause = timedelta(seconds=ANSWER_SECONDS * 2**row.attempts)
            if row._may_ask_by_itself() and row.date_attempt + pause < fields.Datetime.now():
                row.is_queued = True
