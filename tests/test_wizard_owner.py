"""A screen is its maker's alone."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_attacks import MUTED, AttackCommon

OWN = ("create_uid", "=", -1)


@tagged("post_install", "-at_install")
class TestWizardOwner(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rma.action_accept()
        cls.own.action_accept()
        cls.company_2 = cls.setup_other_company()["company"]
        cls.traveller = cls._make_user(
            "traveller",
            "sales_team.group_sale_manager",
            company_ids=[Command.set((cls.company | cls.company_2).ids)],
        )

    def test_every_screen_of_ours_has_a_rule_that_keeps_it_to_its_maker(self):
        wizards = self._get_own_models(transient=True)
        self.assertGreaterEqual(len(wizards), 5)
        for wizard in wizards:
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", wizard._name), ("groups", "=", False)]
            )
            domains = [
                safe_eval(rule.domain_force, {"user": self.env["res.users"].browse(-1)})
                for rule in rules
                if rule.perm_read and rule.perm_write and rule.perm_create and rule.perm_unlink
            ]
            self.assertTrue(
                any(OWN in domain and "|" not in domain for domain in domains),
                f"{wizard._name} is open to all who have the right on the model: give it a rule "
                f"in security/sale_rma_wizard_rules.xml",
            )

    def test_another_users_screen_is_closed(self):
        wizard = self._open(self.rma, self.seller)
        line = wizard.line_ids
        for user in (self.colleague, self.traveller):
            for records, vals in ((wizard, {"amount_adjustment": 900}), (line, {"qty_refund": 1})):
                model, ids = records._name, records.ids
                for method, args in (
                    ("write", [vals]),
                    ("web_save", [vals, {}]),
                    ("read", [["id", *vals]]),
                    ("web_read", [{name: {} for name in vals}]),
                    ("onchange", [vals, list(vals), {name: {} for name in vals}]),
                    ("unlink", []),
                ):
                    with (
                        self.subTest(user=user.login, model=model, method=method),
                        self.assertRaises(AccessError),
                        mute_logger(*MUTED),
                        self.cr.savepoint(),
                    ):
                        self._call(user, model, method, ids, *args)
                self.assertFalse(self._call(user, model, "search", []))
        wizard.invalidate_recordset()
        self.assertEqual((wizard.amount_adjustment, line.exists()), (0, line))

    def test_another_users_screen_is_not_pressed(self):
        wizard = self._open(self.rma, self.seller)
        for method in ("action_process", "action_process_keep_open"):
            with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
                self._call(self.traveller, wizard._name, method, wizard.ids)
        self.assertEqual(self.rma.state, "accepted")

    def test_no_line_gets_onto_another_users_screen(self):
        wizard = self._open(self.rma, self.seller)
        vals = {"wizard_id": wizard.id, "rma_line_id": self.rma.line_ids.id, "qty_refund": 1}
        line = "sale.rma.process.line"
        for method, args in (("create", [vals]),):
            with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
                self._call(self.traveller, line, method, *args)
        self.assertEqual(len(wizard.line_ids), 1)

    def test_refusals_and_choices_of_others_are_closed(self):
        values = {
            "sale.rma.close": {"rma_ids": self.rma.ids, "operation": "cancel"},
            "sale.rma.create": {"order_id": self.order.id},
        }
        for model, vals in values.items():
            record = self._call(self.seller, model, "create", vals)
            with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
                self._call(self.traveller, model, "write", [record], vals)
            with self.assertRaises(AccessError), mute_logger(*MUTED):
                self._call(self.traveller, model, "read", [record], list(vals))

    def test_bulk_operations_are_their_users(self):
        job = self._call(self.seller, "sale.rma", "action_bulk", self.rma.ids, "accept")["res_id"]
        lines = self.env["sale.rma.job"].browse(job).line_ids
        for model, ids in (("sale.rma.job", [job]), ("sale.rma.job.line", lines.ids)):
            with self.assertRaises(AccessError), mute_logger(*MUTED):
                self._call(self.colleague, model, "read", ids, ["state"])
        for user in (self.colleague, self.traveller):
            with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
                self._call(user, "sale.rma.job", "write", [job], {"reason": "x"})

    def test_a_maker_is_not_forged(self):
        self._open(self.rma, self.seller)
        vals = {"rma_id": self.rma.id, "create_uid": self.seller.id}
        wizard = self._call(self.traveller, "sale.rma.process", "create", vals)
        self.assertEqual(
            self.env["sale.rma.process"].sudo().browse(wizard).create_uid, self.traveller
        )
