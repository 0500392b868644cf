"""RESULTS.md: each program has a section of its own there and leaves the others alone."""

import re
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
ORDER = ("speed", "pace", "size", "load", "servers")


def write(name, lines):
    """Replace, or add, one program's section.

    :param str name: one of ORDER, which is how the sections follow each other
    :param list lines: the section's lines of Markdown, its heading the first
    """
    sections = _read()
    sections[name] = "\n".join(lines).strip()
    RESULTS.write_text(
        "\n\n".join(
            f"<!-- {key} -->\n{sections[key]}\n<!-- end of {key} -->"
            for key in ORDER
            if key in sections
        )
        + "\n"
    )


def _read():
    text = RESULTS.read_text() if RESULTS.exists() else ""
    found = re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end of \1 -->", text, flags=re.DOTALL)
    return dict(found)
