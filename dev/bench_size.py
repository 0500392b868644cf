"""`make bench SIZE=100000`: every page on many returns, beside the same on a hundred."""

from . import databases, populate, prepare, settings

FEW = 100


def bench_size() -> int:
    """Fill two databases, unless they are there and KEEP=1, and measure on both."""
    prepare.everything()
    size = int(settings.env("SIZE"))
    name = settings.env("DB", populate.DATABASE)
    few, many = databases.named(f"{name}_few"), databases.named(name)
    keep = settings.flag("KEEP")
    for database, returns in ((few, FEW), (many, size)):
        if keep and databases.module_state(database):
            databases.ensure_addon(database)
        elif code := populate.fill(database, returns):
            return code
    figures = settings.RUN / f"{few}.json"
    return databases.run_module(few, "benchmarks.size", "--write", figures) or (
        databases.run_module(many, "benchmarks.size", "--compare", figures)
    )
