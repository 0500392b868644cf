"""`make populate`: many returns in a database, to see how the addon does with them."""

from . import databases, prepare, settings, ui

DATABASE = "size"


def populate() -> int:
    """`make populate SIZE=100000 DB=name`: have a fresh database with so many returns."""
    prepare.everything()
    database = databases.named(settings.env("DB", DATABASE))
    return fill(database, int(settings.env("SIZE", "1000")))


def fill(database: str, size: int) -> int:
    """Make a database anew with so many returns."""
    databases.drop(database)
    databases.ensure_addon(database)
    ui.step(f"Making {size:,} returns in database {database}")
    return databases.run_module(database, "benchmarks.populate", "--size", size)
