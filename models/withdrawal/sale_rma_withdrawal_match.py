import re

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import email_normalize

# What separates words where somebody names a contract.
SEPARATORS = re.compile(r"[\s,;:()\[\]\"'«»„“”]+")

MAX_TERMS = 30

# A word with so many digits may be a number; a statement has few of them, such as those of an
# order and its invoice.
NUMBER = re.compile(r"(?:\D*\d){4}")

MAX_NUMBERS = 3

# Statements of one mailbox that met no order in a day, after which a colleague compares by hand.
MAX_MISSES = 10


class SaleRmaWithdrawal(models.Model):
    """Which order a statement means."""

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _match_order(self, contract, email):
        """Find the company's order whose number and e-mail address were given. A statement names
        one order: what names more may be somebody's who tries numbers, and a colleague decides.

        :return: (`sale.order`, empty if there is not exactly one; for colleagues why)
        """
        orders = self.env["sale.order"]
        contract = contract.strip()
        if self._count_numbers(contract) > MAX_NUMBERS:
            return orders, self.env._("It names many numbers: one statement is about one order.")
        terms = [contract, *SEPARATORS.split(contract)][:MAX_TERMS]
        terms = {term.strip("#.°/-_") for term in terms} - {""}
        terms |= {term.upper() for term in terms}
        named = orders.search(
            [
                ("state", "=", "sale"),
                ("company_id", "=", self.env.company.id),
                "|",
                "|",
                ("name", "in", list(terms)),
                ("client_order_ref", "in", list(terms)),
                ("order_line.invoice_lines.move_id.name", "in", list(terms)),
            ],
            limit=50,
        )
        email = email_normalize(email)
        own = named.filtered(lambda order: order._is_rma_guest_address(email))
        if len(named) == 1 and own:
            return own, ""
        if own:
            return orders, self.env._(
                "Several orders are named: %(orders)s.", orders=", ".join(named.mapped("name"))
            )
        if named:
            return orders, self.env._(
                "The e-mail address is not that of %(orders)s.",
                orders=", ".join(named.mapped("name")),
            )
        return orders, self.env._("No order has this number.")

    @api.model
    def _count_numbers(self, text):
        """Return how many different words of a text may be the number of something."""
        return len({word.casefold() for word in SEPARATORS.split(text) if NUMBER.match(word)})

    def _is_match_throttled(self):
        """Whether as many statements of this mailbox met no order of late as nobody needs."""
        self.ensure_one()
        since = self.submitted_at - relativedelta(hours=24)
        missed = self.search_count(
            [
                ("mailbox", "=", self.mailbox),
                ("submitted_at", ">", since),
                ("id", "!=", self.id),
                ("channel", "=", "form"),
                ("event_ids", "any", [("kind", "=", "asked"), ("doubt", "=", "unmatched")]),
            ],
            limit=MAX_MISSES,
        )
        return missed >= MAX_MISSES

    @api.model
    def _find_doubt(self, order, order_note, part, at):
        """Return why a colleague has to decide, as a value of `doubt`, and in words."""
        if not order:
            return "unmatched", order_note
        period = self.env["sale.rma.period"]._get_periods(order, at=at)[order]
        if not period.is_open:
            return "late", period.explanation
        if part:
            return "doubtful", self.env._("The consumer names the items in words.")
        return "none", ""
