"""What a return would give back, as its customer is told before it does."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Estimate:
    """What the items of a return would give back now. Amounts are tax included, in `currency`."""

    currency: object
    refund: float = 0.0
    fee: float = 0.0  # kept of it
    exchange: float = 0.0  # what is wanted instead costs
    has_exchange: bool = False
    parts: list = field(default_factory=list)  # what the refund is made of: (name, amount)
    unbilled: list = field(default_factory=list)  # names of items without an invoice
    way: str = ""  # in words where the money goes

    @property
    def balance(self):
        """Positive: paid back to the customer; negative: due by them."""
        return self.currency.round(self.refund - self.fee - self.exchange)

    @property
    def has_parts(self):
        """Whether there is more to tell than the amount."""
        return len(self.parts) > 1 or self.has_exchange or bool(self.fee)
