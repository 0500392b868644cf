"""The commands, by the names they have in the Makefile."""

import os

from . import bench, databases, linters, populate, prepare, server, testrun, translations, ui

HELP = """\
The two that matter
  make demo       set everything up and start Odoo with the addon and demo data
  make test       linters and all tests, browser tours included

While developing
  make test T=tests/test_x.py            one file, or T=tests/test_x.py::Class::test_name
  make test K='refund and not tour'      the tests whose names match
  make test T=… DB=mine KEEP=1           on a database that stays, for the next run to be faster
  make test ARGS='-x -vv'                more of pytest's own options
  make test WORKERS=1                    all tests one after the other, in place of two at once
  make test NEIGHBOURS=1                 beside web shop, point of sale, relays, six countries
  make test COVERAGE=1                   and which lines no test has run
  make lint       ruff, pylint-odoo, XML format          make format   mend what can be mended
  make demo SHOP=1  the same with a web shop and orders paid at Odoo's demo provider
  make update     upgrade the addon in the demo even if no file changed
  make shell      Odoo's Python shell                    make psql     the database's own shell
  make logs       follow the server's log                make mails    the mails the demo sent
  make bench      how fast it is beside Odoo's own; QUICK=1 for a short run
  make bench SIZE=100000                 every page on so many returns, beside the same on 100
  make bench LOAD=180 SERVERS=2          customers and staff at work, on one server or several
  make bench PACE=60                     how many returns an hour all cores do
  make populate   a database with many returns, SIZE=100000 DB=name, made in minutes
  make i18n       export i18n/sale_rma.pot and merge it into the translations
  (demo, update, shell, psql and logs take DB=name for another database than the demo)

Housekeeping
  make status     what is running                        make stop     stop it
  make setup      only set up                            make clean    stop, and remove .odoo

Variables (on make's command line or in the environment)
  ODOO_HOME=/path       an Odoo 19 that is already there: a git checkout or a Debian tree
  PGHOST=… PGPORT PGUSER PGPASSWORD     a PostgreSQL that is already there
  ODOO_PORT=8069        the demo's port                  PGPORT_PRIVATE=5433   PostgreSQL's
  PYTHON=python3.12     another Python                   PG_BIN=/path          PostgreSQL's programs
  DEBIAN_MIRROR=…       where to take Odoo from on a machine that has no Debian mirror

Everything these commands make is in the folder .odoo; system packages are installed by root only.
"""


def help_() -> int:
    """`make help`"""
    ui.say(HELP)
    return 0


def shell() -> int:
    """`make shell`"""
    prepare.everything()
    database = _existing()
    conf = databases.write_conf(f"{database}", 0)
    command = databases.odoo_command("shell", "--config", conf, "--no-http")
    return _replace(command, databases.environment())


def psql() -> int:
    """`make psql`"""
    prepare.everything()
    return _replace(["psql", _existing()], databases.environment())


def logs() -> int:
    """`make logs`"""
    log = server.log_file(databases.chosen())
    if not log.exists():
        raise ui.DevError(f"There is no log yet ({log}): make demo starts the server.")
    return _replace(["tail", "-n", "200", "-F", str(log)], dict(os.environ))


def _existing() -> str:
    """The database the user names, which must have the addon.

    :raise ui.DevError: there is none
    """
    database = databases.chosen()
    if not databases.module_state(database):
        raise ui.DevError(f"There is no database {database} yet: make demo makes it.")
    return database


def _replace(command: list[str], env: dict[str, str]) -> int:
    """Become another program, which gets the terminal for itself."""
    os.execvpe(command[0], command, env)


COMMANDS = {
    "bench": bench.bench,
    "clean": server.clean,
    "demo": server.demo,
    "format": linters.format_,
    "help": help_,
    "i18n": translations.export,
    "lint": linters.lint,
    "logs": logs,
    "mails": server.mails,
    "populate": populate.populate,
    "psql": psql,
    "setup": prepare.setup,
    "shell": shell,
    "status": server.status,
    "stop": server.stop,
    "test": testrun.test,
    "update": server.update,
}
