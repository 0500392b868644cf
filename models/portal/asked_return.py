"""What a customer typed on the form that asks for a return, and what is wrong with it."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class AskedLine:
    """A sold line on the request form: what is offered, what was typed and what is wrong."""

    sold: object
    offer: object
    price_paid: float = 0.0
    is_picked: bool = False
    typed_quantity: str = ""
    quantity: float = 0.0  # in the sold line's unit
    reason: object = None
    resolution: str = "refund"
    wishes: tuple = ()  # what can be wished for, the first as it is proposed
    wishes_message: str = ""  # why that is less than for other items
    product: object = None  # wanted instead
    typed_product: str = ""
    found: object = None  # products that what was typed may mean
    note: str = ""
    uploads: object = None
    posted: dict = field(default_factory=dict)  # all fields of the item, of other addons too
    errors: dict = field(default_factory=dict)

    @property
    def has_options(self):
        return self.offer.is_possible

    def get_error_list(self):
        return list(self.errors.items())


@dataclass(eq=False)
class AskedReturn:
    """A request form: its lines, what is wrong with the whole of it, and its key.

    The key names the form that was shown: however often it is sent, it makes one return.
    """

    order: object
    lines: list
    key: str = ""
    kind: str = "return"  # `rma_type`: `return`, or `claim` where something is wrong
    note: str = ""
    posted: dict = field(default_factory=dict)  # all fields of the form, of other addons too
    errors: list = field(default_factory=list)

    @property
    def picked(self):
        return [line for line in self.lines if line.is_picked]

    @property
    def offered(self):
        return [line for line in self.lines if line.offer.is_possible]

    @property
    def refused(self):
        """What cannot be sent back and somebody might look for: nobody looks for the shipping."""
        return [
            line
            for line in self.lines
            if not line.offer.is_possible and line.offer.code != "shipping"
        ]

    @property
    def is_late(self):
        """Whether nothing is offered, and would be if it were not too late."""
        return not self.offered and any(line.offer.code == "late" for line in self.lines)

    @property
    def is_exchange_open(self):
        """Whether something is to be exchanged, and nobody said yet for what."""
        return any(line.resolution == "exchange" and not line.product for line in self.picked)

    @property
    def is_repair(self):
        """Whether everything picked is to be repaired."""
        return all(line.resolution == "repair" for line in self.picked)

    @property
    def has_errors(self):
        return bool(self.errors or any(line.errors for line in self.lines))
