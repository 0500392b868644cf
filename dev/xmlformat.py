"""The XML formatter: four spaces for every level, and nothing else touched.

It moves the lines that begin with a tag, and an attribute's lines with it. Text is never
changed, since in views and mails it is what gets translated, and in `<field name="code">` it
is Python. Run as `python3 -m dev.xmlformat [--check] [FILE…]`.
"""

import difflib
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

from . import settings

INDENT = 4
HEADER = '<?xml version="1.0" encoding="utf-8"?>'
TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>"
    r"""|<(?P<close>/)?(?P<name>[\w:.-]+)(?:[^<>"']|"[^"]*"|'[^']*')*?(?P<empty>/)?>""",
    re.DOTALL,
)
VERBATIM = {"pre", "textarea", "script"}
"""Elements in which white space matters."""


def formatted(text: str) -> str:
    """The text of an XML file with its lines indented by their depth."""
    body = re.sub(r"\A\s*<\?xml.*?\?>\s*", "", text)
    lines = _reindented(body.rstrip() + "\n")
    return f"{HEADER}\n{lines}"


def _reindented(text: str) -> str:
    pieces: list[str] = []
    position = depth = 0
    verbatim = ""
    for token in TOKEN.finditer(text):
        before = text[position : token.start()]
        name, closes, empty = token["name"], token["close"], token["empty"]
        if name and closes:
            depth -= 1
        if verbatim:
            pieces += [before, token[0]]
            if verbatim == name and closes:
                verbatim = ""
        else:
            pieces += _placed(before, token[0], INDENT * depth)
        position = token.end()
        if name and not closes and not empty:
            depth += 1
            if not verbatim and (name in VERBATIM or 'xml:space="preserve"' in token[0]):
                verbatim = name
    return "".join([*pieces, text[position:]])


def _placed(before: str, token: str, indent: int) -> list[str]:
    """What stands before a token and the token, moved if it is the first thing on its line."""
    head, newline, blank = before.rpartition("\n")
    if blank.strip() or not newline:
        return [before, token]
    if not head.strip():
        head = "\n" if head.count("\n") else ""  # at most one empty line
    return [head.rstrip(" \t"), "\n", " " * indent, _moved(token, indent - len(blank))]


def _moved(token: str, shift: int) -> str:
    """A token of several lines moves as one block."""
    first, *others = token.split("\n")
    moved = []
    for line in others:
        words = line.lstrip(" ")
        width = max(0, len(line) - len(words) + shift)
        moved.append((" " * width + words).rstrip())
    return "\n".join([first.rstrip() if others else first, *moved])


def xml_files() -> list[Path]:
    """All XML files of the addon."""
    return sorted(path for path in settings.addon_files(settings.ROOT) if path.suffix == ".xml")


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    paths = [Path(name) for name in arguments if name != "--check"] or xml_files()
    wrong = [path for path in paths if not _treat(path, check=check)]
    if wrong and check:
        print(f"{len(wrong)} of {len(paths)} XML files need a mend: make format does it.")
    return 1 if wrong and check else 0


def _treat(path: Path, *, check: bool) -> bool:
    """Check or mend one file; tell whether it was fine."""
    text = path.read_text()
    try:
        ElementTree.fromstring(text.encode())
    except ElementTree.ParseError as error:
        print(f"{path}: not well formed: {error}")
        return False
    new = formatted(text)
    if new == text:
        return True
    if check:
        diff = difflib.unified_diff(
            text.splitlines(), new.splitlines(), str(path), f"{path} (formatted)", n=1, lineterm=""
        )
        print("\n".join(list(diff)[:12]))
    else:
        path.write_text(new)
        print(f"formatted {path}")
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
