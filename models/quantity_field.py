import math

from odoo import fields


class Quantity(fields.Float):
    """A float that takes in what is no number (NaN, infinity), for the model's checks to refuse
    it naming the product; a plain one fails while rounding it, naming nothing."""

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


def _is_number(value):
    return math.isfinite(float(value or 0.0))
