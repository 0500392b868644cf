"""Numbers of bank accounts, as `stdnum` checks them."""

from pathlib import Path

from stdnum import numdb

# Odoo wraps the loader of the package, which then finds no file of its own: it is read for it.
with Path(numdb.__file__).with_name("iban.dat").open(encoding="utf-8") as numbers:
    numdb._open_databases.setdefault("iban", numdb.read(numbers))

from stdnum import iban
from stdnum.exceptions import ValidationError


def read_iban(text):
    """Return an IBAN without spaces; nothing if the text is none."""
    try:
        return iban.validate(text or "")
    except ValidationError:
        return ""
