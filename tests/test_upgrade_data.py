"""What an update never makes by itself is made once for shops that had the addon before."""

import runpy
from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

# Came with the first version: no shop has the addon without them, unless it deleted them.
FIRST_VERSION = {"mail_template_data.xml", "sale_rma_guest_data.xml", "sale_rma_reason_data.xml"}


@tagged("post_install", "-at_install")
class TestUpgradeData(TransactionCase):
    def test_later_records_that_an_update_does_not_make_have_a_migration(self):
        module = Path(file_path("sale_rma/__manifest__.py")).parent
        scripts = "".join(path.read_text() for path in module.glob("migrations/*/*.py"))
        for path in sorted(module.glob("data/*.xml")):
            if path.name in FIRST_VERSION or not etree.parse(path).xpath(
                "//record[@forcecreate='False']"
            ):
                continue
            with self.subTest(data=path.name):
                self.assertIn(path.name, scripts)

    def _migrate_grounds(self):
        self.env.flush_all()
        path = file_path("sale_rma/migrations/19.0.1.3.0/post-grounds.py")
        runpy.run_path(path)["migrate"](self.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def test_a_shop_that_had_the_addon_before_gets_the_standard_texts(self):
        grounds = self.env["sale.rma.ground"]
        grounds.search([]).unlink()
        self._migrate_grounds()
        for name in ("ground_too_late", "ground_our_mistake"):
            self.assertTrue(self.env.ref(f"sale_rma.{name}").text)
        self.assertEqual(len(grounds.search([])), 7)

    def test_texts_that_a_shop_deleted_do_not_come_back(self):
        self.env.ref("sale_rma.ground_too_late").unlink()
        self._migrate_grounds()
        self.assertFalse(self.env.ref("sale_rma.ground_too_late", raise_if_not_found=False))
