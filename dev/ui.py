"""What the commands print, and how they run a program while showing how far it is."""

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import settings

IS_TERMINAL = sys.stdout.isatty()
SECONDS_BETWEEN_LINES = 15
"""Where the output is no terminal (a CI log), progress is a new line, so print it seldom."""

MODULE_COUNTER = re.compile(rb"\((\d+/\d+)\)")


class DevError(Exception):
    """A command cannot go on; its text says why and what to do."""


def say(text: str = "") -> None:
    """Print a line at once: what follows it may take long."""
    print(text, flush=True)


def bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if IS_TERMINAL else text


def step(text: str) -> None:
    """Announce a step of the work."""
    say(f"{bold('==>')} {text}")


class Progress:
    """A line that says how long a step has been going on, and how far it is."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.start = time.monotonic()
        self.last_line = self.start
        step(title)

    def seconds(self) -> int:
        return int(time.monotonic() - self.start)

    def show(self, detail: str = "") -> None:
        text = f"    {self.seconds()} s {detail}".rstrip()
        if IS_TERMINAL:
            print(f"\r\033[K{text}", end="", flush=True)
        elif time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            say(text)

    def done(self) -> None:
        clear = "\r\033[K" if IS_TERMINAL else ""
        say(f"{clear}    done in {self.seconds()} s")


def run_logged(
    title: str,
    command: list,
    log: Path,
    *,
    env: dict | None = None,
    cwd: Path | None = None,
    detail: Callable[[], str] = str,
    advice: str = "",
) -> None:
    """Run a long command with its output in a log file, showing progress.

    :param detail: called now and then for words on how far it is
    :param advice: what to try when it fails
    :raise DevError: it failed; the end of its log is printed
    """
    progress = Progress(title)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            # The program ends with us, even when we are killed.
            ["setpriv", "--pdeathsig", "TERM", *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
        )
        try:
            while True:
                try:
                    process.wait(timeout=0.5)
                    break
                except subprocess.TimeoutExpired:
                    progress.show(detail())
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        raise DevError(
            f"{title}: failed with exit code {process.returncode}. The end of {log}:\n\n"
            f"{tail(log)}\n\n{advice}".rstrip()
        )
    progress.done()


def tail(log: Path, lines: int = 40) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def module_counter(log: Path) -> Callable[[], str]:
    """Give a function that tells which module Odoo is loading, from its log."""

    def counter() -> str:
        if not log.exists():
            return ""
        found = MODULE_COUNTER.findall(log.read_bytes()[-20_000:])
        return f"module {found[-1].decode()}" if found else ""

    return counter


def folder_size(folder: Path) -> Callable[[], str]:
    """Give a function that tells how much a download has brought into a folder."""

    def size() -> str:
        total = 0
        for root, _folders, files in os.walk(folder):
            for name in files:
                with suppress(OSError):  # files come and go meanwhile
                    total += os.lstat(os.path.join(root, name)).st_size
        return f"{total / 1e6:.0f} MB"

    return size


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one process at a time do something in this clone; the others wait and say so.

    The lock dies with its process, so a killed one leaves nothing behind.
    """
    settings.RUN.mkdir(parents=True, exist_ok=True)
    with (settings.RUN / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"Another command is busy with the {name} of this clone: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_root() -> bool:
    return os.geteuid() == 0
