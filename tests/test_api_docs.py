"""The examples of docs/api.md, run as they stand against a server."""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_path

from .test_api_process import ApiCase, HttpCase


@tagged("post_install", "-at_install")
class TestApiDocs(ApiCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = cls.env["res.users.apikeys"].with_user(cls.seller)
        cls.key = keys.sudo()._generate("rpc", "test", cls.env.cr.now().replace(year=2099))
        cls.text = Path(file_path("sale_rma/docs/api.md")).read_text()

    def _run(self, command, language):
        """Run the example of a language; return what it printed."""
        (example,) = re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)
        self.env.flush_all()
        line = self.order.order_line[0]
        environment = {
            **os.environ,
            "ODOO_URL": self.base_url(),
            "ODOO_DB": self.env.cr.dbname,
            "ODOO_KEY": self.key,
            "ORDER_ID": str(self.order.id),
            "SALE_LINE_ID": str(line.id),
        }
        with self.allow_requests(all_requests=True):
            done = subprocess.run(
                [*command, example], env=environment, capture_output=True, text=True, check=False
            )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.env.invalidate_all()
        return done.stdout

    @unittest.skipUnless(shutil.which("curl"), "there is no curl")
    def test_curl(self):
        printed = self._run(["bash", "-euo", "pipefail", "-c"], "sh")
        rma = self.returns.search([("external_ref", "=", "shop-9000")])
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 1))
        self.assertIn(rma.sudo().refund_ids.name, printed)

    def test_python(self):
        printed = self._run([sys.executable, "-c"], "python")
        rma = self.returns.search([("external_ref", "=", "shop-9001")])
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.line_ids.qty_refunded, 2)
        self.assertEqual(len(rma.sudo().refund_ids), 2)
        self.assertIn("processing", printed)

    def test_each_key_of_a_plan_is_described(self):
        engine = sys.modules["odoo.addons.sale_rma.models.process.sale_rma_plan_values"]
        for key in (engine.PLAN_KEYS | engine.LINE_KEYS) - {"rma"}:
            with self.subTest(key=key):
                self.assertRegex(self.text, rf"[`.]{key}`")
