import math
import re

from odoo import fields
from odoo.tools import float_repr, formatLang

# Finer than any unit's rounding, coarser than the noise of float arithmetic.
MOST_DECIMALS = 6
# Beyond it rounding fails: nobody counts so far.
TOO_MANY = 1e100
TYPED = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)


class Quantity(fields.Float):
    """A float that takes in what is no number (NaN, infinity, a word sent by a program), for the
    model's checks to refuse it naming the product; a plain one fails while rounding it, naming
    nothing."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `fields.Float`: keep what cannot be rounded."""
        if _is_number(value):
            return super().convert_to_cache(value, record, validate)
        return math.nan

    def convert_to_column(self, value, record, values=None, validate=True):
        """Override of `fields.Float`: keep what cannot be rounded."""
        if _is_number(value):
            return super().convert_to_column(value, record, values, validate)
        return math.nan


def read_quantity(text):
    """Return a quantity as people type it, with a point or a comma; None for all else, such as
    `nan` or `1e9`: the one reader of what customers type."""
    text = text.strip()
    return float(text.replace(",", ".")) if TYPED.fullmatch(text) else None


def format_quantity(env, quantity, unit=None):
    """Return a quantity in the reader's language with all its digits and no idle zeros: `1.5`,
    in French `1 234 567,125`; with a unit of measure `2 pieces`, in French `1,5 kg`. What is no
    number, or none that people write, is shown as it is. The one writer of quantities."""
    if unit:
        text = format_quantity(env, quantity)
        # not env.ref, which asks the database each time
        if unit.id != env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"):
            return f"{text} {unit.name}"
        if quantity == 1:
            return env._("%(quantity)s piece", quantity=text)
        return env._("%(quantity)s pieces", quantity=text)
    if not abs(quantity) < 1e15:
        return f"{quantity:g}"
    decimals = float_repr(quantity, MOST_DECIMALS).rstrip("0").partition(".")[2]
    return formatLang(env, quantity, digits=len(decimals))


def round_units(unit, quantity):
    """Return a quantity rounded to a unit of measure; nothing where there is no unit, as on
    sections, notes and down payments."""
    return unit.round(quantity) if unit else 0.0


def is_countable(quantity):
    """Whether it is a number that can be rounded and compared."""
    return abs(quantity) < TOO_MANY  # NaN compares to nothing


def _is_number(value):
    try:
        return is_countable(float(value or 0.0))
    except (TypeError, ValueError, OverflowError):
        return False
