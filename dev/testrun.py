"""Tests: on a fresh copy of the template database, in which the addon is installed first."""

import os
import shlex
import subprocess
from pathlib import Path

from . import databases, linters, prepare, python_env, settings, system, ui

MOST_WORKERS = min(2, os.cpu_count() or 1)
"""Browser tests keep two cores busy each; more at once would only run into their time limits."""

PLUGINS = settings.ROOT / "dev" / "pytest_plugins"


def test() -> int:
    """`make test`, with what the variables T, K, DB, KEEP, LINT, WORKERS and ARGS ask for."""
    prepare.everything()
    system.require_browser()
    _drop_left_over()
    # Whoever runs one test is at work on it; the linters can wait for the whole run.
    part_only = settings.env("T") or settings.env("K")
    if settings.flag("LINT", default=not part_only):
        with linters.Linters() as running:
            return _test(running)
    return _test(None)


def _test(running_linters: linters.Linters | None) -> int:
    database = databases.named(settings.env("DB", f"test_{os.getpid()}"))
    keep = settings.flag("KEEP")
    if not keep:
        databases.drop(database)
    try:
        databases.ensure_addon(database, fatal="WARNING|ERROR|CRITICAL")
        lint_ok = running_linters.finish() if running_linters else True
        code = _pytest(database, lint_ok)
    finally:
        if not keep:
            databases.drop(database)
    return code or int(not lint_ok)


def _drop_left_over() -> None:
    """Remove the databases of test runs that were killed: their names hold a dead process."""
    for name in databases.databases("test_"):
        pid = name.rsplit("test_", 1)[1].split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            databases.drop(name)


def _pytest(database: str, lint_ok: bool) -> int:
    """Run pytest and give its exit code."""
    conf = databases.write_conf(
        database,
        8069,  # pytest-odoo takes any free port in its place
        log_level="critical",
        screenshots=settings.SCREENSHOTS / database,
    )
    env = databases.environment()
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(PLUGINS)])
    env["COVERAGE_FILE"] = str(settings.CACHE / f"coverage-{database}")
    if not lint_ok:
        env["NOTE_BEFORE_SUMMARY"] = "The linters failed: their messages stand above the tests."
    ui.step(f"Running the tests on database {database}")
    command = _command("--odoo-config", str(conf), "--odoo-database", database)
    code = subprocess.run(command, env=env, cwd=settings.ROOT).returncode
    if settings.flag("COVERAGE"):
        report = python_env.module("coverage", "report", "--show-missing", "--skip-covered")
        subprocess.run(report, env=env, cwd=settings.ROOT)
    return code


def _command(*where: str) -> list[str]:
    """The command that runs the tests asked for.

    :param where: options that tell pytest-odoo its database
    """
    arguments = ["-c", str(settings.ROOT / "pyproject.toml")]
    # Given the checkout as its root, pytest would import the tests by the checkout's own name.
    arguments += ["--rootdir", str(settings.ADDONS), "--confcutdir", str(settings.ADDONS)]
    arguments += ["-o", f"cache_dir={settings.CACHE / 'pytest'}"]
    for plugin in sorted(PLUGINS.glob("*.py")):
        arguments += ["-p", plugin.stem]
    arguments += ["--odoo-http", *where]
    if names := settings.env("K"):
        arguments += ["-k", names]
    if (workers := _workers()) > 1:
        # A class stays together: many build a company or a chart of accounts for all its tests.
        arguments += ["-n", str(workers), "--dist", "loadscope", "--no-loadscope-reorder"]
    arguments += [*shlex.split(settings.env("ARGS")), *_targets()]
    if settings.flag("COVERAGE"):
        return python_env.module("coverage", "run", "-m", "pytest", *arguments)
    return python_env.module("pytest", *arguments)


def _workers() -> int:
    """How many processes share the tests, each with a copy of the database.

    One is quicker for a few tests, and coverage follows one only.
    """
    if settings.flag("COVERAGE"):
        return 1
    few = settings.env("T") or settings.env("K") or settings.flag("NEIGHBOURS")
    return int(settings.env("WORKERS", "1" if few else str(MOST_WORKERS)))


def _targets() -> list[str]:
    """The tests to run, by their path below the link that bears the module's name."""
    addon = settings.ADDONS / settings.MODULE
    if settings.flag("NEIGHBOURS") and not settings.env("T"):
        return sorted(map(str, addon.glob(settings.NEIGHBOUR_TESTS)))
    return [str(addon / target) for target in shlex.split(settings.env("T", "tests"))]
