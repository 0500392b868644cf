"""`make bench PACE=60`: how many returns an hour all cores of the machine do."""

from . import background, bench_load, databases, prepare, server, settings

DATABASE = "pace"


def bench_pace() -> int:
    """Work for so many seconds on a database made for it, while a server gives the printer its
    style sheets and the mails go to a mail server that delivers nothing."""
    prepare.everything()
    database = databases.named(settings.env("DB", DATABASE))
    databases.drop(database)
    name = f"load-{database}"
    try:
        databases.ensure_addon(database)
        url = bench_load.serve(database, name, cron_threads=0)
        options = ["--seconds", settings.env("PACE"), "--url", url]
        if settings.flag("QUICK"):
            options.append("--keep")
        mail_server = {"smtp_server": "127.0.0.1", "smtp_port": server.start_mail_sink()}
        return databases.run_module(database, "benchmarks.pace", *options, **mail_server)
    finally:
        background.stop(name)
        databases.drop(database)
