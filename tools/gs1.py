"""What a GS1 barcode says, read by Odoo's own GS1 nomenclature, which `stock` brings."""

import re

from odoo.exceptions import UserError

LINK = re.compile(r"^https?://[^/]+/(?:.*/)?01/(\d{8,14})(?:/(.*?))?(?:\?.*)?$", re.IGNORECASE)
BRACKETS = re.compile(r"\((\d{2,4})\)([^(]+)")
PLAIN = re.compile(r"\d{8}|\d{12,14}")
NAMES = {"01": "gtin", "02": "gtin", "10": "lot", "21": "serial"}


def read_gs1(env, code):
    """Return `gtin`, `lot` and `serial` of a code, those that it has; nothing for other codes. It
    takes element strings (GS1-128, GS1 DataMatrix, with a scanner's prefix or without), what is
    printed under them in brackets, and GS1 Digital Links."""
    code = (code or "").strip()
    if PLAIN.fullmatch(code):  # an EAN or UPC by itself
        return {"gtin": code}
    if link := LINK.match(code):
        parts = (link[2] or "").split("/")
        pairs = [("01", link[1]), *zip(parts[::2], parts[1::2], strict=False)]
        return _name(pairs)
    if code.startswith("(") and (pairs := BRACKETS.findall(code)):
        return _name([(ai, value.strip()) for ai, value in pairs])
    return _name(_read_elements(env, code))


def _name(pairs):
    return {NAMES[ai]: value for ai, value in pairs if ai in NAMES and value}


def _read_elements(env, code):
    """Return [(application identifier, value)] of an element string; empty for other codes."""
    if not re.match(r"^(\](C1|e0|d2|Q3|J1)|\x1d)?(01|02|10|21|00|11|15|17|37|240)", code):
        return []
    nomenclature = env.ref(
        "barcodes_gs1_nomenclature.default_gs1_nomenclature", raise_if_not_found=False
    )
    if not nomenclature:
        return []
    try:
        # sudo: rules of reading only
        parts = nomenclature.sudo().gs1_decompose_extended(code) or []
    except (UserError, ValueError):  # a date or number that is none
        return []
    return [(part["ai"], str(part["string_value"])) for part in parts]
