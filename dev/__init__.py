"""The commands behind the Makefile. Not part of the addon: nothing in it imports this."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 (a user's Python may be older than ours)
    sys.exit(
        "Odoo 19 needs Python 3.10 or newer; this one is older. "
        "Name another one with: make PYTHON=python3.12 …"
    )
