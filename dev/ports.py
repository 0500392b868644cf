"""TCP ports: chosen free, and remembered per clone so that its address stays the same."""

import json
import socket

from . import settings, ui

FILE = settings.HOME / "ports.json"


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def listen(name: str, first: int) -> socket.socket:
    """Open a chosen port at once, so that nobody else can take it, for a program to inherit."""
    while True:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", choose(name, first)))
            listener.listen()
        except OSError:
            listener.close()
        else:
            return listener


def any_free() -> int:
    """A free port for a run that nobody needs to find again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _all() -> dict[str, int]:
    try:
        return json.loads(FILE.read_text())
    except (OSError, ValueError):
        return {}


def remembered(name: str) -> int | None:
    """The port this clone uses for something, if it has one."""
    return _all().get(name)


def remember(name: str, port: int) -> int:
    """Keep a port for next time."""
    with ui.lock("ports"):
        new = FILE.with_suffix(".new")
        new.write_text(json.dumps(_all() | {name: port}, indent=1))
        new.replace(FILE)
    return port


def choose(name: str, first: int, wanted: str = "") -> int:
    """The port for something that is about to start: the one asked for, last time's or a free one.

    :param first: where to begin looking for a free one
    :param wanted: the user's own choice
    :raise ui.DevError: the user's own choice is in use
    """
    if wanted:
        if not wanted.isdigit() or not is_free(int(wanted)):
            raise ui.DevError(f"Port {wanted} is in use, or is no port. Choose another one.")
        return remember(name, int(wanted))
    last = remembered(name)
    if last and is_free(last):
        return last
    others = set(_all().values())
    port = next(p for p in range(first, first + 1000) if p not in others and is_free(p))
    return remember(name, port)
