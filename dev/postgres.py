"""A PostgreSQL of this clone's own, or the one the user's PGHOST names.

The private one listens on 127.0.0.1 only: a Unix socket's path may be no longer than 107
characters, which a deep clone exceeds. It trades safety for speed (no fsync): what it holds
can be made again.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import ports, settings, system, ui

FOLDER = settings.HOME / "postgres"
ROLE = "odoo"
START_ATTEMPTS = 4
CLIENT_VARIABLES = {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD"}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "200",
    "autovacuum_naptime": "5min",
    "max_wal_size": "4GB",
    "jit": "off",
}


def is_private() -> bool:
    return not settings.env("PGHOST")


def variables() -> dict[str, str]:
    """The variables by which every PostgreSQL client finds the server."""
    if is_private():
        port = str(ports.remembered("postgres"))
        return {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": ROLE}
    return {name: value for name, value in os.environ.items() if name in CLIENT_VARIABLES}


def ensure_running() -> None:
    """Have a server that answers. A stopped one is started, a broken one made anew."""
    if not is_private():
        if not answers():
            raise ui.DevError(
                f"The PostgreSQL of PGHOST={settings.env('PGHOST')} does not answer. Check "
                "PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use a private one."
            )
        return
    if is_running() and answers():
        return
    if not _data().exists():
        _create()
    _start()


def is_running() -> bool:
    return server_pid() is not None


def server_pid() -> int | None:
    """The process of our server; None when it is not running, whatever its pid file says."""
    try:
        pid = int((_data() / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(_data()).encode() in command else None


def answers() -> bool:
    probe = subprocess.run(
        [system.postgres_program("psql"), "-XAtc", "select 1", "postgres"],
        env={**os.environ, **variables()},
        capture_output=True,
    )
    return probe.returncode == 0


def _data() -> Path:
    """The data folder, by its true place: it may be a link (see :func:`_choose_folder`)."""
    return FOLDER.resolve() / "data"


def _owner() -> pwd.struct_passwd | None:
    """The user to run the server as. PostgreSQL refuses root, so root takes another's name.

    :raise ui.DevError: there is no such user
    """
    if not ui.is_root():
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError as error:
        raise ui.DevError(
            "PostgreSQL refuses to run as root, and there is no user postgres to run it as. "
            "Install Debian's postgresql, or run this as another user than root."
        ) from error


def _as_owner(command: list) -> list[str]:
    """A command to run as the server's user.

    The clone may lie below a folder that this user may not enter (a home with mode 700). Root
    can let the process enter it all the same; where the kernel forbids that, the data folder
    is put elsewhere.
    """
    command = [str(part) for part in command]
    owner = _owner()
    if not owner:
        return command
    prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    for capability in ("", "dac_read_search", "dac_override"):
        extra = [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"] if capability else []
        # Asked for -x, test would leave the capabilities out of account.
        probe = [*prefix, *extra, "test", "-d", f"{FOLDER.resolve()}/."]
        if subprocess.run(probe, capture_output=True).returncode == 0:
            return [*prefix, *extra, *command]
    return []


def _choose_folder() -> None:
    """Make the folder for the server's data, where the server's user can reach it."""
    if not FOLDER.exists():
        FOLDER.unlink(missing_ok=True)  # a link whose target is gone
        FOLDER.mkdir(parents=True)
    owner = _owner()
    if not owner:
        return
    shutil.chown(FOLDER.resolve(), owner.pw_uid)
    if not _as_owner(["true"]):
        elsewhere = Path("/var/tmp") / f"{settings.MODULE}-{os.stat(settings.HOME).st_ino}"
        ui.step(f"PostgreSQL's user cannot enter {FOLDER}: the database goes to {elsewhere}")
        elsewhere.mkdir(exist_ok=True)
        shutil.chown(elsewhere, owner.pw_uid)
        FOLDER.rmdir()
        FOLDER.symlink_to(elsewhere)


def _create() -> None:
    """Make the cluster under another name first, so that a folder called data is whole."""
    _choose_folder()
    new = FOLDER.resolve() / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    ui.run_logged(
        "Making a private PostgreSQL",
        _as_owner(
            [
                *(system.postgres_program("initdb"), "--pgdata", new),
                *("--username", ROLE, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ]
        ),
        settings.LOGS / "postgres-create.log",
        cwd=Path("/"),
    )
    new.rename(_data())


def _start() -> None:
    """Start the server; when its files are beyond repair, set them aside and begin anew."""
    if not _start_patiently():
        broken = _data().with_name(f"data.broken-{int(time.time())}")
        ui.step(f"PostgreSQL does not start: its data is set aside as {broken} and made anew")
        ui.say(ui.tail(_log()))
        _data().rename(broken)
        _create()
        if not _start_once():
            raise ui.DevError(f"PostgreSQL does not start. Its log, {_log()}:\n{ui.tail(_log())}")


def _log() -> Path:
    return FOLDER.resolve() / "server.log"


def _start_patiently() -> bool:
    """Start the server. One that was killed may leave parts of it running for a moment."""
    for _attempt in range(START_ATTEMPTS):
        if _start_once():
            return True
        time.sleep(3)
    return False


def _forget_foreign_pid() -> None:
    """Remove the pid file of a killed server if another program has its number by now.

    PostgreSQL itself finds out when no program has it; this case it would take for a running
    server.
    """
    pid_file = _data() / "postmaster.pid"
    if pid_file.exists() and server_pid() is None:
        number = pid_file.read_text().split()[:1]
        if number and Path(f"/proc/{number[0]}").exists():
            pid_file.unlink()


def _start_once() -> bool:
    _forget_foreign_pid()
    port = ports.choose("postgres", 5433, settings.env("PGPORT_PRIVATE"))
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **FAST}
    arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    ui.step(f"Starting PostgreSQL on 127.0.0.1:{port}")
    command = [system.postgres_program("pg_ctl"), "start", "--wait", "--timeout=120", "--silent"]
    command += ["--pgdata", _data(), "--log", _log(), "--options", arguments]
    with open(os.devnull, "w") as nothing:
        started = subprocess.run(_as_owner(command), cwd="/", stdout=nothing, stderr=nothing)
    return started.returncode == 0 and answers()


def stop() -> bool:
    """Stop the private server, if it runs."""
    if not is_private() or not is_running():
        return False
    command = [system.postgres_program("pg_ctl"), "stop", "--mode=fast", "--silent"]
    command += ["--pgdata", _data()]
    subprocess.run(_as_owner(command), cwd="/", check=True)
    return True


def query(sql: str, database: str = "postgres") -> list[str]:
    """Run SQL and give its rows, columns parted by `|`.

    :raise ui.DevError: the server refused it
    """
    result = subprocess.run(
        [system.postgres_program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, database],
        env={**os.environ, **variables()},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise ui.DevError(f"PostgreSQL: {result.stderr.strip()}\n{sql}")
    return result.stdout.splitlines()


def exists(database: str) -> bool:
    return bool(query(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))


def databases() -> list[str]:
    return query("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")


def drop(database: str) -> None:
    query(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def copy(source: str, target: str) -> None:
    """Copy a database that nobody is connected to."""
    query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def rename(old: str, new: str) -> None:
    query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def remove() -> None:
    """Remove the private server's files where they are not in our folder."""
    if FOLDER.is_symlink():
        shutil.rmtree(FOLDER.resolve(), ignore_errors=True)
