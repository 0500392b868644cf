"""Odoo databases: one template with everything the addon needs, and copies of it.

A database is a PostgreSQL database and a folder of files of the same name. The folder is
made first and the database last, in one step, so a database that exists is whole.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import odoo_source, ports, postgres, python_env, settings, ui

PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
NOT_OURS = re.compile(r"Running as user 'root'|wkhtmltopdf")
"""Warnings about the machine, not about the addon."""


def named(name: str) -> str:
    """A database's name on the server: on a shared server it tells which clone made it.

    :raise ui.DevError: it is no name for a database
    """
    if not settings.DATABASE_NAME.fullmatch(name):
        raise ui.DevError(f"DB={name}: use small letters, digits and _, a letter first.")
    if postgres.is_private():
        return name
    clone = hashlib.sha256(str(settings.ROOT).encode()).hexdigest()[:6]
    return f"{settings.MODULE}_{clone}_{name}"


def chosen() -> str:
    """The database the user names with DB=, or the demo; with SHOP=1 the one with a shop."""
    default = settings.SHOP_DATABASE if settings.flag("SHOP") else settings.DEMO_DATABASE
    return named(settings.env("DB", default))


def base_name() -> str:
    """The template's name, which changes with Odoo and with the list of modules."""
    odoo = odoo_source.locate()
    own_odoo = odoo.library.is_relative_to(settings.HOME)
    where = odoo_source.RECIPE if own_odoo else str(odoo.library)
    parts = [odoo.version, where, settings.LANGUAGES, *settings.base_modules()]
    return named(settings.base_prefix() + hashlib.sha256(" ".join(parts).encode()).hexdigest()[:10])


def filestore(database: str) -> Path:
    return settings.DATA / "filestore" / database


def write_conf(database: str, port: int, **options) -> Path:
    """Write Odoo's configuration for a database; a password stays in the environment."""
    server = postgres.variables()
    values = {
        "addons_path": ",".join(map(str, [settings.ADDONS, *odoo_source.locate().addons])),
        "data_dir": settings.DATA,
        "db_name": database,
        "db_host": server.get("PGHOST", False),
        "db_port": server.get("PGPORT", False),
        "db_user": server.get("PGUSER", False),
        "dbfilter": f"^{database}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": port,
        "workers": 0,
        "max_cron_threads": 0,
        "limit_time_real": 0,
        "limit_time_cpu": 0,
        **options,
    }
    settings.CONF.mkdir(parents=True, exist_ok=True)
    conf = settings.CONF / f"{database}.conf"
    lines = ["[options]", *(f"{name} = {value}" for name, value in values.items())]
    conf.write_text("\n".join(lines) + "\n")
    return conf


def environment() -> dict[str, str]:
    """The environment of everything that works on a database."""
    return {**python_env.with_odoo(), **postgres.variables()}


def odoo_command(*arguments) -> list[str]:
    return [str(settings.PYTHON), str(odoo_source.locate().command), *map(str, arguments)]


def run_module(database: str, name: str, *arguments, **options) -> int:
    """Run a Python program of this repository on a database and give its exit code.

    :param options: of Odoo's configuration
    """
    conf = write_conf(database, 0, log_level="error", **options)
    command = python_env.module(name, "--config", conf, *arguments)
    return subprocess.run(command, env=environment(), cwd=settings.ROOT).returncode


def _run_odoo(title: str, database: str, *arguments, log_name: str = "") -> Path:
    """Run Odoo once on a database, without serving, and give its log.

    :raise ui.DevError: it failed
    """
    conf = write_conf(database, ports.any_free())
    log = settings.LOGS / f"{log_name or database}.log"
    ui.run_logged(
        title,
        odoo_command("--config", conf, *arguments, "--stop-after-init", "--no-http"),
        log,
        env=environment(),
        detail=ui.module_counter(log),
    )
    return log


def ensure_base() -> str:
    """Have the template database and give its name. It gets that name last, when it is whole."""
    base = base_name()
    if postgres.exists(base):
        return base
    new = named(f"{settings.base_prefix()}new")
    drop(new)
    log = _run_odoo(
        "Making the template database with demo data (one to three minutes, once)",
        new,
        *("--init", ",".join(settings.base_modules())),
        *("--load-language", settings.LANGUAGES),
        "--with-demo",
        log_name=settings.base_prefix().rstrip("_"),
    )
    if errors := _problems(log, "ERROR|CRITICAL"):
        raise ui.DevError("Odoo made the template database with errors:\n" + "\n".join(errors))
    outdated = set(databases(settings.base_prefix())) - {new}
    shutil.rmtree(filestore(base), ignore_errors=True)
    filestore(new).rename(filestore(base))
    postgres.rename(new, base)
    for old in outdated:
        drop(old)
    return base


def databases(prefix: str = "") -> list[str]:
    """The databases of this clone whose names begin with a prefix."""
    start = "" if postgres.is_private() else named("x")[:-1]
    names = postgres.databases()
    return [name for name in names if name.startswith(start + prefix) and name != "postgres"]


def drop(database: str) -> None:
    """Remove a database and its files."""
    postgres.drop(database)
    shutil.rmtree(filestore(database), ignore_errors=True)
    (settings.CONF / f"{database}.conf").unlink(missing_ok=True)


def _copy_base(database: str) -> None:
    """Make a fresh copy of the template. Odoo never changes a file, so links to them will do."""
    with ui.lock("set-up"):
        base = ensure_base()
    drop(database)
    if filestore(base).exists():
        shutil.copytree(filestore(base), filestore(database), copy_function=os.link)
    postgres.copy(base, database)


def module_state(database: str) -> str:
    """The addon's state in a database, `installed` when nothing is pending."""
    if not postgres.exists(database):
        return ""
    rows = postgres.query(
        f"SELECT state FROM ir_module_module WHERE name = '{settings.MODULE}'", database
    )
    return rows[0] if rows else ""


def _problems(log: Path, levels: str) -> list[str]:
    """The lines of Odoo's log of some levels that are the addon's doing."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        level = PROBLEM.match(line)
        if level and re.fullmatch(levels, level[1]) and not NOT_OURS.search(line):
            found.append(line)
    return found


def ensure_addon(database: str, *, fatal: str = "ERROR|CRITICAL") -> None:
    """Have the addon's current code in a database, which is copied from the template if need be.

    :param fatal: the levels of Odoo's log that count as a failure
    :raise ui.DevError: the addon cannot be installed or upgraded cleanly
    """
    # A first install that was interrupted begins anew; an upgrade can simply go on.
    if module_state(database) in {"installed", "to upgrade"}:
        title, option = f"Upgrading {settings.MODULE} in database {database}", "--update"
    else:
        ui.step(f"Copying the template database to {database}")
        _copy_base(database)
        title, option = f"Installing {settings.MODULE} in database {database}", "--init"
    log = _run_odoo(title, database, option, settings.MODULE, "--with-demo")
    if errors := _problems(log, fatal):
        raise ui.DevError(
            f"{title}: Odoo complained (the whole log is {log}):\n\n" + "\n".join(errors)
        )
    if module_state(database) != "installed":
        raise ui.DevError(f"{title}: it is not installed. The end of {log}:\n{ui.tail(log)}")


def ensure_shop(database: str) -> None:
    """Have a web shop in a database that has the addon, with orders paid at the demo provider."""
    names = "','".join(settings.SHOP)
    there = postgres.query(
        f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ('{names}')",
        database,
    )
    if missing := sorted({*settings.SHOP} - {*there}):
        title = f"Installing a web shop in database {database}"
        _run_odoo(title, database, "--init", ",".join(missing), "--with-demo")
    if run_module(database, "dev.shop_orders"):
        raise ui.DevError("The shop's orders could not be made: the error stands above.")


def set_parameters(database: str, values: dict[str, str]) -> None:
    """Set system parameters before a server starts on a database."""
    for key, value in values.items():
        postgres.query(
            "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
            f"VALUES ('{key}', '{value}', now(), now()) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            database,
        )


def remove_all() -> None:
    """Remove this clone's databases from a server that others use too."""
    if not postgres.is_private() and postgres.answers():
        for name in databases():
            ui.step(f"Removing database {name}")
            drop(name)
