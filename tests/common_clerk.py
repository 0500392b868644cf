"""A clerk before the screen: real mouse clicks and keys, counted, as the browser takes them from a
hand (Odoo's tours set values and fire events by script)."""

import base64
import json
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "Backspace": 8}
PATIENCE = 40  # seconds
VISIBLE = """
    [...document.querySelectorAll(%s)].find((el) => {
        const box = el.getBoundingClientRect();
        return box.width && box.height && el.innerText.includes(%s);
    })
"""


class Clerk:
    """:ivar clicks: how often the mouse was clicked"""

    def __init__(self, browser):
        self.browser = browser
        self.clicks = 0

    # === SEEING === #

    def look(self, expression):
        """Return the value of a JavaScript expression."""
        result = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": expression, "returnByValue": True}
        )
        return result["result"].get("value")

    def wait(self, expression):
        """Return the value of an expression once it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.look(expression):
                return value
            time.sleep(0.1)
        self.browser.take_screenshot("stuck_").result(30)
        raise AssertionError(f"Waited in vain for {expression}")

    def see(self, selector, text=""):
        """Wait for an element that is visible."""
        return self.wait(f"!!{VISIBLE % (json.dumps(selector), json.dumps(text))}")

    def read(self, selector):
        """Return the text of an element, or what is typed in it."""
        self.see(selector)
        found = VISIBLE % (json.dumps(selector), '""')
        return self.look(f"((el) => el.value ?? el.innerText)({found})")

    def shot(self, path):
        """Save what is on the screen."""
        picture = self.browser._websocket_request("Page.captureScreenshot", timeout=30)
        Path(path).write_bytes(base64.b64decode(picture["data"]))
        return path

    # === DOING === #

    def click(self, selector, text=""):
        """Click with the mouse in the middle of an element."""
        found = VISIBLE % (json.dumps(selector), json.dumps(text))
        self.see(selector, text)
        spot = self.look(
            f"((el) => {{ el.scrollIntoView({{block: 'center'}});"
            "const box = el.getBoundingClientRect();"
            f"return [box.x + box.width / 2, box.y + box.height / 2]; }})({found})"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.browser._websocket_request(
                "Input.dispatchMouseEvent",
                params={
                    "type": kind,
                    "x": spot[0],
                    "y": spot[1],
                    "button": "left",
                    "clickCount": 1,
                },
            )
        self.clicks += 1

    def press(self, key):
        """Press a key: a sign, or one of `KEYS`."""
        code = KEYS.get(key)
        params = {"key": key, "windowsVirtualKeyCode": code} if code else {"key": key, "text": key}
        if key == "Enter":
            params["text"] = "\r"
        for kind in ("keyDown", "keyUp"):
            if kind == "keyUp":
                params = {name: value for name, value in params.items() if name != "text"}
            # without waiting for the answer: a scanner is fast
            self.browser._websocket_send("Input.dispatchKeyEvent", params={"type": kind, **params})

    def tell(self, what):
        """Print how many clicks something took."""
        print(f"\n{what}: {self.clicks} clicks")  # noqa: T201

    def type(self, text):
        for sign in text:
            self.press(sign)


class ClerkCase(HttpCase):
    @contextmanager
    def browse(self, url, login, size="1400x900"):
        """Yield a `Clerk` who has logged in and opened a page."""
        self.browser_size = size
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser):
            try:
                self.authenticate(login, login, browser=browser)
                self.cr.flush()
                self.cr.clear()
                browser.navigate_to(urljoin(self.base_url(), url))
                yield Clerk(browser)
            finally:
                browser.stop()
                self._wait_remaining_requests()
