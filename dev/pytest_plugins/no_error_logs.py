"""A pytest plugin: a test during which Odoo logs an error fails, as in Odoo's own test runner.

An error that a test provokes on purpose is silenced there with `mute_logger` or `assertLogs`.
"""

import logging

import pytest

errors: list[str] = []


class Collector(logging.Handler):
    def emit(self, record):
        errors.append(f"{record.name}: {self.format(record)}")


def pytest_sessionstart():
    # pytest-odoo silences all below critical; the console stays silent, but we listen.
    logging.getLogger().addHandler(Collector(level=logging.ERROR))
    logging.getLogger("odoo").setLevel(logging.ERROR)


def pytest_runtest_setup(item):
    errors.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.passed and call.when == "call" and errors:
        report.outcome = "failed"
        report.longrepr = "Odoo logged an error during this test:\n\n" + "\n\n".join(errors)
