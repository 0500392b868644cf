import time
from contextlib import contextmanager
from urllib.parse import urljoin

from odoo.tests.common import ChromeBrowser

from .common_portal import PortalCommon

KEYS = {
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    " ": {"code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
    "Backspace": {"code": "Backspace", "windowsVirtualKeyCode": 8},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
}
SHIFT = 8


class Page:
    """A page open in a browser, with a keyboard before it: keys are pressed as a person does, not
    events made up by a script."""

    def __init__(self, test, browser):
        self.test = test
        self.browser = browser

    def open(self, path):
        self.browser.navigate_to(urljoin(self.test.base_url(), path), wait_stop=True)
        self.wait("document.body.matches('[is-ready=true]')")  # scripts included

    def js(self, expression):
        """Return what an expression is worth on the page; a promise is waited for."""
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": expression, "returnByValue": True, "awaitPromise": True},
            timeout=30,
        )
        self.test.assertNotIn("exceptionDetails", answer, expression)
        return answer["result"].get("value")

    def wait(self, expression, seconds=10):
        """Wait until an expression is true."""
        end = time.time() + seconds
        while time.time() < end:
            try:
                if self.js(f"Boolean({expression})"):
                    return
            except Exception:  # a page that is going away answers nothing
                self.test._logger.debug("no answer yet", exc_info=True)
            time.sleep(0.1)
        self.test.fail(f"never true: {expression}")

    def press(self, key, modifiers=0):
        values = {"key": key, "modifiers": modifiers, **KEYS.get(key, {"text": key})}
        for kind in ("keyDown", "keyUp"):
            self.browser._websocket_request(
                "Input.dispatchKeyEvent", params={"type": kind, **values}
            )

    def type(self, text):
        for letter in text:
            self.press(letter)

    def shoot(self):
        return self.browser.take_screenshot()


class BrowserCommon(PortalCommon):
    """Pages in a browser with a real keyboard."""

    @contextmanager
    def _browse(self, path, login="rma_customer", size="390x844"):
        """Open a path in a browser of its own."""
        self.browser_size = size
        browser = ChromeBrowser(self)
        page = Page(self, browser)
        with self.allow_requests(browser=browser):
            try:
                self.authenticate(login, login, browser=browser)
                self.cr.flush()
                self.cr.clear()
                page.open(path)
                yield page
            finally:
                browser.stop()
                self._wait_remaining_requests()
