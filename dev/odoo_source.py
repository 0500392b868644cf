"""Odoo's own code: unpacked from Debian's package, or one the user has already.

The package is only unpacked, never installed: the Python packages it depends on are those of
Debian's unstable suite, while ours live in a virtual environment.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian, settings, ui

UNPACKED = settings.HOME / "odoo"
SUITE = "sid"
SERIES = "19.0"
PACKAGES = [
    "odoo-19",
    # Odoo's tree links to these, relative to itself.
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
RECIPE = "1"
"""Raise it when unpacking changes, and every clone unpacks anew."""


@dataclass(frozen=True)
class Odoo:
    """An Odoo on disk: how to start it and where its modules are."""

    command: Path
    library: Path
    """The folder to put on PYTHONPATH so that `import odoo` works."""
    addons: tuple[Path, ...]

    @property
    def version(self) -> str:
        text = (self.library / "odoo" / "release.py").read_text()
        numbers = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", text)
        if not numbers:
            raise ui.DevError(f"{self.library}/odoo/release.py names no version")
        return ".".join(numbers.groups())


def locate() -> Odoo:
    """The Odoo the commands use.

    :raise ui.DevError: ODOO_HOME holds none, or one of another version
    """
    chosen = settings.env("ODOO_HOME")
    home = Path(chosen).expanduser().resolve() if chosen else UNPACKED
    odoo = _checkout(home) or _debian_tree(home)
    if not odoo:
        raise ui.DevError(
            f"No Odoo in {home}. ODOO_HOME must be a checkout of Odoo {SERIES} (with odoo-bin) "
            "or the root of an unpacked Debian package (with usr/bin/odoo)."
        )
    if odoo.version != SERIES:
        raise ui.DevError(f"{home} holds Odoo {odoo.version}; this addon needs {SERIES}.")
    return odoo


def _checkout(home: Path) -> Odoo | None:
    command = home / "odoo-bin"
    if not command.exists():
        return None
    return Odoo(command, home, tuple(p for p in (home / "addons",) if p.exists()))


def _debian_tree(home: Path) -> Odoo | None:
    command = home / "usr" / "bin" / "odoo"
    library = home / "usr" / "lib" / "python3" / "dist-packages"
    if not command.exists():
        return None
    return Odoo(command, library, ())


def ensure() -> None:
    """Have Odoo on disk. Unpacking ends with a rename, so what is there is whole."""
    stamp = UNPACKED / ".complete"
    if settings.env("ODOO_HOME") or (stamp.exists() and stamp.read_text() == RECIPE):
        return
    target = settings.TMP / "odoo"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        debian.unpack(SUITE, PACKAGES, target, "Downloading Odoo 19 and its fonts, about 125 MB")
    except ui.DevError as error:
        raise ui.DevError(
            f"{error}\nOr set ODOO_HOME=/path/to/odoo to use an Odoo 19 you have already."
        ) from error
    _complete_tree(target)
    (target / ".complete").write_text(RECIPE)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    target.rename(UNPACKED)


def _complete_tree(tree: Path) -> None:
    """Put back one file Debian leaves out; without it every page logs an error."""
    library = tree / "usr" / "lib" / "python3" / "dist-packages"
    folder = library / "odoo" / "addons" / "mail" / "static" / "lib" / "selfie_segmentation"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "selfie_segmentation.js").touch()


def ensure_addons_folder() -> None:
    """Odoo takes a module's name from its folder, and a clone may be called anything."""
    link = settings.ADDONS / settings.MODULE
    settings.ADDONS.mkdir(parents=True, exist_ok=True)
    target = os.path.relpath(settings.ROOT, settings.ADDONS)
    if link.is_symlink() and os.readlink(link) == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
