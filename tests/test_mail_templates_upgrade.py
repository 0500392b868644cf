"""A shop that never wrote its mails itself gets the new words; one that did keeps its own."""

from importlib import util
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

FILE = "migrations/19.0.1.3.0/post-mail-templates.py"


@tagged("post_install", "-at_install")
class TestMailTemplatesUpgrade(TransactionCase):
    def setUp(self):
        super().setUp()
        path = Path(__file__).resolve().parent.parent / FILE
        spec = util.spec_from_file_location("rma_mail_templates", path)
        self.script = util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.name = "mail_template_rma_withdrawal"
        self.template = self.env.ref(f"sale_rma.{self.name}")

    def _upgrade(self, body, user):
        """Let a user write the mail, and say that an earlier version had these words."""
        self.template.with_user(user).body_html = body
        earlier = {self.name: {self.script.digest_words("<p>Old  words</p>")}}
        with patch.object(self.script, "EARLIER", earlier):
            self.script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        return str(self.template.body_html)

    def test_untouched_words_become_the_new_ones(self):
        root = self.env.ref("base.user_root")
        self.assertIn("We give back", self._upgrade("<div><p>Old words</p></div>", root))
        self.assertTrue(self.env.ref(f"sale_rma.{self.name}").active)

    def test_what_a_shop_wrote_stays(self):
        root, admin = self.env.ref("base.user_root"), self.env.ref("base.user_admin")
        self.assertIn("Our words", self._upgrade("<p>Our words</p>", root))
        self.assertIn("Old words", self._upgrade("<p>Old words</p>", admin))

    def test_other_mails_and_deleted_ones_are_left_alone(self):
        other = self.env.ref("sale_rma.mail_template_rma_done")
        other.body_html = "<p>Thank you</p>"
        self.template.unlink()
        self.script.migrate(self.env.cr, "19.0.1.1.0")
        self.assertIn("Thank you", other.body_html)
        self.assertFalse(self.env.ref(f"sale_rma.{self.name}", raise_if_not_found=False))

    def test_every_mail_gets_its_new_words(self):
        mails = self.env["ir.model.data"].search(
            [("module", "=", "sale_rma"), ("model", "=", "mail.template")]
        )
        self.assertEqual(set(mails.mapped("name")), set(self.script.EARLIER))
        self.env["mail.template"].browse(mails.mapped("res_id")).with_user(
            self.env.ref("base.user_root")
        ).body_html = "<p>Old words</p>"
        digests = {self.script.digest_words("<p>Old words</p>")}
        earlier = dict.fromkeys(self.script.EARLIER, digests)
        with patch.object(self.script, "EARLIER", earlier):
            self.script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        for template in self.env["mail.template"].browse(mails.mapped("res_id")):
            self.assertNotIn("Old words", str(template.body_html), template.name)
