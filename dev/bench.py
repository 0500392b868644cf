"""`make bench`: the addon's speed beside Odoo's own, on a database made for it."""

import subprocess

from . import bench_load, bench_size, databases, prepare, python_env, settings, ui

DATABASE = "bench"


def bench() -> int:
    """`make bench`, with QUICK=1 for fewer runs and KEEP=1 for the database to stay; SIZE= and
    LOAD= measure something else."""
    if settings.env("LOAD"):
        return bench_load.bench_load()
    if settings.env("SIZE"):
        return bench_size.bench_size()
    prepare.everything()
    database = databases.named(settings.env("DB", DATABASE))
    keep = settings.flag("KEEP")
    if not keep:
        databases.drop(database)
    try:
        databases.ensure_addon(database)
        conf = databases.write_conf(database, 0, log_level="error")
        command = python_env.module("benchmarks", "--config", conf)
        if settings.flag("QUICK"):
            command.append("--quick")
        ui.step(f"Measuring on database {database}")
        return subprocess.run(command, env=databases.environment(), cwd=settings.ROOT).returncode
    finally:
        if not keep:
            databases.drop(database)
