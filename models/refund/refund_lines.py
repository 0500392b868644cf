"""What the refund engine works on: invoice lines, and the credit notes that are to be."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from .rounding import Amounts

# Less than any unit can say, more than the noise of float arithmetic.
EPSILON = 1e-6


class DocumentAmounts(dict):
    """{journal item: `Amounts`} as its journal entry has them, read when first asked for."""

    def __missing__(self, line):
        move = line.move_id
        # read for all documents that are worked on together; the engine reads one by one
        for name in ("tax_ids", "tax_tag_ids"):
            move.line_ids.mapped(name)
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        for base_line in base_lines:
            item = base_line["record"]
            amounts = self[item] = Amounts.from_base_line(base_line)
            # a rate changed on the draft is not the engine's to the last cent
            amounts[None, "total_excluded_currency"] = move.direction_sign * item.amount_currency
            amounts[None, "total_excluded"] = move.direction_sign * item.balance
        self._spread_early_payment(base_lines)
        return self.setdefault(line, Amounts())

    def _spread_early_payment(self, base_lines):
        """An early payment discount lowers the taxes by journal items of its own: give each item
        of these taxes its share."""
        for discount in base_lines:
            if discount["special_type"] != "early_payment" or not discount["tax_ids"]:
                continue
            items = [
                base_line["record"]
                for base_line in base_lines
                if base_line["record"].display_type == "product"
                and base_line["tax_ids"] == discount["tax_ids"]
            ]
            weights = {item: abs(self[item].untaxed) for item in items}
            move = discount["record"].move_id
            shares = self[discount["record"]].taxes.split(
                weights, move.currency_id, move.company_currency_id
            )
            for item, share in shares.items():
                self[item] += share


@dataclass(eq=False)
class BilledLine:
    """A posted invoice line, and what credit notes took off it. Quantities in its own unit."""

    sold: object
    line: object
    documents: DocumentAmounts
    is_one_of_many: bool = False  # other invoice lines bill the same sold line
    credited: float = 0.0
    credits: list = field(default_factory=list)  # (credit note's line, the part that counts here)
    goodwills: list = field(default_factory=list)  # as `credits`, which they are among
    goodwill_units: float = 0.0  # that goodwills name
    taken: float = 0.0  # to be credited now
    taken_amounts: Amounts = field(default_factory=Amounts)
    computed: dict = field(default_factory=dict)  # {quantity: its amounts}
    difference: Amounts | None = None  # of the line's amounts from what the tax engine says

    @property
    def quantity(self):
        return self.line.quantity

    @property
    def left(self):
        left = self.quantity - self.credited - self.taken
        return left if left > EPSILON else 0.0

    @cached_property
    def rate(self):
        """Units of the order's currency for one of the invoice's, which mostly is the same."""
        invoice, currency = self.line.move_id, self.sold.currency_id
        if invoice.currency_id == currency:
            return 1.0
        return invoice._get_company_rate(currency) / invoice.invoice_currency_rate

    def to_sold_unit(self, quantity):
        """Return a quantity in the line's unit in the sold line's."""
        unit = self.line.product_uom_id
        return unit._compute_quantity(quantity, self.sold.product_uom_id, round=False)

    @cached_property
    def amounts(self):
        return self.documents[self.line]

    @cached_property
    def credited_before(self):
        """Amounts that credit notes gave back."""
        return self._sum_credits(self.credits)

    @cached_property
    def goodwill(self):
        """Amounts that credit notes made by hand gave back beside units."""
        return self._sum_credits(self.goodwills)

    def _sum_credits(self, credits):
        amounts = Amounts()
        for line, share in credits:
            given = self.documents[line]
            if line.currency_id != self.line.currency_id:
                given = given.revalued(self.line.move_id.invoice_currency_rate)
            amounts = amounts.combine(given, share)
        return amounts

    @property
    def credited_amounts(self):
        """Amounts given back, with what is taken now."""
        return self.credited_before + self.taken_amounts

    @property
    def remaining(self):
        """Amounts neither given back nor taken now."""
        return self.amounts - self.credited_amounts

    def add_credit(self, line, quantity, share):
        """Count a credit note's line.

        :param float quantity: units it takes off this line, below zero where it undoes a credit
        :param float share: part of the credit note line's amounts that belongs here
        """
        self.credited += quantity
        self.credits.append((line, share))

    def add_goodwill(self, line, quantity, share):
        """Count a credit note's line that gives an amount, and no unit; parameters as in
        `add_credit`."""
        self.goodwill_units += quantity
        self.goodwills.append((line, share))
        self.credits.append((line, share))


@dataclass(eq=False)
class Goodwill:
    """What a document gave beside units, on no sold line. Amounts tax included, in the order's
    currency."""

    source: object  # the credit note, or an invoice with a rebate
    line: object = None  # the journal item that most of it stands on
    given: float = 0.0
    amount: float = 0.0  # of it, not set off yet

    def add(self, line, direction, currency):
        """Count a journal item that gives, sets off or undoes.

        :param int direction: 1 on a credit note, -1 on an invoice
        """
        move = line.move_id
        rate = 1.0
        if move.currency_id != currency:
            rate = move._get_company_rate(currency) / move.invoice_currency_rate
        amount = direction * line.price_total * rate
        self.amount += amount
        if line.rma_set_off_id:
            return
        self.given += amount
        is_own = move == self.source and amount > 0
        if is_own and (not self.line or abs(line.price_total) > abs(self.line.price_total)):
            self.line = line


@dataclass(eq=False)
class DiscountShare:
    """What a discount line took off a sold line: of the units it was given on, as far as they are
    billed. Units that were added to the line later have no share, the first that come back do."""

    lines: list  # the sold line's `BilledLine`s
    weight: float
    units: float  # in the sold line's unit

    @property
    def part_credited(self):
        """How much of the share is credited, with what is taken now: 0 to 1."""
        credited = sum(line.to_sold_unit(line.credited + line.taken) for line in self.lines)
        return min(max(credited / self.units, 0.0), 1.0) if self.units else 0.0


@dataclass(eq=False)
class CreditLine:
    """A line of a credit note to be: the values of its journal item, and its exact amounts."""

    vals: dict
    amounts: Amounts
    given_before: float = 0.0  # what it is less because it was given before, tax included
    base_line: dict = None
    # {tax id: which journal item its amount becomes a part of}, where it is not one for each tax
    tax_items: dict = field(default_factory=dict)


@dataclass(eq=False)
class Credit:
    """A credit note to be, and the invoice it reverses."""

    invoice: object
    lines: list = field(default_factory=list)

    @property
    def total(self):
        """In the invoice's currency, tax included."""
        return sum(line.amounts.total for line in self.lines)

    @property
    def company_total(self):
        """In the company's currency, tax included."""
        return sum(line.amounts.company_total for line in self.lines)

    def get_amounts_in(self, currency):
        """Return the `Amounts` of each line with those of the invoice's currency in another: what
        the books have in the company's, at the rate of the invoice's date. Their total is that of
        the credit note so converted, the same as `account.move._get_total_in`."""
        invoice = self.invoice
        if invoice.currency_id == currency or not self.lines:
            return [line.amounts for line in self.lines]
        rate = invoice._get_company_rate(currency)
        whole = sum((line.amounts for line in self.lines), Amounts()).revalued(rate)
        converted = [
            line.amounts.revalued(rate).rounded(currency, invoice.company_currency_id)
            for line in self.lines
        ]
        rest = currency.round(whole.total) - sum(amounts.total for amounts in converted)
        converted[0][None, "total_excluded_currency"] += rest
        return converted

    def get_total_in(self, currency):
        """In a currency, tax included."""
        return sum(amounts.total for amounts in self.get_amounts_in(currency))

    def align_signs(self):
        """Have no journal item stand on one side in the document's currency and on the other in
        the company's, which Odoo refuses: what cents of rounding turned round in the company's
        is moved between a line's base and its tax, so that its total stays."""
        taxes = defaultdict(list)
        for line in self.lines:
            line.amounts.align_base()
            for tax_id, name in line.amounts:
                if name == "tax_amount":
                    taxes[line.tax_items.get(tax_id, tax_id)].append((line.amounts, tax_id))
        for parts in taxes.values():
            given = sum(amounts[tax_id, "tax_amount_currency"] for amounts, tax_id in parts)
            turned = sum(amounts[tax_id, "tax_amount"] for amounts, tax_id in parts)
            if given * turned < 0:
                largest, tax_id = max(parts, key=lambda part: abs(part[0].untaxed))
                largest.move(turned, (tax_id, "tax_amount"), (None, "total_excluded"))
