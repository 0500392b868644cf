"""Amounts of one document line: its base and each of its taxes, in both currencies.

The tax engine of Odoo computes them (`tax_details` of a base line) and takes them back
(`extra_tax_data` of a journal item); here they are only added, subtracted and compared.
"""

BASE_KEYS = ("total_excluded_currency", "total_excluded")
TAX_KEYS = ("tax_amount_currency", "tax_amount", "base_amount_currency", "base_amount")
TOTAL_KEYS = ("total_excluded_currency", "tax_amount_currency")


class Amounts(dict):
    """{(tax id or None for the base, amount's name): amount}; names as in the tax engine, those
    ending in `_currency` in the document's currency, the others in the company's. What a reverse
    charge takes off again stands under the negative id of its tax."""

    @classmethod
    def from_base_line(cls, base_line):
        """Read the rounded amounts of a base line that went through the tax engine."""
        details = base_line["tax_details"]
        amounts = cls({(None, key): details[key] + details[f"delta_{key}"] for key in BASE_KEYS})
        for tax_data in details["taxes_data"]:
            tax_id = tax_data["tax"].id * (-1 if tax_data["is_reverse_charge"] else 1)
            for key in TAX_KEYS:
                amounts[tax_id, key] = tax_data[key]
        return amounts

    @property
    def total(self):
        """In the document's currency, tax included."""
        return sum(amount for (_tax, key), amount in self.items() if key in TOTAL_KEYS)

    @property
    def company_total(self):
        """In the company's currency, tax included."""
        return self.revalued(1.0).total

    @property
    def untaxed(self):
        """In the document's currency."""
        return self.get((None, "total_excluded_currency"), 0.0)

    @property
    def taxes(self):
        """The amounts without the base."""
        return Amounts({key: amount for key, amount in self.items() if key[0]})

    def split(self, weights, currency, company_currency):
        """Return {key: its part in whole cents} by weights; the greatest takes the remainder."""
        total = sum(weights.values())
        parts, remaining = {}, self
        for key in sorted(weights, key=weights.get):
            is_last = len(parts) == len(weights) - 1
            part = self.scaled(weights[key] / total if total else 0.0)
            parts[key] = (remaining if is_last else part).rounded(currency, company_currency)
            remaining -= parts[key]
        return parts

    def combine(self, other, factor):
        """Return self + factor * other."""
        keys = {**self, **other}
        return Amounts({key: self.get(key, 0.0) + factor * other.get(key, 0.0) for key in keys})

    def __add__(self, other):
        return self.combine(other, 1)

    def __sub__(self, other):
        return self.combine(other, -1)

    def scaled(self, factor):
        """Return factor * self."""
        return Amounts().combine(self, factor)

    def rounded(self, currency, company_currency):
        """Return the amounts in whole cents, each of its currency."""
        return Amounts(
            {
                (tax_id, key): (currency if key.endswith("_currency") else company_currency).round(
                    amount
                )
                for (tax_id, key), amount in self.items()
            }
        )

    def revalued(self, rate):
        """Return the amounts with those in the document's currency told anew from the company's.

        :param float rate: units of the new currency for one of the company's
        """
        return Amounts(
            {
                (tax_id, key): self.get((tax_id, key.removesuffix("_currency")), 0.0) * rate
                if key.endswith("_currency")
                else amount
                for (tax_id, key), amount in self.items()
            }
        )

    def move(self, amount, source, target):
        """Take an amount from one of the keys to another."""
        self[source] -= amount
        self[target] += amount

    def align_base(self):
        """Have the base on the same side in both currencies: see `Credit.align_signs`."""
        turned = self.get((None, "total_excluded"), 0.0)
        taxes = [key for key in self if key[0] and key[1] == "tax_amount"]
        if self.untaxed * turned < 0:
            target = max(taxes, key=lambda key: abs(self[key]), default=None)
            if target:
                self.move(turned, (None, "total_excluded"), target)
            else:
                self[None, "total_excluded"] = 0.0

    def to_extra_tax_data(self, vals, currency, rate):
        """Return the `extra_tax_data` that makes the tax engine give exactly these amounts.

        :param dict vals: the journal item's `price_unit`, `quantity` and `discount`: the engine
            heeds the amounts only as long as nobody changes these
        """
        taxes = {}
        for (tax_id, key), amount in self.items():
            if tax_id and tax_id > 0:
                taxes.setdefault(str(tax_id), {})[key] = amount
        return {
            "manual_total_excluded_currency": self[None, "total_excluded_currency"],
            "manual_total_excluded": self[None, "total_excluded"],
            # without taxes the engine still asks for an entry before it reads the totals
            "manual_tax_amounts": taxes or {"0": {}},
            "currency_id": currency.id,
            "price_unit": vals["price_unit"],
            "discount": vals["discount"],
            "quantity": vals["quantity"],
            "rate": rate,
        }


def compensate(increment, target, credited, billed, get_tolerance):
    """Return what to credit so that the sum of all credits follows the invoice (R4).

    :param Amounts increment: what the units cost by themselves
    :param Amounts target: what the units credited before should have given
    :param Amounts credited: what they gave; a small difference is rounding and is made up for,
        a larger one was somebody's intention (a goodwill credit) and stays
    :param Amounts billed: the invoice line's amounts: the sum of credits never exceeds them
    :param get_tolerance: returns for an amount's name the largest difference that is rounding
    """
    result = Amounts()
    for key, amount in increment.items():
        residue = target.get(key, 0.0) - credited.get(key, 0.0)
        if abs(residue) <= get_tolerance(key[1]):
            amount += residue
        left = billed.get(key, 0.0) - credited.get(key, 0.0)
        limit = min if billed.get(key, 0.0) >= 0 else max
        result[key] = limit(amount, left)
    return result
