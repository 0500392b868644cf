"""`make bench`: the addon's speed beside Odoo's own, on a database made for it."""

from . import bench_load, bench_pace, bench_size, databases, prepare, settings, ui

DATABASE = "bench"


def bench() -> int:
    """`make bench`, with QUICK=1 for fewer runs and KEEP=1 for the database to stay; SIZE=,
    LOAD= and PACE= measure something else."""
    if settings.env("LOAD"):
        return bench_load.bench_load()
    if settings.env("PACE"):
        return bench_pace.bench_pace()
    if settings.env("SIZE"):
        return bench_size.bench_size()
    prepare.everything()
    database = databases.named(settings.env("DB", DATABASE))
    keep = settings.flag("KEEP")
    if not keep:
        databases.drop(database)
    try:
        databases.ensure_addon(database)
        ui.step(f"Measuring on database {database}")
        options = ["--quick"] if settings.flag("QUICK") else []
        return databases.run_module(database, "benchmarks", *options)
    finally:
        if not keep:
            databases.drop(database)
