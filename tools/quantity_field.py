import math
import re

from odoo import fields
from odoo.tools import float_repr, float_round, formatLang

# Finer than any unit's rounding, coarser than the noise of float arithmetic.
MOST_DECIMALS = 6
# Beyond it rounding fails: nobody counts so far.
TOO_MANY = 1e100
TYPED = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)


class Units(fields.Float):
    """A number of sold units, shown in the digits of units of measure and kept in more: a sixth of
    a pack is one piece, which no two decimals can say (`round_units`)."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `fields.Float`: rounded by the unit, not by the digits shown."""
        return float_round(float(value or 0.0), precision_digits=MOST_DECIMALS)

    def convert_to_column(self, value, record, values=None, validate=True):
        """Override of `fields.Float`: as in the cache."""
        rounded = float_round(float(value or 0.0), precision_digits=MOST_DECIMALS)
        return float_repr(rounded, precision_digits=MOST_DECIMALS)


class Quantity(Units):
    """A number of units that takes in what is no number (NaN, infinity, a word sent by a program),
    for the model's checks to refuse it naming the product; a plain one fails while rounding it,
    naming nothing."""

    def convert_to_cache(self, value, record, validate=True):
        """Override of `Units`: keep what cannot be rounded."""
        if _is_number(value):
            return super().convert_to_cache(value, record, validate)
        return math.nan

    def convert_to_column(self, value, record, values=None, validate=True):
        """Override of `Units`: keep what cannot be rounded."""
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
        pieces = get_pieces(unit)
        if pieces > 1 and is_countable(quantity) and quantity != round(quantity):
            count = round_units(unit, quantity) * pieces
            if abs(count - round(count)) < 10**-MOST_DECIMALS:  # of a pack, so many pieces
                piece_id = env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
                return format_quantity(env, round(count), unit.browse(piece_id))
        text = format_quantity(env, quantity)
        # not env.ref, which asks the database each time
        if unit.id != env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"):
            return f"{text} {unit.name}"
        if quantity == 1:
            return env._("%(quantity)s piece", quantity=text)
        return env._("%(quantity)s pieces", quantity=text)
    if not abs(quantity) < 1e15:
        return f"{quantity:g}"
    decimals = len(float_repr(quantity, MOST_DECIMALS).rstrip("0").partition(".")[2])
    if decimals == MOST_DECIMALS:  # it has no end: a piece of a pack
        decimals = env["decimal.precision"].precision_get("Product Unit")
    return formatLang(env, quantity, digits=decimals)


def round_units(unit, quantity):
    """Return a quantity rounded to a unit of measure, of packs and dozens to their pieces where it
    is so near to a number of them that the unit's digits cannot tell them apart; nothing where
    there is no unit, as on sections, notes and down payments. The one rounding of sold units."""
    if not unit:
        return 0.0
    pieces = get_pieces(unit)
    if pieces > 1 and is_countable(quantity):
        count = round(quantity * pieces)
        # what is told from two rounded numbers is off by one digit at most
        noise = pieces * unit.rounding + 10**-MOST_DECIMALS
        if noise < 0.5 and abs(quantity * pieces - count) <= noise:
            return count / pieces
    return unit.round(quantity)


def get_pieces(unit):
    """Return how many pieces one of the unit is: 6 for a pack of six; 0 for what is not counted."""
    # not env.ref, which asks the database each time
    piece_id = unit.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
    piece = unit.browse(piece_id or ())
    if not piece or not unit._has_common_reference(piece):
        return 0
    pieces = round(unit.factor / piece.factor)
    return pieces if abs(unit.factor / piece.factor - pieces) < 10**-MOST_DECIMALS else 0


def is_countable(quantity):
    """Whether it is a number that can be rounded and compared."""
    return abs(quantity) < TOO_MANY  # NaN compares to nothing


def _is_number(value):
    try:
        return is_countable(float(value or 0.0))
    except (TypeError, ValueError, OverflowError):
        return False
