"""`make bench LOAD=180 SERVERS=2`: customers and staff at work at the same time."""

import time
import urllib.request
from pathlib import Path

from . import background, databases, populate, ports, prepare, server, settings, ui

DATABASE = "load"
WORKERS = 2
SIZE_A_SECOND = 30
"""Returns in a database made for it, for each second: no machine asks for as many orders."""

LEAST_SIZE = 1000
SECONDS_TO_START = 120
SHORTEST = 30
"""Seconds that memory has to be looked at to say how it goes."""


def bench_load() -> int:
    """Serve a database, made for it unless DB= names one, with two workers a server, and have it
    at work for so many seconds.

    :raise ui.DevError: not enough of them
    """
    if int(settings.env("LOAD")) < SHORTEST:
        raise ui.DevError(f"LOAD={settings.env('LOAD')}: at least {SHORTEST} seconds.")
    prepare.everything()
    database = databases.named(settings.env("DB", DATABASE))
    # one that is not named is made each time: a run leaves fewer orders to ask for
    if settings.env("DB") and databases.module_state(database):
        databases.ensure_addon(database)
    elif code := populate.fill(database, _size()):
        return code
    names = [f"load-{database}-{i}" for i in range(int(settings.env("SERVERS", "1")))]
    try:
        urls = [serve(database, name) for name in names]
        return _load(database, names, urls)
    finally:
        for name in names:
            background.stop(name)


def _size() -> int:
    """How many returns a new database has."""
    least = max(SIZE_A_SECOND * int(settings.env("LOAD")), LEAST_SIZE)
    return int(settings.env("SIZE") or least)


def _log(name: str) -> Path:
    return settings.LOGS / f"{name}.log"


def serve(database: str, name: str, cron_threads: int = 2) -> str:
    """Start one server and give its address when it answers.

    :param cron_threads: one of Odoo's two may be at the mails
    """
    port = ports.choose(name, 8100)
    url = f"http://127.0.0.1:{port}"
    # Who prints waits for wkhtmltopdf, which waits for style sheets: from a process of its own,
    # or all workers may print and none is left to answer.
    gevent_port = ports.choose(f"{name}-gevent", 8200)
    report_url = f"http://127.0.0.1:{gevent_port}"
    databases.set_parameters(
        database, {"web.base.url": url, "web.base.url.freeze": "True", "report.url": report_url}
    )
    conf = databases.write_conf(
        database,
        port,
        workers=WORKERS,
        gevent_port=gevent_port,
        max_cron_threads=cron_threads,
        limit_time_cpu=120,  # Odoo's multi-process server takes 0 for no time at all
        limit_time_real=240,
        smtp_server="127.0.0.1",
        smtp_port=server.start_mail_sink(),
    )
    own = conf.rename(conf.with_stem(name))
    ui.step(f"Starting Odoo with {WORKERS} workers on {url}")
    background.start(
        name, databases.odoo_command("--config", own), databases.environment(), _log(name)
    )
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(url):
        if background.pid(name) is None or time.monotonic() > deadline:
            raise ui.DevError(f"Odoo did not start. The end of its log:\n{ui.tail(_log(name))}")
        time.sleep(0.5)
    return url


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/web/login", timeout=30) as response:
            return response.status == 200
    except OSError:
        return False


def _load(database: str, names: list[str], urls: list[str]) -> int:
    options = ["--seconds", settings.env("LOAD")]
    for name, url in zip(names, urls, strict=True):
        process = background.pid(name)
        options += ["--url", url, "--process", process, "--log", _log(name)]
    if settings.flag("QUICK"):
        options.append("--keep")
    return databases.run_module(database, "benchmarks.load", *options)
