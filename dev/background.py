"""Programs that go on in the background after a command has ended."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from . import settings

SECONDS_TO_STOP = 10


def start(
    name: str, command: list, env: dict, log: Path, pass_fds: Sequence[int] = ()
) -> subprocess.Popen:
    """Start a program that outlives this one and remember its process.

    :param pass_fds: open files it inherits
    """
    settings.RUN.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=settings.ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    _file(name).write_text(f"{process.pid} {_started_at(process.pid)}")
    return process


def pid(name: str) -> int | None:
    """The process, or None when it is gone: its number may be another program's by now."""
    try:
        number, started_at = _file(name).read_text().split()
    except (OSError, ValueError):
        return None
    return int(number) if _started_at(int(number)) == started_at else None


def stop(name: str) -> bool:
    """End a program, gently at first; tell whether it was running."""
    process = pid(name)
    if process is not None:
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while pid(name) is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        if pid(name) is not None:
            os.kill(process, signal.SIGKILL)
    _file(name).unlink(missing_ok=True)
    return process is not None


def names() -> list[str]:
    """All programs that were started and not stopped since."""
    return sorted(path.stem for path in settings.RUN.glob("*.process"))


def _file(name: str) -> Path:
    return settings.RUN / f"{name}.process"


def _started_at(process: int) -> str:
    """When a process started, in the kernel's ticks; empty if it is gone or has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
