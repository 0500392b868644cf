import re
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\{.*?\}\}")
TAG = re.compile(r"</?[a-z]+[^>]*>")
LANGUAGES = ["de", "es", "fr", "it", "nl"]


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    """Each language's texts are whole, and keep what programs read in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = Path(file_path("sale_rma/i18n/sale_rma.pot"))
        cls.template = [(entry.msgctxt, entry.msgid) for entry in polib.pofile(path)]
        cls.languages = {
            file.stem: {
                (entry.msgctxt, entry.msgid): entry
                for entry in polib.pofile(file)
                if not entry.obsolete
            }
            for file in sorted(path.parent.glob("*.po"))
        }

    def _iter_languages(self):
        for code, texts in self.languages.items():
            with self.subTest(language=code):
                yield texts

    def _assert_same(self, pattern):
        for texts in self._iter_languages():
            changed = [
                key[1]
                for key, entry in texts.items()
                if sorted(pattern.findall(entry.msgstr)) != sorted(pattern.findall(key[1]))
            ]
            self.assertFalse(changed)

    def test_languages_that_are_shipped(self):
        self.assertEqual(list(self.languages), LANGUAGES)

    def test_every_text_is_translated(self):
        for texts in self._iter_languages():
            missing = [
                key[1]
                for key in self.template
                if key not in texts or texts[key].fuzzy or not texts[key].msgstr.strip()
            ]
            self.assertFalse(missing)

    def test_nothing_the_template_lacks(self):
        for texts in self._iter_languages():
            self.assertFalse(texts.keys() - set(self.template))

    def test_placeholders_are_kept(self):
        self._assert_same(PLACEHOLDER)

    def test_tags_are_kept(self):
        self._assert_same(TAG)

    def test_spaces_at_the_ends_are_kept(self):
        for texts in self._iter_languages():
            changed = [
                key[1]
                for key, entry in texts.items()
                if self._get_ends(entry.msgstr) != self._get_ends(key[1])
            ]
            self.assertFalse(changed)

    def _get_ends(self, text):
        return text[:1].isspace(), text[-1:].isspace()
