"""A pytest plugin: a browser test that did not drive a browser fails; what tours took is told.

Odoo skips its browser tests when Chromium or the websocket-client package is missing, so a run
may look fine and have shown nothing.
"""

import inspect
import os
import re

import pytest

from odoo.tests.common import ChromeBrowser, HttpCase

BROWSER_SKIP = re.compile(r"chrom|websocket|devtools|HttpCase|--odoo-http", re.IGNORECASE)
"""Words in the reasons Odoo and pytest-odoo give for skipping a browser test."""

DRIVES_BROWSER = re.compile(r"\.(start_tour|browser_js)\(")

tours = {"test": 0, "total": 0}
"""How many browser runs ended well: in the current test, and in all (there counted from the
reports, which come from other processes when tests run side by side)."""

TOLD = re.compile(r"^sale_rma, (.+ taps, .+ seconds)$")
"""What a tour says in the browser's console of the taps and seconds it took."""

clocks = {"test": [], "total": []}

original_browser_js = HttpCase.browser_js
original_from_remoteobject = ChromeBrowser._from_remoteobject


def counting_browser_js(self, *args, **kwargs):
    """Count the runs that come back without an error."""
    result = original_browser_js(self, *args, **kwargs)
    tours["test"] += 1
    return result


HttpCase.browser_js = counting_browser_js


def listening_from_remoteobject(self, arg):
    """Keep what the console is told of taps and seconds: the log of a test run is silent."""
    value = original_from_remoteobject(self, arg)
    if match := TOLD.match(str(value)):
        clocks["test"].append(match[1])
    return value


ChromeBrowser._from_remoteobject = listening_from_remoteobject


def pytest_runtest_setup(item):
    tours["test"] = 0
    clocks["test"] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if call.when == "call":
        report.user_properties.append(("browser runs", tours["test"]))
        report.user_properties.append(("clocks", clocks["test"]))
    if report.skipped and BROWSER_SKIP.search(str(report.longrepr)):
        fail(report, f"A browser test may not be skipped. {report.longrepr}")
    elif report.passed and call.when == "call" and drives_browser(item) and not tours["test"]:
        fail(report, "This browser test passed without running anything in a browser.")


def pytest_runtest_logreport(report):
    if report.when == "call":
        told = dict(report.user_properties)
        tours["total"] += told.get("browser runs", 0)
        clocks["total"] += told.get("clocks", [])


def drives_browser(item):
    """Whether a test's own code starts a tour."""
    function = getattr(item, "obj", None)
    try:
        return bool(function and DRIVES_BROWSER.search(inspect.getsource(function)))
    except OSError:
        return False


def fail(report, reason):
    report.outcome = "failed"
    report.longrepr = reason


def pytest_terminal_summary(terminalreporter):
    """Tell the linters' result again here: the last line has to be pytest's own."""
    terminalreporter.write_line(f"browser runs that ended well: {tours['total']}")
    for clock in sorted(clocks["total"]):
        terminalreporter.write_line(f"  {clock}")
    if note := os.environ.get("NOTE_BEFORE_SUMMARY"):
        terminalreporter.write_line(note, red=True, bold=True)
