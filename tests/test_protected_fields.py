"""What forms show read-only is refused by RPC, too: written, given and as a
default."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_attacks import AttackCommon

# The last two are refused by their own words, or because nobody has the right.
WORDS = "written by the program|changed by its buttons|it is not written|enough rights"
# Something that is no value these records have.
OTHER = {
    "boolean": True,
    "char": "falsified",
    "json": {"falsified": True},
    "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00",
    "float": 77,
    "integer": 77,
    "many2many": [Command.clear()],
    "many2one": False,
    "monetary": 77,
    "one2many": [Command.clear()],
    "selection": "draft",
    "text": "falsified",
}


@tagged("post_install", "-at_install")
class TestProtectedFields(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._make_user(
            "boss",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_manager",
        )
        cls.rma.action_accept()
        cls._process(cls.rma, {"exchange": True})

    def _assert_protected(self, model, method, *args, words=WORDS, **kwargs):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self._call(self.boss, model, method, *args, **kwargs)

    def test_the_list_has_what_returns_are_told_from(self):
        expected = {
            "sale.rma": {
                "access_token",
                "company_id",
                "currency_id",
                "date_accepted",
                "date_done",
                "date_proof",
                "date_received",
                "date_refund_due",
                "date_requested",
                "exchange_order_ids",
                "name",
                "picking_ids",
                "process_count",
                "refund_ids",
                "request_key",
                "state",
            },
            "sale.rma.line": {"credit_line_ids", "exchange_line_ids", "move_ids", "product_id"},
            "sale.rma.process": {"process_count"},
            "sale.rma.job": {"state", "user_id"},
        }
        for model, names in expected.items():
            self.assertLessEqual(names, self.env[model]._get_protected_names(), model)
        self.assertNotIn("date_expiry", self.env["sale.rma"]._get_protected_names())

    def test_what_only_the_program_writes_is_not_written(self):
        rma = self.rma.sudo()
        for record in (rma, rma.line_ids, self._open(self._reopen(rma), self.boss)):
            for name in sorted(record._get_fixed_names()):
                field = record._fields[name]
                value = OTHER[field.type]
                if not record[name] and (not value or isinstance(value, list)):
                    continue  # nothing to take away
                with self.subTest(model=record._name, field=name):
                    before = record[name]
                    self._assert_protected(record._name, "write", record.ids, {name: value})
                    self.assertEqual(record[name], before)

    def _reopen(self, rma):
        rma.action_reopen()
        return rma

    def test_it_is_not_given_to_a_new_return_nor_by_a_default(self):
        rmas = self.env["sale.rma"]
        for name in sorted(rmas._get_protected_names()):
            value = OTHER[rmas._fields[name].type]
            if name == "state":
                value = "done"
            elif not value or isinstance(value, list):
                value = self.rma[name].ids[:1] if isinstance(value, list) else self.rma[name].id
            if not value or rmas._fields[name].precompute:
                continue  # the latter: `create` of Odoo leaves it out and computes it
            values = {"order_id": self.order.id}
            with self.subTest(field=name):
                self._assert_protected("sale.rma", "create", {**values, name: value})
                context = {f"default_{name}": value}
                self._assert_protected("sale.rma", "create", values, context=context)

    def test_links_on_odoos_documents_are_not_written_nor_given(self):
        rma, line = self.rma.sudo(), self.rma.line_ids.sudo()
        links = (
            (rma.refund_ids, "rma_id", rma),
            (line.credit_line_ids, "rma_line_id", line),
            (rma.picking_ids[:1], "rma_id", rma),
            (line.move_ids[:1], "rma_line_id", line),
            (rma.exchange_order_ids, "source_rma_id", rma),
            (line.exchange_line_ids, "source_rma_line_id", line),
        )
        for record, name, target in links:
            with self.subTest(model=record._name):
                for value in (False, self.own.id if target == rma else self.own.line_ids.id):
                    self._assert_protected(record._name, "write", record.ids, {name: value})
                self.assertEqual(record[name], target)
        order = {"partner_id": self.customer.id}
        for vals in ({"source_rma_id": rma.id}, {"rma_revision": 9}):
            self._assert_protected("sale.order", "create", {**order, **vals})
            context = {f"default_{name}": value for name, value in vals.items()}
            self._assert_protected("sale.order", "create", order, context=context)
        entry = {"move_type": "out_refund", "partner_id": self.customer.id, "rma_id": rma.id}
        self._assert_protected("account.move", "create", entry)
        item = {"name": "x", "price_unit": 5, "rma_line_id": line.id}
        entry = {**entry, "rma_id": False, "invoice_line_ids": [Command.create(item)]}
        self._assert_protected("account.move", "create", entry)

    def test_what_odoo_copies_keeps_its_link(self):
        receipt = self._as(self.rma.picking_ids[:1], self.boss)
        self.assertEqual(receipt.copy().rma_id, receipt.rma_id)
        with self.assertRaisesRegex(UserError, WORDS), self.cr.savepoint():
            receipt.copy({"rma_id": self.own.id})
        refund = self._as(self.rma.refund_ids, self.boss)
        self.assertFalse(refund.copy().rma_id)
        self.assertEqual(refund._reverse_moves(cancel=True).rma_id, refund.rma_id)

    def test_the_type_is_settled_when_the_return_is_accepted(self):
        words = "type of a return cannot change"
        self.own.rma_type = "claim"
        self.own.action_accept()
        vals = {"rma_type": "return"}
        self._assert_protected("sale.rma", "write", self.own.ids, vals, words=words)

    def test_a_return_keeps_a_manager(self):
        vals = {"user_id": False}
        words = "stays in charge"
        self._assert_protected("sale.rma", "write", self.own.ids, vals, words=words)
        self._call(self.boss, "sale.rma", "write", self.own.ids, {"user_id": self.boss.id})
        self.assertEqual(self.own.user_id, self.boss)

    def test_an_import_gives_no_reference(self):
        rows = [["RMA/2020/00001-X", self.order.name]]
        result = self._call(self.boss, "sale.rma", "load", ["name", "order_id"], rows)
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], WORDS)

    def test_the_same_value_again_is_no_change(self):
        vals = {"name": self.rma.name, "state": self.rma.state, "rma_type": self.rma.rma_type}
        self.assertTrue(self._call(self.boss, "sale.rma", "write", self.rma.ids, vals))
