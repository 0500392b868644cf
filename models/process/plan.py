"""What is to be done with a return, as the engine works on it: who makes a plan says it in plain
data (`sale.rma._process`)."""

from dataclasses import dataclass, field

from ...tools.quantity_field import is_countable, round_units
from .proposal import get_qty_come, get_qty_credited


@dataclass(eq=False)
class PlanLine:
    """What happens to one returned item. Quantities in the sold line's unit."""

    rma_line: object
    given: frozenset  # names of what was said; the rest is proposed
    received: float = 0.0  # in all, with what came before
    restock: float = 0.0
    warehouse: object = None
    refund: float = 0.0
    keep: bool = False  # the customer keeps what did not come back
    ahead: bool = False  # what is kept is awaited all the same: refunded before it came
    exchange: bool = False
    exchange_product: object = None
    exchange_qty: float = 0.0
    exchange_price: float | None = None  # of one unit; none: what it costs by the rule
    # what is decided of the item besides: {field: value}, as it is written to it
    decided: dict = field(default_factory=dict)

    def to_data(self):
        """Return the line as plain data."""
        return {
            "rma_line": self.rma_line.id,
            "received": self.received,
            "restock": self.restock,
            "warehouse": self.warehouse.id if self.warehouse else False,
            "refund": self.refund,
            "keep": self.keep,
            "ahead": self.ahead,
            "exchange": self.exchange,
            "exchange_product": self.exchange_product.id if self.exchange_product else False,
            "exchange_qty": self.exchange_qty,
            "exchange_price": self.exchange_price,
            **self.decided,
        }

    @property
    def missing(self):
        """Units asked for that neither came back nor stay with the customer."""
        rma_line = self.rma_line
        if not is_countable(self.received):
            return 0.0
        refunded = get_qty_credited(rma_line)
        if self.keep and is_countable(self.refund):
            refunded += self.refund
        settled = max(get_qty_come(rma_line, self.received), refunded)
        return max(round_units(rma_line.product_uom_id, rma_line.quantity - settled), 0.0)

    @property
    def arriving(self):
        """Units that come now."""
        arriving = self.received - self.rma_line.qty_received
        return max(arriving, 0.0) if is_countable(arriving) else 0.0

    @property
    def does_something(self):
        """Whether anything is received, put back, refunded or exchanged."""
        arriving = self.received - self.rma_line.qty_received
        done = (arriving, self.restock, self.refund, self.exchange and self.exchange_qty)
        unit = self.rma_line.product_uom_id
        return any(not is_countable(quantity) or not unit.is_zero(quantity) for quantity in done)


@dataclass(eq=False)
class Plan:
    """What happens to one return. Amounts tax included, in the order's currency."""

    rma: object
    lines: list = field(default_factory=list)
    refund_shipping: bool = False
    fee: float = 0.0
    adjustment: float = 0.0
    adjustment_reason: str = ""
    exchange_carrier: object = None
    repay_by: str = "paid"  # the way the money goes back: as it was paid, or another one
    close: bool = True  # give up what is awaited; else the return stays open for it
    process_count: int | None = None  # which state of the return it was made for (R6)

    def to_data(self):
        """Return the plan as plain data, as `sale.rma._process` takes it."""
        carrier = self.exchange_carrier
        return {
            "rma": self.rma.id,
            "lines": [line.to_data() for line in self.lines],
            "refund_shipping": self.refund_shipping,
            "fee": self.fee,
            "adjustment": self.adjustment,
            "adjustment_reason": self.adjustment_reason,
            "exchange_carrier": carrier.id if carrier else False,
            "repay_by": self.repay_by,
            "close": self.close,
            "process_count": self.process_count,
        }

    @property
    def missing(self):
        """{return line: units that neither came back nor stay with the customer}"""
        missing = {}
        for line in self.lines:
            if quantity := line.missing:
                missing[line.rma_line] = quantity
        return missing

    @property
    def does_nothing(self):
        gives = self.refund_shipping or self.adjustment
        return not gives and not any(line.does_something for line in self.lines)

    @property
    def refunds(self):
        """{return line: units to credit}"""
        refunds = {}
        for line in self.lines:
            rma_line = line.rma_line
            if rma_line.product_uom_id.compare(line.refund, 0.0) > 0:
                refunds[rma_line] = refunds.get(rma_line, 0.0) + line.refund
        return refunds

    @property
    def decided(self):
        """{return line: {field: value} that is decided of it}"""
        return {line.rma_line: line.decided for line in self.lines if line.decided}

    @property
    def exchange_items(self):
        """(return line, product, quantity, price of one or none) of each exchange"""
        return [
            (line.rma_line, line.exchange_product, line.exchange_qty, line.exchange_price)
            for line in self.lines
            if line.exchange
            and line.exchange_product
            and is_countable(line.exchange_qty)  # else the checks refuse it
            and line.rma_line.product_uom_id.compare(line.exchange_qty, 0.0) > 0
        ]


def split_stock_quantities(lines):
    """Return what plans mean for the stock, in the sold lines' units: what arrives now (with what
    of it goes to stock), what waits in Returns and goes to stock, and what goes to stock in all.

    :param lines: `PlanLine`s
    """
    arrivals, put_backs, restocked = {}, {}, {}
    for line in lines:
        rma_line = line.rma_line
        uom = rma_line.product_uom_id
        key = rma_line, line.warehouse
        arriving = round_units(uom, line.received - rma_line.qty_received)
        straight = min(max(arriving, 0.0), line.restock)
        if arriving > 0:
            arrivals[key] = (arriving, straight)
        if uom.compare(line.restock, straight) > 0:
            put_backs[key] = round_units(uom, line.restock - straight)
        if line.restock > 0:
            restocked[key] = line.restock
    return arrivals, put_backs, restocked
