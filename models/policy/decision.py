"""What the shop's rules and the law give for one sold line, and what is asked of them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple


class Case(NamedTuple):
    """A sold line (in superuser mode) whose return is decided on: for a kind of return, a
    `sale.rma.reason` (empty where it is not known yet) and a moment in UTC."""

    key: object
    line: object
    rma_type: str
    reason: object
    at: datetime


@dataclass(frozen=True)
class Decision:
    """Whether and on which terms a sold line may come back, as customers may ask for it.

    `until` is the last day to ask, None without a limit. `fee` is kept of the refund of everything
    bought on the line, tax included, in the order's currency; `fee_percent` and `fee_amount` tell
    how it is counted, `fee_per` whether the amount is once for each `line` or `return`.
    `explanation` is for customers and names no rule; `sentences` are for staff: each rule and
    floor that had a say, in its own words. `code` is `policy` or `late` where it is not allowed.
    """

    allowed: bool = True
    code: str = ""
    until: date | None = None
    resolutions: tuple = ("refund", "exchange")
    fee: float = 0.0
    fee_percent: float = 0.0
    fee_amount: float = 0.0
    fee_per: str = "line"
    cost_bearer: str = "customer"
    refund_shipping: bool = False
    bonus_percent: float = 0.0
    acceptance: str = "ask"
    photo_required: bool = False
    note_required: bool = False
    keep_below: float = 0.0
    refund_on: str = "clerk"
    explanation: str = ""
    sentences: tuple = field(default=(), compare=False)
    policy: object = field(default=None, compare=False)

    def get_fee(self, price, units):
        """Return what is kept of the refund of some units, an amount for each return included.

        :param float price: of one unit, tax included
        """
        return price * units * self.fee_percent / 100 + self.fee_amount

    @property
    def outcome(self):
        """What makes a difference to the customer, to compare decisions."""
        if not self.allowed:
            return (False,)
        fee_per = self.fee_per if self.fee_amount else None
        fee = (self.fee_percent, self.fee_amount, fee_per)
        return (True, *fee, self.cost_bearer, self.acceptance)

    def to_data(self):
        """Return the decision as it is kept on a return."""
        return {
            "allowed": self.allowed,
            "code": self.code,
            "until": self.until.isoformat() if self.until else None,
            "resolutions": list(self.resolutions),
            "fee_percent": self.fee_percent,
            "fee_amount": self.fee_amount,
            "fee_per": self.fee_per,
            "cost_bearer": self.cost_bearer,
            "refund_shipping": self.refund_shipping,
            "bonus_percent": self.bonus_percent,
            "acceptance": self.acceptance,
            "keep_below": self.keep_below,
            "refund_on": self.refund_on,
            "explanation": self.explanation,
            "sentences": list(self.sentences),
        }
