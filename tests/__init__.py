"""All tests: Odoo looks for them among the modules of this package, each test_*.py is one."""

from importlib import import_module
from pathlib import Path

for path in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f".{path.stem}", __name__)
