"""The rules and the law are in the repository: what code and tests cite can be looked up."""

import re
import sys
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).resolve().parent.parent
CITED = re.compile(r"(?<![\w/#\"'-])(R\d{1,2}b?|L\d{1,2}|N\d{1,2})(?![\w-])")
IN_A_TEST_NAME = re.compile(r"def test_(R\d{1,2}b?|L\d{1,2}|N\d{1,2}|S\d{1,2})_")
DEFINED = re.compile(r"^- \*\*([RLNS]\d{1,2}b?)\b", re.MULTILINE)


@tagged("post_install", "-at_install")
class TestDocs(BaseCase):
    def _read_defined(self):
        texts = (ROOT / "docs" / name for name in ("rules.md", "law.md"))
        return {number for text in texts for number in DEFINED.findall(text.read_text())}

    def _read_cited(self):
        """Return {number: files that cite it}."""
        cited = {}
        for folder in ("models", "wizard", "controllers", "report", "tests"):
            for path in (ROOT / folder).rglob("*.py"):
                text = path.read_text()
                for number in [*CITED.findall(text), *IN_A_TEST_NAME.findall(text)]:
                    cited.setdefault(number, set()).add(path.name)
        return cited

    def test_every_number_cited_is_in_the_docs(self):
        cited, defined = self._read_cited(), self._read_defined()
        self.assertLess({"R1", "L17"}, set(cited))
        missing = {number: files for number, files in cited.items() if number not in defined}
        self.assertEqual(missing, {})

    def test_links_between_the_docs_lead_somewhere(self):
        for path in (ROOT / "docs").glob("*.md"):
            for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text()):
                self.assertTrue((path.parent / target).exists(), f"{path.name}: {target}")

    def test_files_and_methods_named_in_the_docs_exist(self):
        files = {
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if ".odoo" not in path.parts and path.suffix
        }
        source = "\n".join((ROOT / name).read_text() for name in files if name.endswith(".py"))
        defined = set(re.findall(r"def (\w+)\(", source))
        for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]:
            words = set(re.findall(r"`([\w./]+)`", path.read_text()))
            named = set(filter(re.compile(r"\w\.(py|xml|csv|md|js|scss|pot?)$").search, words))
            for name in named - files:
                known = any(file.endswith(f"/{name}") for file in files)
                self.assertTrue(known, f"{path.name}: there is no {name}")
            methods = filter(re.compile(r"(^|\.)_[a-z]\w*[a-z]$").search, words)
            methods = {word.split(".")[-1] for word in methods}
            self.assertEqual(methods - defined, set(), path.name)

    def test_every_test_module_is_known_to_odoo(self):
        package = sys.modules[__package__]
        for path in (ROOT / "tests").glob("test_*.py"):
            self.assertTrue(hasattr(package, path.stem), path.stem)
