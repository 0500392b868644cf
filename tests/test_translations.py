import re

import polib

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\{.*?\}\}")
TAG = re.compile(r"</?[a-z]+[^>]*>")


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    """The French texts are whole, and keep what programs read in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = polib.pofile(file_path("sale_rma/i18n/sale_rma.pot"))
        french = polib.pofile(file_path("sale_rma/i18n/fr.po"))
        cls.french = {entry.msgid: entry for entry in french if not entry.obsolete}

    def _assert_same(self, pattern):
        for entry in self.template:
            text = self.french[entry.msgid].msgstr
            with self.subTest(msgid=entry.msgid):
                self.assertCountEqual(pattern.findall(text), pattern.findall(entry.msgid))

    def test_every_text_is_in_french(self):
        missing = [
            entry.msgid
            for entry in self.template
            if entry.msgid not in self.french
            or self.french[entry.msgid].fuzzy
            or not self.french[entry.msgid].msgstr.strip()
        ]
        self.assertFalse(missing)

    def test_french_has_nothing_the_template_lacks(self):
        self.assertFalse(self.french.keys() - {entry.msgid for entry in self.template})

    def test_placeholders_are_kept(self):
        self._assert_same(PLACEHOLDER)

    def test_tags_are_kept(self):
        self._assert_same(TAG)
