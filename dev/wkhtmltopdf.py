"""wkhtmltopdf, which prints Odoo's PDF documents.

Debian 13 and newer have it no longer. There the last one Debian made is unpacked together with
all the libraries it was built with, and run by its own C library's loader.
"""

import shutil
from pathlib import Path

from . import debian, settings

PACKAGE = "wkhtmltopdf"
SUITE = "bookworm"
UNPACKED = settings.HOME / "wkhtmltopdf"
WRAPPER = settings.BIN / "wkhtmltopdf"
SCRIPT = """\
#!/bin/sh
# Written by the set-up. A clone may be moved, so it looks for its libraries from where it is.
tree="$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)/{tree}"
libraries="$tree/{libraries}:$tree/{system_libraries}"
export QT_PLUGIN_PATH="$tree/{libraries}/qt5/plugins"
exec "$tree/{loader}" --library-path "$libraries" "$tree/usr/bin/wkhtmltopdf" "$@"
"""


def is_present() -> bool:
    return bool(shutil.which("wkhtmltopdf")) or WRAPPER.exists()


def ensure() -> None:
    """Have it where the system's packages do not: see :func:`system.ensure` for the others."""
    if is_present():
        return
    target = settings.TMP / "wkhtmltopdf"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    debian.unpack(
        SUITE,
        [PACKAGE],
        target,
        f"This system has no {PACKAGE}: downloading Debian's last one, about 70 MB",
        closure=True,
    )
    shutil.rmtree(UNPACKED, ignore_errors=True)
    target.rename(UNPACKED)
    WRAPPER.parent.mkdir(exist_ok=True)
    new = WRAPPER.with_suffix(".new")
    new.write_text(_script())
    new.chmod(0o755)
    new.replace(WRAPPER)


def _script() -> str:
    """The wrapper: folder names differ between processor architectures."""
    libraries = next(UNPACKED.glob("usr/lib/*-linux-gnu*"))
    system_libraries = UNPACKED / "lib" / libraries.name
    return SCRIPT.format(
        tree=UNPACKED.name,
        libraries=_inside(libraries),
        system_libraries=_inside(system_libraries),
        loader=_inside(next(system_libraries.glob("ld-linux*.so.*"))),
    )


def _inside(path: Path) -> Path:
    return path.relative_to(UNPACKED)
