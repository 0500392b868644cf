"""System packages: find what is missing, install it as root, or say exactly what to install."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import debian, settings, ui, wkhtmltopdf

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
"""The names Odoo looks for."""
BROWSER = "chromium"
NO_BROWSER = "This system has no chromium package: install Google Chrome, from its own site."


@dataclass(frozen=True)
class Need:
    """A system package and how to see that what it brings is there."""

    package: str
    purpose: str
    present: bool


def needs() -> list[Need]:
    """All that the commands take from the system."""
    which = shutil.which
    if settings.env("PGHOST"):
        database = Need("postgresql-client", "PostgreSQL's client", bool(which("psql")))
    else:
        database = Need("postgresql", "the private PostgreSQL", postgres_bin() is not None)
    return [
        database,
        Need(wkhtmltopdf.PACKAGE, "PDF documents", wkhtmltopdf.is_present()),
        Need(BROWSER, "browser tests", any(map(which, BROWSERS))),
        Need("fonts-dejavu-core", "letters in PDF documents", _has_fonts()),
        Need("libcairo2", "drawing barcodes", _has_library("libcairo.so.2")),
        Need("libmagic1", "telling file types", _has_library("libmagic.so.1")),
        Need("python3-venv", "the virtual environment", _can_make_venv()),
    ]


def postgres_bin() -> Path | None:
    """The folder with PostgreSQL's server programs, the newest if there are several."""
    if chosen := settings.env("PG_BIN"):
        return Path(chosen)
    found = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    if found:
        return max(found, key=lambda p: int(p.parent.name) if p.parent.name.isdigit() else 0)
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def postgres_program(name: str) -> str:
    """The path of one of PostgreSQL's programs, or its bare name if only PATH may know it."""
    folder = postgres_bin()
    return str(folder / name) if folder and (folder / name).exists() else name


def _has_fonts() -> bool:
    fonts = Path("/usr/share/fonts/truetype")
    return fonts.exists() and any(fonts.rglob("*.ttf"))


def _has_library(name: str) -> bool:
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True)
    return name in listing.stdout


def _can_make_venv() -> bool:
    """Debian packs Python without the part that puts pip into a virtual environment."""
    if settings.PYTHON.exists():
        return True
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True)
    return probe.returncode == 0


def ensure(only: str = "") -> None:
    """Have all system packages, or stop and say what to install.

    :param only: the one package that matters, where the others do not
    :raise ui.DevError: something is missing and cannot be installed from here
    """
    missing = _missing(only)
    if not missing:
        return
    for need in missing:
        ui.step(f"Missing on this system: {need.package} ({need.purpose})")
    if not shutil.which("apt-get"):
        raise ui.DevError(
            "This needs a Debian or Ubuntu system, or these installed by hand: "
            + " ".join(need.package for need in missing)
        )
    if ui.is_root():
        log = settings.LOGS / "system-packages.log"
        ui.run_logged("Reading the list of system packages", ["apt-get", "update"], log)
    packages = [need.package for need in missing]
    # Newer Debians no longer have the one, Ubuntu does not have the other.
    if wkhtmltopdf.PACKAGE in packages and not debian.system_offers(wkhtmltopdf.PACKAGE):
        wkhtmltopdf.ensure()
        packages.remove(wkhtmltopdf.PACKAGE)
    if BROWSER in packages and debian.has_lists() and not debian.system_offers(BROWSER):
        ui.say(f"    going on without: the demo works, make test will not. {NO_BROWSER}")
        packages.remove(BROWSER)
    if packages:
        _install(packages)


def require_browser() -> None:
    """Have what the browser tests run in.

    :raise ui.DevError: there is none, and :func:`ensure` could not install one
    """
    if not any(map(shutil.which, BROWSERS)):
        raise ui.DevError(f"The browser tests need a browser. {NO_BROWSER}")


def _missing(only: str = "") -> list[Need]:
    return [need for need in needs() if not need.present and only in {"", need.package}]


def _install(packages: list[str]) -> None:
    names = " ".join(packages)
    if not ui.is_root():
        raise ui.DevError(
            "Please install what is missing, then run the same command again:\n\n"
            f"    sudo apt-get update && sudo apt-get install -y {names}\n"
        )
    ui.run_logged(
        f"Installing {names}",
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
        settings.LOGS / "system-packages.log",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        advice=f"Install them by hand, then run the same command again: {names}",
    )
    if left := {need.package for need in _missing()} & set(packages):
        raise ui.DevError("Installed, but still not found: " + " ".join(sorted(left)))
