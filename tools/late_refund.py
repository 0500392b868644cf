"""What a late refund of a withdrawal costs the shop, as the law counts it."""

from math import ceil

YEAR = 365
# France, code de la consommation L.242-4: (most days late, part of the sum due)
FRENCH_STEPS = ((20, 0.05), (30, 0.10), (60, 0.20), (90, 0.50))
FRENCH_GRACE = 10  # days in which it is the legal interest only
FRENCH_MONTH, FRENCH_MONTHLY = 30, 0.05  # of delay after the steps, up to the price


def get_late_part(days, rate, country_code=None):
    """Return the part of the sum due that is owed besides.

    :param int days: late
    :param float rate: legal interest, in percent a year
    :param str country_code: of the shop
    """
    if days <= 0:
        return 0.0
    interest = rate / 100 / YEAR
    if country_code != "FR" or days <= FRENCH_GRACE:
        return interest * days
    for most, part in FRENCH_STEPS:
        if days <= most:
            return part
    last, part = FRENCH_STEPS[-1]
    months = ceil((days - last) / FRENCH_MONTH)
    full = last + round((1 - part) / FRENCH_MONTHLY) * FRENCH_MONTH
    return min(part + months * FRENCH_MONTHLY, 1.0) + interest * max(days - full, 0)
