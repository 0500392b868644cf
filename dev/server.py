"""Odoo in the background, one server per database: the demo, and whoever's scratch copy."""

import os
import shutil
import sys
import time
import urllib.request
from pathlib import Path

from . import background, databases, mailsink, ports, postgres, prepare, settings, ui

SECONDS_TO_START = 180
MAIL_SINK = "mails"


def demo() -> int:
    """`make demo`: the addon's current code on demo data, in a server that answers."""
    prepare.everything()
    database = databases.chosen()
    if _holds_current_code(database):
        if _answers(database) and _is_on_wanted_port(database):
            ui.step("Odoo is running already")
            return _print_logins(database)
    else:
        _stop_server(database)
        databases.ensure_addon(database)
        if settings.flag("SHOP"):
            databases.ensure_shop(database)
        _stamp(database).write_text(settings.addon_hash())
    _start(database)
    return _print_logins(database)


def update() -> int:
    """`make update`: upgrade the addon even if its files have not changed."""
    _stamp(databases.chosen()).unlink(missing_ok=True)
    return demo()


def _stamp(database: str) -> Path:
    """A file that tells which code a database holds."""
    settings.RUN.mkdir(parents=True, exist_ok=True)
    return settings.RUN / f"{database}.hash"


def _holds_current_code(database: str) -> bool:
    stamp = _stamp(database)
    same = stamp.exists() and stamp.read_text() == settings.addon_hash()
    return same and databases.module_state(database) == "installed"


def _process_name(database: str) -> str:
    return f"odoo-{database}"


def log_file(database: str) -> Path:
    return settings.LOGS / f"{database}-server.log"


def address(database: str) -> str:
    return f"http://127.0.0.1:{ports.remembered(_process_name(database))}"


def _answers(database: str) -> bool:
    """Whether our server for a database is up."""
    if background.pid(_process_name(database)) is None:
        return False
    # Without these words in its log, it may be another program that answers on this port.
    if "HTTP service (werkzeug) running" not in log_file(database).read_text(errors="replace"):
        return False
    try:
        with urllib.request.urlopen(f"{address(database)}/web/health", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def _is_on_wanted_port(database: str) -> bool:
    wanted = settings.env("ODOO_PORT")
    return not wanted or address(database).endswith(f":{wanted}")


def _start(database: str) -> None:
    """Start our server for a database; another port if somebody takes this one meanwhile."""
    _stop_server(database)
    started = False
    while not started:
        port = ports.choose(_process_name(database), 8069, settings.env("ODOO_PORT"))
        started = _serve(database, _configure(database, port))


def _configure(database: str, port: int) -> Path:
    """Tell the database its own address and give the server's configuration."""
    url = address(database)
    # wkhtmltopdf fetches style sheets from the server, so PDF documents need its address.
    databases.set_parameters(
        database, {"web.base.url": url, "web.base.url.freeze": "True", "report.url": url}
    )
    return databases.write_conf(
        database,
        port,
        max_cron_threads=2,  # as Odoo by default: mails do not hold up the rest
        smtp_server="127.0.0.1",
        smtp_port=start_mail_sink(),
    )


def _serve(database: str, conf: Path) -> bool:
    """Start a server and wait until it answers; False if its port was not free any more.

    :raise ui.DevError: it does not start
    """
    log = log_file(database)
    counter = ui.module_counter(log)
    progress = ui.Progress(f"Starting Odoo on {address(database)}")
    process = background.start(
        _process_name(database),
        databases.odoo_command("--config", conf),
        databases.environment(),
        log,
    )
    while not _answers(database):
        if process.poll() is not None or progress.seconds() > SECONDS_TO_START:
            _stop_server(database)
            if "Address already in use" in ui.tail(log):
                return False
            raise ui.DevError(f"Odoo did not start. The end of {log}:\n{ui.tail(log)}")
        progress.show(counter())
        time.sleep(0.2)
    progress.done()
    return True


def start_mail_sink() -> int:
    """Have the mail server that delivers nothing, and give its port."""
    if background.pid(MAIL_SINK) is None:
        listener = ports.listen(MAIL_SINK, 8025)
        command = [sys.executable, "-m", "dev.mailsink", listener.fileno(), settings.MAILS]
        log = settings.LOGS / "mailsink.log"
        background.start(MAIL_SINK, command, dict(os.environ), log, pass_fds=[listener.fileno()])
        listener.close()
    return ports.remembered(MAIL_SINK)


def _stop_server(database: str) -> None:
    if background.stop(_process_name(database)):
        ui.step(f"Stopped Odoo ({address(database)})")


def stop() -> int:
    """`make stop`: all servers of this clone, then its PostgreSQL."""
    stopped = [name for name in background.names() if background.stop(name)]
    if postgres.stop():
        stopped.append("PostgreSQL")
    ui.step(f"Stopped {', '.join(stopped)}" if stopped else "Nothing was running")
    return 0


def clean() -> int:
    """`make clean`: stop everything and remove all that the commands made."""
    databases.remove_all()
    stop()
    postgres.remove()
    if settings.HOME.exists():
        ui.step(f"Removing {settings.HOME}")
        shutil.rmtree(settings.HOME)
    return 0


def status() -> int:
    """`make status`: what is running, and which databases there are."""
    running = [name for name in background.names() if background.pid(name)]
    for name in running:
        ui.say(f"{name:20} 127.0.0.1:{ports.remembered(name)}")
    if postgres.is_private() and postgres.is_running():
        ui.say(f"{'postgres':20} 127.0.0.1:{ports.remembered('postgres')}")
    elif not running:
        ui.say("Nothing is running.")
    if postgres.answers():
        ui.say(f"{'databases':20} {' '.join(databases.databases())}")
    return 0


def mails() -> int:
    """`make mails`: what the demo would have sent."""
    lines = mailsink.listing(settings.MAILS)
    ui.say("\n".join(lines) if lines else "No mail has been sent yet.")
    return 0


def _print_logins(database: str) -> int:
    shopper = "    shop's customer      shopper / shopper\n" if settings.flag("SHOP") else ""
    ui.say(
        f"\n    {ui.bold(address(database))}\n\n"
        "    back office          admin / admin\n"
        "    salesperson          demo / demo\n"
        f"    customer (portal)    portal / portal\n{shopper}\n"
        "    Mails are not delivered: make mails lists them.\n"
        "    make stop ends it, make logs shows its log, make help lists the rest.\n"
    )
    return 0
