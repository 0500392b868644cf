"""Where everything is, and what the user may set through the environment."""

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

MODULE = "sale_rma"
ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".odoo"
"""The one folder that holds everything the commands make."""

ADDONS = HOME / "addons"
BIN = HOME / "bin"
CACHE = HOME / "cache"
CONF = HOME / "conf"
DATA = HOME / "data"
LOGS = HOME / "logs"
MAILS = HOME / "mails"
RUN = HOME / "run"
SCREENSHOTS = HOME / "screenshots"
TMP = HOME / "tmp"
VENV = HOME / "venv"

PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "dev" / "requirements.txt"

LANGUAGES = "en_US,fr_FR"
DEFAULT_DEPENDS = ["sale_management", "sale_stock", "stock_delivery", "sale_loyalty", "barcodes"]
EXTRA_MODULES = ["sale_mrp"]
"""Modules the addon does not depend on but must work with, so its tests need them."""

NEIGHBOURS = [
    *("l10n_fr_account", "l10n_de", "l10n_it_edi", "l10n_es", "l10n_be", "l10n_nl"),
    *("account_debit_note", "account_edi_ubl_cii"),
    *("website_sale_stock", "website_sale_loyalty", "website_sale_mondialrelay"),
    *("stock_dropshipping", "pos_sale_loyalty", "product_expiry", "payment_demo"),
]
"""Modules that shops have beside the addon: `make test NEIGHBOURS=1` installs them as well, on a
database of its own."""

NEIGHBOUR_TESTS = "tests/test_neighbour_*.py"

SHOP = ["payment_demo", "website_sale_stock", "website_sale_loyalty"]
"""What `make demo SHOP=1` installs as well: a shop whose orders are paid at a demo provider."""

DEMO_DATABASE = "demo"
SHOP_DATABASE = "shop"
DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

# Folders that are no part of what Odoo loads: a change in them needs no upgrade.
NOT_ADDON = {"dev", "tests", "benchmarks", "node_modules"}


def env(name: str, default: str = "") -> str:
    """An environment variable; one that is set but empty counts as not set."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """Whether a variable such as KEEP=1 is on."""
    value = env(name)
    return value.lower() not in {"0", "no", "false", "off"} if value else default


def manifest_depends() -> list[str]:
    """The modules the addon depends on, read from its manifest without importing it."""
    manifest = ROOT / "__manifest__.py"
    if not manifest.exists():
        return DEFAULT_DEPENDS
    return ast.literal_eval(manifest.read_text())["depends"]


def base_modules() -> list[str]:
    """The modules of the template database: all that the addon and its tests need."""
    neighbours = NEIGHBOURS if flag("NEIGHBOURS") else []
    return sorted({*manifest_depends(), *EXTRA_MODULES, *neighbours})


def base_prefix() -> str:
    """How the template's name begins; the one with neighbours stands beside the usual one."""
    return "neighbours_" if flag("NEIGHBOURS") else "base_"


def addon_hash() -> str:
    """A hash of all the files that Odoo loads: when it changes, the module needs an upgrade."""
    digest = hashlib.sha256()
    for path in sorted(addon_files(ROOT)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def addon_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, but for hidden ones, compiled ones and those not of the addon."""
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            if entry.name not in NOT_ADDON or folder != ROOT:
                yield from addon_files(Path(entry.path))
        elif entry.is_file() and (folder != ROOT or entry.name.endswith(".py")):
            yield Path(entry.path)
