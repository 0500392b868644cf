"""The virtual environment, and the environment variables its programs run with."""

import hashlib
import os
import shutil
import sys

from . import odoo_source, settings, ui

BARCODES = "rlPyCairo==0.4.0"
"""What reportlab draws barcodes with.

It says it needs pycairo, which would have to be compiled; cairocffi, in the requirements, does
as well, so it is installed without what it asks for.
"""


def ensure() -> None:
    """Have the Python packages. An environment that is half-made or was moved is made anew."""
    made, filled = settings.VENV / ".made", settings.VENV / ".filled"
    if _read(made) != _place():
        shutil.rmtree(settings.VENV, ignore_errors=True)
        ui.run_logged(
            "Making the virtual environment",
            [sys.executable, "-m", "venv", settings.VENV],
            settings.LOGS / "python-packages.log",
        )
        made.write_text(_place())
    if _read(filled) != _contents():
        _pip_install("Installing Python packages", "-r", settings.REQUIREMENTS)
        _pip_install("Installing what draws barcodes", "--no-deps", BARCODES)
        filled.write_text(_contents())


def _read(stamp) -> str:
    return stamp.read_text() if stamp.exists() else ""


def _place() -> str:
    """An environment holds for one Python and one folder: its scripts name both."""
    return f"{sys.version}\n{settings.VENV}"


def _contents() -> str:
    return hashlib.sha256(settings.REQUIREMENTS.read_bytes() + BARCODES.encode()).hexdigest()


def _pip_install(title: str, *arguments) -> None:
    ui.run_logged(
        title,
        module("pip", "install", *arguments),
        settings.LOGS / "python-packages.log",
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        detail=ui.folder_size(settings.VENV),
        advice="Is the network up, and does this machine reach a Python package index?",
    )


def without_odoo() -> dict[str, str]:
    """The environment for tools, with all their caches in our folder."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env.update(
        PYTHONPYCACHEPREFIX=str(settings.CACHE / "python"),
        PYLINTHOME=str(settings.CACHE / "pylint"),
        HYPOTHESIS_STORAGE_DIRECTORY=str(settings.CACHE / "hypothesis"),
        PATH=os.pathsep.join([str(settings.VENV / "bin"), str(settings.BIN), os.environ["PATH"]]),
    )
    return env


def with_odoo() -> dict[str, str]:
    """The environment for Odoo and the tests: `import odoo` works."""
    return {**without_odoo(), "PYTHONPATH": str(odoo_source.locate().library), "TZ": "UTC"}


def module(name: str, *arguments) -> list[str]:
    """The command that runs one of the environment's modules."""
    return [str(settings.PYTHON), "-m", name, *map(str, arguments)]
