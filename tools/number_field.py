import math

from odoo import fields
from odoo.exceptions import UserError

# Amounts that nobody pays; what is beyond rounds wrong, or not at all.
MOST_AMOUNT = 1e12
MOST_PERCENT = 1000
# Days that calendars can hold, from today in either direction.
MOST_COUNT = 100_000


class Amount(fields.Monetary):
    """An amount that is typed in: what is no amount (NaN, infinity, a word sent by a program) is
    refused in words; a plain one fails while rounding it, or posts it."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `fields.Monetary`: refuse what is no amount."""
        return super().convert_to_cache(_read(self, value, record, MOST_AMOUNT), record, validate)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        """Override of `fields.Monetary`: refuse what is no amount."""
        value = _read(self, value, record, MOST_AMOUNT)
        return super().convert_to_column_insert(value, record, values, validate)


class Count(fields.Integer):
    """A number of days, years or places that is typed in: what the database or a calendar cannot
    hold is refused in words."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `fields.Integer`: refuse what is no such number."""
        if validate:
            value = int(_read(self, value, record, MOST_COUNT))
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        """Override of `fields.Integer`: refuse what is no such number."""
        value = int(_read(self, value, record, MOST_COUNT))
        return super().convert_to_column(value, record, values, validate)


class Percent(fields.Float):
    """A percentage that is typed in: what is no number is refused in words."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `fields.Float`: refuse what is no such number."""
        if validate:
            value = _read(self, value, record, MOST_PERCENT)
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        """Override of `fields.Float`: refuse what is no such number."""
        value = _read(self, value, record, MOST_PERCENT)
        return super().convert_to_column(value, record, values, validate)


def check_number(env, label, value, most=MOST_AMOUNT):
    """Return a value as a number.

    :param str label: what the value is called
    :raise UserError: it is none, or beyond what is possible
    """
    try:
        number = float(value or 0.0)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if abs(number) <= most:  # NaN compares to nothing
        return number
    raise UserError(
        env._(
            "%(field)s: %(value)s is no number that is possible here. Type one of at most "
            "%(most)s.",
            field=label,
            value=str(value)[:40],
            most=f"{most:.0f}",
        )
    )


def _read(field, value, record, most):
    return check_number(record.env, field._description_string(record.env), value, most)
