"""Nobody gets superuser's rights without a reason that stands beside it."""

import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("models", "wizard", "controllers", "report", "tools")
SUDO = re.compile(r"\.sudo\(|with_user\(SUPERUSER_ID\)|env\(su=True\)")
NEAR = 14
"""lines above in which a reason is looked for"""
BEGINS = re.compile(r"\s*(def|class|@\w+)\b")


def has_reason(lines, number):
    """Whether a comment stands on the line, or near above it in its function."""
    for line in reversed(lines[max(number - NEAR, 0) : number + 1]):
        if "#" in line:
            return True
        if BEGINS.match(line):
            return False
    return False


@tagged("post_install", "-at_install")
class TestSudo(BaseCase):
    def _find(self):
        for folder in FOLDERS:
            for path in (ROOT / folder).rglob("*.py"):
                lines = path.read_text().splitlines()
                for number, line in enumerate(lines):
                    if SUDO.search(line.split("#")[0]):
                        yield path, lines, number

    def test_every_sudo_has_its_reason_beside_it(self):
        found = list(self._find())
        self.assertGreater(len(found), 100)
        without = [
            f"{path.relative_to(ROOT)}:{number + 1}"
            for path, lines, number in found
            if not has_reason(lines, number)
        ]
        self.assertEqual(without, [])

    def test_a_sudo_without_reason_is_seen(self):
        lines = ["def a(self):", "    # why", "    pass", "def b(self):", "    self.sudo()"]
        self.assertFalse(has_reason(lines, 4))
        self.assertTrue(has_reason([*lines[:4], "    # why", "    self.sudo()"], 5))
