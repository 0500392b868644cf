from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.mail_address import get_mailbox

# Most acknowledgements, by the hours in which they are written. Statements never wait.
PER_MAILBOX = {1: 5, 24: 20}
PER_ORDER = {1: 5}
# Most acknowledgements a minute for all that no order is known of: the rest is for those that wait.
# Times an hour that colleagues may have an acknowledgement sent once more.
RECEIPTS_BY_HAND = 3
PER_MINUTE_AT_ONCE = 20
PER_MINUTE = 40
SAME_STATEMENT_HOURS = 24
NETWORK_KEPT_DAYS = 2
CLOSED = ("refused", "expired", "cancel")


class ReceiptBudget:
    """Which acknowledgements may still be written, counted over those that were written lately."""

    def __init__(self, written, now):
        self.mailboxes, self.orders, self.network_keys = Counter(), Counter(), Counter()
        self.others, self.minute = {}, 0
        for event in written:
            age = now - event.date
            self._count(event.withdrawal_id, event.order_id, event.mailbox, age)

    def _count(self, withdrawal, order, mailbox, age=timedelta()):
        for counter, key, limits in (
            (self.mailboxes, mailbox, PER_MAILBOX),
            (self.orders, order.id, PER_ORDER),
        ):
            counter.update((key, hours) for hours in limits if age < timedelta(hours=hours))
        if order:
            self.others.setdefault(order.id, set()).add(mailbox)
            return
        if age < timedelta(hours=1):
            self.network_keys[withdrawal.network_key] += 1
        self.minute += age < timedelta(minutes=1)

    def add(self, withdrawal, order, mailbox):
        """Count an acknowledgement that is written now."""
        self._count(withdrawal, order, mailbox)

    def is_reached(self, withdrawal, order, mailbox, is_own):
        """Whether an acknowledgement has to wait.

        :param order: that is known, by login, by its link or because it was found
        :param bool is_own: whether the mailbox is the order's customer's
        """
        if order:
            if any(self.orders[order.id, hours] >= most for hours, most in PER_ORDER.items()):
                return True
            if is_own:
                return False
        if any(self.mailboxes[mailbox, hours] >= most for hours, most in PER_MAILBOX.items()):
            return True
        if order or not withdrawal.network_key:
            return False
        return self.network_keys[withdrawal.network_key] >= withdrawal.network_limit

    def is_minute_full(self, most):
        """Whether as many acknowledgements as that were written for what no order is known of."""
        return self.minute >= most


class SaleRmaWithdrawal(models.Model):
    """How many acknowledgements are mailed: the form mails to whatever address is typed."""

    _inherit = "sale.rma.withdrawal"

    mailbox = fields.Char(
        compute="_compute_mailbox",
        store=True,
        index=True,
        help="Where the receipt goes, in the one spelling that is counted by.",
    )
    network_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Names where it came from and tells nothing of it; forgotten after two days.",
    )
    network_limit = fields.Integer(readonly=True, copy=False, groups="base.group_system")

    @api.model
    def _get_technical_names(self):
        """Override: stored for the program alone."""
        return super()._get_technical_names() | {"network_key", "network_limit"}

    @api.depends("email")
    def _compute_mailbox(self):
        for withdrawal in self:
            withdrawal.mailbox = get_mailbox(withdrawal.email)

    @api.model
    def _prepare_network(self, ip):
        """Return the values that tell one network from another.

        :param str ip: where the statement came from, if that is known
        """
        if not ip:
            return {}
        guests = self.env["sale.rma.guest.request"]
        return {
            "network_key": guests._get_network_key(ip),
            "network_limit": guests._get_asks_per_network(ip),
        }

    def _check_sent_by_hand(self):
        """:raise UserError: colleagues sent an acknowledgement often enough lately: whoever typed
        the address into the form need not be its owner"""
        since = fields.Datetime.now() - relativedelta(hours=1)
        # sudo: the mails of withdrawals that the caller may see are counted only
        groups = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "=", "auto_comment"),
                    ("date", ">", since),
                ],
                ["res_id"],
                ["__count"],
                having=[("__count", ">", RECEIPTS_BY_HAND)],
            )
        )
        if often := self.browse([res_id for res_id, _count in groups]):
            raise UserError(
                self.env._(
                    "%(withdrawals)s: the receipt was sent often enough within the hour. Wait a "
                    "while, or write to the customer yourself.",
                    withdrawals=", ".join(often.mapped("name")),
                )
            )

    @api.autovacuum
    def _gc_network_keys(self):
        """Forget where statements came from: no part of the evidence."""
        limit = fields.Datetime.now() - relativedelta(days=NETWORK_KEPT_DAYS)
        self.env.execute_query(
            SQL(
                "UPDATE sale_rma_withdrawal SET network_key = NULL "
                "WHERE network_key IS NOT NULL AND submitted_at < %s RETURNING id",
                limit,
            )
        )
        self.invalidate_model(["network_key"])

    # === THE SAME AGAIN === #

    @api.model
    def _find_same_statement(self, values):
        """Return the statement of the last day that said the same, and stands: its acknowledgement
        was mailed or will be, and what it opened is not closed. It takes one query, whether an
        order was found or not.

        :param dict values: to create a withdrawal with
        """
        at = values["submitted_at"]
        unusable = [("kind", "in", ("failed", "bounced", "checked"))]
        candidates = self.search(
            Domain("company_id", "=", values["company_id"])
            & Domain("mailbox", "=", get_mailbox(values["email"]))
            & Domain("order_id", "=", values.get("order_id") or False)
            & Domain("submitted_at", ">", at - relativedelta(hours=SAME_STATEMENT_HOURS))
            & Domain("event_ids", "any", [("kind", "in", ("written", "held"))])
            & Domain("event_ids", "not any", unusable)
            & Domain("event_ids", "not any", [("rma_id.state", "in", CLOSED)])
            & (Domain("rma_id", "=", False) | Domain("rma_id.state", "not in", CLOSED)),
            order="id desc",
            limit=50,
        )
        said = self._normalize_statement(values)
        fields_said = ("contract", "part", "items")
        return candidates.filtered(
            lambda same: (
                self._normalize_statement({name: same[name] for name in fields_said}) == said
            )
        )[:1]

    @api.model
    def _normalize_statement(self, values):
        words = [
            " ".join((values.get(name) or "").casefold().split()) for name in ("contract", "part")
        ]
        items = {item["sale_line_id"]: item["quantity"] for item in values.get("items") or []}
        return words, items

    # === BUDGET === #

    def _get_receipt_budget(self, orders):
        """Return what may still be written, as far as these withdrawals are concerned.

        :param orders: that are known of them
        """
        now = fields.Datetime.now()
        mailboxes = {*self.mapped("mailbox"), *map(get_mailbox, orders._get_rma_addresses())}
        network_keys = set(self.mapped("network_key")) - {False}
        # sudo: counted, not shown
        events = self.env["sale.rma.withdrawal.event"].sudo()
        lately = {hours: now - relativedelta(hours=hours) for hours in (1, 24)}
        written = events.search_fetch(
            Domain("kind", "=", "written")
            & (
                Domain("date", ">", now - relativedelta(minutes=1))
                | (Domain("date", ">", lately[24]) & Domain("mailbox", "in", list(mailboxes)))
                | (Domain("date", ">", lately[24]) & Domain("order_id", "in", orders.ids))
                | (
                    Domain("date", ">", lately[1])
                    & Domain("withdrawal_id.network_key", "in", list(network_keys))
                )
            ),
            ["withdrawal_id", "order_id", "mailbox", "date"],
        )
        return ReceiptBudget(written, now)

    def _get_receipt_address(self, order, budget):
        """Return where the acknowledgement goes: to the address that was typed; where the order is
        known, to its customer's or one other a day, so that its link writes to nobody else.

        :return: (address, whether it is the customer's)
        """
        self.ensure_one()
        own = {get_mailbox(address): address for address in order._get_rma_addresses()}
        if not order or self.mailbox in own or not own:
            return self.email, self.mailbox in own
        others = budget.others.get(order.id, set()) - set(own)
        if not others or self.mailbox in others:
            return self.email, False
        return next(iter(own.values())), True

    @api.model
    def _sort_fairly(self, withdrawals, known):
        """Return withdrawals in the order in which their acknowledgements are written: what an
        order is known of first; then one of each mailbox and network after the other, the newest
        and the oldest by turns, so that a flood makes nobody else wait.

        :param withdrawals: newest first
        :param known: those of them that an order is known of
        """
        rest = [withdrawal for withdrawal in withdrawals if withdrawal not in known]
        by_turns = [
            rest[index // 2] if index % 2 == 0 else rest[-1 - index // 2]
            for index in range(len(rest))
        ]
        taken, ranks = Counter(), {}
        for withdrawal in by_turns:
            keys = [("mailbox", withdrawal.mailbox)]
            if withdrawal.network_key:
                keys.append(("network", withdrawal.network_key))
            ranks[withdrawal] = max(taken[key] for key in keys)
            taken.update(keys)
        return [*known, *sorted(by_turns, key=ranks.get)]
