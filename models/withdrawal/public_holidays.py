"""Public holidays of countries, from the Python package `holidays`: nobody has to enter them."""

from functools import lru_cache

import holidays

SUPPORTED = holidays.list_supported_countries()


def is_public_holiday(day, country_code, state_code=""):
    """Whether a date is a public holiday of a country, or of a part of it that has its own.

    :param date day: the date
    :param str country_code: ISO 3166-1, two letters; of an unknown one nothing is known
    :param str state_code: that of Odoo's states, with the country's in front or without
    """
    return day in _get_holidays(country_code or "", state_code or "", day.year)


@lru_cache(maxsize=512)
def _get_holidays(country_code, state_code, year):
    """Return the holidays of a year. They do not change while the server runs."""
    if country_code not in SUPPORTED:
        return frozenset()
    code = state_code.removeprefix(f"{country_code}-")
    part = code if code in SUPPORTED[country_code] else None
    return frozenset(holidays.country_holidays(country_code, subdiv=part, years=year))
