"""Set-up: everything the other commands need, each part made only when it is missing."""

import os

from . import databases, odoo_source, postgres, python_env, settings, system, ui


def everything() -> None:
    """Set up whatever is missing, down to the template database."""
    _make_home()
    with ui.lock("set-up"):
        system.ensure()
        python_env.ensure()
        odoo_source.ensure()
        odoo_source.locate()
        odoo_source.ensure_addons_folder()
        postgres.ensure_running()
        databases.ensure_base()


def linters_only() -> None:
    """Set up what the linters need: no Odoo, no database."""
    _make_home()
    with ui.lock("set-up"):
        system.ensure(only="python3-venv")
        python_env.ensure()
        odoo_source.ensure_addons_folder()


def _make_home() -> None:
    """Make the folder for everything. PostgreSQL's files work for the user that made them only.

    :raise ui.DevError: another user made it
    """
    settings.HOME.mkdir(exist_ok=True)
    owner = settings.HOME.stat().st_uid
    if owner != os.geteuid():
        raise ui.DevError(
            f"{settings.HOME} was made by another user (number {owner}). Run this as that user, "
            "or remove the folder and begin anew."
        )


def setup() -> int:
    """`make setup`"""
    everything()
    ui.step("Everything is set up")
    return 0
