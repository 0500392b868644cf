"""Linters: Python with ruff and pylint-odoo, XML with a small formatter of our own."""

import subprocess
import tempfile
from dataclasses import dataclass, field
from typing import IO

from . import prepare, python_env, settings, ui


def checks() -> dict[str, list[str]]:
    """Each linter's name and command."""
    module = python_env.module
    return {
        "ruff check": module("ruff", "check", "."),
        "ruff format": module("ruff", "format", "--check", "--diff", "."),
        "xml format": module("dev.xmlformat", "--check"),
        "pylint-odoo": module("pylint", "--rcfile", settings.ROOT / ".pylintrc", settings.ROOT),
    }


def fixes() -> list[list[str]]:
    """The commands that mend what needs no thinking."""
    module = python_env.module
    return [
        module("ruff", "check", "--fix", "."),
        module("ruff", "format", "."),
        module("dev.xmlformat"),
    ]


@dataclass
class Run:
    """One linter at work in the background."""

    name: str
    command: list[str]
    output: IO = field(default_factory=tempfile.TemporaryFile)
    process: subprocess.Popen = None

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.ROOT,
            env=python_env.without_odoo(),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def finish(self) -> bool:
        """Wait for it, print what it found, and tell whether all is well."""
        code = self.process.wait()
        ui.step(f"{self.name}: {'failed' if code else 'ok'}")
        if code:
            self.output.seek(0)
            ui.say(self.output.read().decode(errors="replace").rstrip())
        return code == 0

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.output.close()


class Linters:
    """All linters at once, in the background: a test run has a core to spare for them.

    Used as a context, so that an interrupted command leaves none behind.
    """

    def __enter__(self):
        self.runs = [Run(name, command) for name, command in checks().items()]
        return self

    def __exit__(self, *_exception) -> None:
        for run in self.runs:
            run.stop()

    def finish(self) -> bool:
        """Wait for all and print their findings; tell whether all is well."""
        results = [run.finish() for run in self.runs]
        return all(results)


def lint() -> int:
    """`make lint`"""
    prepare.linters_only()
    with Linters() as linters:
        return 0 if linters.finish() else 1


def format_() -> int:
    """`make format`"""
    prepare.linters_only()
    for command in fixes():
        subprocess.run(command, cwd=settings.ROOT, env=python_env.without_odoo())
    return 0
