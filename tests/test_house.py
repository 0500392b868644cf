"""Arrows go from the rooms to the document, none back; what of Odoo is overridden says why
(docs/architecture.md)."""

import ast
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

MODELS = Path(__file__).resolve().parent.parent / "models"
DOCUMENT = [*MODELS.glob("*.py"), *(MODELS / "mixins").glob("*.py")]
ROOMS = set(MODELS.rglob("*.py")) - set(DOCUMENT)
OURS = "odoo.addons.sale_rma"


def read_defined(paths):
    """Return {name: files} of the methods, fields and models that the classes in them define."""
    defined = {}
    for path in paths:
        tree = ast.parse(path.read_text())
        for body in (node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for node in body:
                names = [node.name] if isinstance(node, ast.FunctionDef) else []
                if isinstance(node, ast.Assign):
                    names += [target.id for target in node.targets if isinstance(target, ast.Name)]
                    is_name = names == ["_name"] and isinstance(node.value, ast.Constant)
                    names = [node.value.value] if is_name else names
                for name in names:
                    defined.setdefault(name, set()).add(path)
    return defined


def read_used(path):
    """Return the names a file calls or reads, in strings too, and the rooms it imports."""
    used = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            used.add(f"import {node.module.split('.')[0]}")
        elif isinstance(node, ast.Constant) and re.fullmatch(r"[\w.]+", str(node.value)):
            used |= {str(node.value), *str(node.value).split(".")}
    return used


@tagged("post_install", "-at_install")
class TestHouse(TransactionCase):
    def _get_names_of_odoo(self):
        """Return the names of models, methods and fields that are not ours."""
        names = set(self.env)
        for model in self.env.values():
            for base in type(model).__mro__:
                if not base.__module__.startswith(OURS):
                    names |= vars(base).keys()
            names |= {n for n, f in model._fields.items() if set(f._modules or ()) - {"sale_rma"}}
        return {name for name in names if not name.startswith("sale.rma")}

    def test_document_knows_no_room(self):
        in_rooms, in_document = read_defined(ROOMS), read_defined(DOCUMENT)
        rooms = {f"import {path.parent.name}" for path in ROOMS} - {"import mixins"}
        closed = (in_rooms.keys() - in_document.keys() - self._get_names_of_odoo()) | rooms
        closed = {name for name in closed if "_" in name or "." in name or " " in name}
        self.assertIn("_plan_receipts", closed)
        found = {(path.name, name) for path in DOCUMENT for name in read_used(path) & closed}
        self.assertEqual(
            found, set(), "the document calls a hook of its own, which the room extends"
        )

    def _find_overrides(self):
        """Yield (model, name, docstring) of the methods of Odoo's models that ours override."""
        for name in self.env.registry:
            if name.startswith("sale.rma"):
                continue
            bases = type(self.env[name]).__mro__
            others = [base for base in bases if not base.__module__.startswith(OURS)]
            for base in set(bases) - set(others):
                for method, function in vars(base).items():
                    if not callable(function) or method.startswith("__"):
                        continue
                    if any(method in vars(other) for other in others):
                        yield name, method, function.__doc__ or ""

    def test_every_override_of_a_method_of_odoo_says_of_which_module_and_why(self):
        overrides = list(self._find_overrides())
        self.assertGreater(len(overrides), 50)
        silent = {
            f"{model}.{method}"
            for model, method, text in overrides
            if not re.match(r"(Override|Extend)([^.:]*`\w+`| of the ORM| the ORM)", text)
        }
        self.assertEqual(silent, set())
