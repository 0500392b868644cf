"""What a refund consists of: goods, shipping, fee, adjustment, and what was given before."""

from dataclasses import dataclass, fields


@dataclass
class RefundParts:
    """Amounts tax included, in one currency; together they are the refund. What lowers it is below
    zero."""

    goods: float = 0.0
    shipping: float = 0.0
    fee: float = 0.0
    adjustment: float = 0.0
    given_before: float = 0.0

    def add(self, name, amount, given_before):
        """Count a line of a credit note.

        :param float amount: of the line
        :param float given_before: what it is less because it was given before
        """
        setattr(self, name, getattr(self, name) + amount + given_before)
        self.given_before -= given_before

    def describe(self, env, currency):
        """Return in words what the refund is made of: `Goods 53.10 + shipping 8.40 - fee 5.00`;
        nothing where it is goods alone."""
        names = {
            "shipping": env._("shipping"),
            "fee": env._("fee"),
            "adjustment": env._("adjustment"),
            "given_before": env._("given before"),
        }
        others = [
            f" {'-' if amount < 0 else '+'} {label} {currency.format(abs(amount))}"
            for name, label in names.items()
            if not currency.is_zero(amount := getattr(self, name))
        ]
        goods = env._("Goods %(amount)s", amount=currency.format(self.goods))
        return goods + "".join(others) if others else False

    def rounded(self, currency):
        """Return the parts in whole cents; the goods take the difference to their sum."""
        total = currency.round(sum(getattr(self, part.name) for part in fields(self)))
        others = [part.name for part in fields(self) if part.name != "goods"]
        values = {name: currency.round(getattr(self, name)) for name in others}
        return RefundParts(goods=currency.round(total - sum(values.values())), **values)
