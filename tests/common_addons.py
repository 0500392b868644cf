"""Other addons, installed for a test: those in tests/addons/ are read as Odoo reads any addon,
their models are added to the registry, their tables and data written in the test's transaction."""

import ast
import importlib
from pathlib import Path
from types import SimpleNamespace

from odoo.orm.model_classes import _init_model_class_attributes
from odoo.tools import convert_file

import odoo.addons

from .common import SaleRmaCommon

ADDONS = Path(__file__).resolve().parent / "addons"


class OtherAddon(SaleRmaCommon):
    """A test class that works beside one more addon."""

    addon = ""
    """name of the addon, a folder of tests/addons/"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if str(ADDONS) not in odoo.addons.__path__:
            odoo.addons.__path__.append(str(ADDONS))
        importlib.import_module(f"odoo.addons.{cls.addon}")
        models = dict(cls.registry.models)
        bases = {name: model._base_classes__ for name, model in models.items()}
        cls.addClassCleanup(cls._uninstall, models, bases)
        cls.env["ir.module.module"].create({"name": cls.addon, "state": "installed"})
        cls.env.flush_all()
        names = cls.registry.load(SimpleNamespace(name=cls.addon))
        cls.registry._setup_models__(cls.cr, [])
        names = cls.registry.descendants(names, "_inherit", "_inherits")
        cls.registry.init_models(cls.cr, names, {"module": cls.addon}, True)
        manifest = ast.literal_eval((ADDONS / cls.addon / "__manifest__.py").read_text())
        for file in manifest.get("data", []):
            convert_file(cls.env, cls.addon, file, {}, mode="init", noupdate=False)
        cls.env.flush_all()

    @classmethod
    def _uninstall(cls, models, bases):
        """Give the registry back its models; the database forgets by itself."""
        cls.registry.models.clear()
        cls.registry.models.update(models)
        for name, model in models.items():
            model._base_classes__ = bases[name]
            model._setup_done__ = False
        for model in models.values():
            _init_model_class_attributes(model)
        cls.registry.registry_invalidated = True  # its fields are set up again
