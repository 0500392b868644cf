"""Every id that comes from outside is one its caller may read, whether
given, nested, or come as a default."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_attacks import MUTED, AttackCommon


@tagged("post_install", "-at_install")
class TestIncomingIds(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rma.action_accept()
        cls.own.action_accept()
        cls.foreign_line = cls.rma.line_ids
        cls.foreign_sold = cls.order.order_line[1]
        cls.foreign_file = cls.env["ir.attachment"].create(
            {"name": "secret.txt", "raw": b"x", "res_model": "sale.order", "res_id": cls.order.id}
        )

    def _assert_closed(self, model, method, *args, user=None):
        with self.assertRaises(AccessError), mute_logger(*MUTED), self.cr.savepoint():
            self._call(user or self.colleague, model, method, *args)

    def _set_default(self, user, model, field, value, company=None):
        """Set a personal default, as any internal user may for themselves."""
        defaults = self._as(self.env["ir.default"], user)
        field = self.env["ir.model.fields"]._get(model, field)
        vals = {"field_id": field.id, "json_value": json.dumps(value), "user_id": user.id}
        return defaults.create(vals)

    # === EVERY MODEL === #

    def test_every_model_of_ours_checks_what_comes_from_outside(self):
        for model in self._get_own_models():
            self.assertIsInstance(
                model,
                self.registry["sale.rma.incoming"],
                f'{model._name} needs _inherit = ["sale.rma.incoming"]',
            )

    # === THE SCREEN === #

    def test_a_foreign_item_gets_onto_no_screen(self):
        wizard = self._open(self.own, self.colleague)
        line = "sale.rma.process.line"
        vals = {"wizard_id": wizard.id, "rma_line_id": self.foreign_line.id}
        spec = {"note": {}, "price_paid": {}, "quantity": {}}
        ids = wizard.line_ids.ids
        self._assert_closed(line, "create", vals)
        self._assert_closed(line, "write", ids, {"rma_line_id": self.foreign_line.id})
        self._assert_closed(line, "web_save", [], vals, spec)
        self._assert_closed(line, "onchange", [], vals, ["rma_line_id"], spec)
        self._assert_closed(line, "onchange", ids, vals, ["rma_line_id"], spec)
        screen = {"rma_id": self.own.id, "line_ids": [Command.create(vals)]}
        self._assert_closed(wizard._name, "create", screen)
        spec = {"line_ids": {"fields": spec}, "amount_total": {}}
        self._assert_closed(wizard._name, "onchange", wizard.ids, screen, ["line_ids"], spec)

    def test_an_item_of_another_return_of_ones_own_is_refused(self):
        other = self._create_rma(self.own_order, {self.shirt: 1}, state="accepted")
        wizard = self._open(self.own, self.colleague)
        vals = {"wizard_id": wizard.id, "rma_line_id": other.line_ids.id}
        with self.assertRaisesRegex(ValidationError, "another return"), self.cr.savepoint():
            self._call(self.colleague, "sale.rma.process.line", "create", vals)
        for values in ({"rma_id": other.id}, {"line_ids": [Command.create(vals)]}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._call(self.colleague, "sale.rma.process", "write", wizard.ids, values)

    def test_no_screen_of_a_foreign_return(self):
        vals, spec = {"rma_id": self.rma.id}, {"amount_total": {}, "partner_id": {}}
        for model in ("sale.rma.process", "sale.rma.job.line", "sale.rma.inquiry"):
            self._assert_closed(model, "onchange", [], vals, ["rma_id"], spec)
        self._assert_closed("sale.rma.process", "create", vals)
        self._assert_closed("sale.rma.close", "create", {"rma_ids": self.rma.ids})
        self._assert_closed("sale.rma.create", "create", {"order_id": self.order.id})

    def test_who_may_only_read_a_return_sees_no_screen_of_it(self):
        user = self._make_user("both", "sales_team.group_sale_salesman", "stock.group_stock_user")
        self.assertTrue(self._as(self.rma, user).has_access("read"))
        screen, item = {"rma_id": self.rma.id}, {"rma_line_id": self.foreign_line.id}
        lines = {"rma_id": self.rma.id, "line_ids": [Command.create(item)]}
        spec = {"amount_total": {}, "given_before_message": {}, "partner_id": {}}
        for values in (screen, lines):
            self._assert_closed(
                "sale.rma.process", "onchange", [], values, list(values), spec, user=user
            )
        spec = {"price_paid": {}, "qty_refundable": {}}
        self._assert_closed(
            "sale.rma.process.line", "onchange", [], item, ["rma_line_id"], spec, user=user
        )
        vals = {"rma_ids": self.rma.ids}
        self._assert_closed(
            "sale.rma.close", "onchange", [], vals, ["rma_ids"], {"reason": {}}, user=user
        )

    # === THE RETURN === #

    def test_a_foreign_sold_line_gets_onto_no_return(self):
        draft = self._create_rma(self.own_order, {self.shirt: 1})
        line, sold = "sale.rma.line", self.foreign_sold
        vals = {"rma_id": draft.id, "sale_line_id": sold.id, "quantity": 1}
        spec = {"product_id": {}, "price_paid": {}, "quantity": {}, "qty_returnable": {}}
        self._assert_closed(line, "create", vals)
        self._assert_closed(line, "write", draft.line_ids.ids, {"sale_line_id": sold.id})
        self._assert_closed(line, "onchange", [], vals, ["sale_line_id"], spec)
        self._assert_closed(line, "onchange", [], {**vals, "sale_line_id": f" {sold.id} "}, [], {})
        parent = {"rma_id": {"id": draft.id, "order_id": self.order.id}, "sale_line_id": False}
        self._assert_closed(line, "onchange", [], parent, ["sale_line_id"], spec)
        commands = [Command.create({"sale_line_id": sold.id, "quantity": 1})]
        for values in ({"line_ids": commands}, {"order_id": self.order.id}):
            names, spec = list(values), {"line_ids": {"fields": spec}, "partner_id": {}}
            self._assert_closed("sale.rma", "onchange", [], values, names, spec)
            self._assert_closed("sale.rma", "onchange", draft.ids, values, names, spec)
            self._assert_closed("sale.rma", "write", draft.ids, values)

    def test_a_foreign_item_is_not_moved_nor_taken_over(self):
        draft = self._create_rma(self.own_order, {self.shirt: 1})
        foreign = self.foreign_line.id
        spec = {"line_ids": {"fields": {"note": {}}}}
        for command in (Command.link(foreign), Command.set([foreign]), [6, 0, [float(foreign)]]):
            values = {"line_ids": [command]}
            self._assert_closed("sale.rma", "write", draft.ids, values)
            self._assert_closed("sale.rma", "onchange", draft.ids, values, ["line_ids"], spec)
        with self.assertRaisesRegex(UserError, "stays on its return"), self.cr.savepoint():
            values = {"rma_id": self.rma.id}
            self._call(self.colleague, "sale.rma.line", "write", draft.line_ids.ids, values)
        update = {"line_ids": [Command.update(foreign, {"quantity": 1})]}
        self._assert_closed("sale.rma", "onchange", draft.ids, update, ["line_ids"], {})

    def test_anothers_file_is_no_photo(self):
        link = [Command.link(self.foreign_file.id)]
        self._assert_closed(
            "sale.rma.line", "write", self.own.line_ids.ids, {"attachment_ids": link}
        )
        self._assert_closed("sale.rma", "write", self.own.ids, {"label_attachment_ids": link})

    def test_sale_order_lets_nobody_attach_a_foreign_line_either(self):
        """What Odoo's own model does with the same attack."""
        values = {"order_line": [Command.link(self.foreign_sold.id)]}
        self._assert_closed("sale.order", "write", self.own_order.ids, values)

    # === DEFAULTS === #

    def test_a_personal_default_opens_no_foreign_order(self):
        self._set_default(self.colleague, "sale.rma", "order_id", self.order.id)
        sold = self.foreign_sold.id
        lines = {"line_ids": [Command.create({"sale_line_id": sold, "quantity": 1})]}
        for values in ({}, {"user_id": self.colleague.id}, lines):
            self._assert_closed("sale.rma", "create", values)
            self._assert_closed("sale.rma", "web_save", [], values, {})
        self._assert_closed("sale.rma", "onchange", [], {}, [], {"order_id": {}, "line_ids": {}})
        self._assert_closed("sale.order", "read", self.order.ids, ["name"])

    def test_a_default_in_the_context_opens_no_foreign_record(self):
        for model, field, value in (
            ("sale.rma", "order_id", self.order.id),
            ("sale.rma.line", "sale_line_id", self.foreign_sold.id),
            ("sale.rma.line", "rma_id", self.rma.id),
            ("sale.rma.process", "rma_id", self.rma.id),
            ("sale.rma.process.line", "rma_line_id", self.foreign_line.id),
            ("sale.rma.create", "order_id", self.order.id),
            ("sale.rma.close", "rma_ids", self.rma.ids),
        ):
            context = {f"default_{field}": value}
            for method, args in (
                ("create", ({},)),
                ("default_get", ([field],)),
                ("onchange", ([], {}, [], {field: {}})),
            ):
                with (
                    self.subTest(model=model, field=field, method=method),
                    self.assertRaises(AccessError),
                    mute_logger(*MUTED),
                    self.cr.savepoint(),
                ):
                    self._call(self.colleague, model, method, *args, context=context)

    def test_an_id_is_found_however_it_is_wrapped(self):
        foreign, spec = self.foreign_line.id, {"rma_line_id": {}, "price_paid": {}, "quantity": {}}
        for value in ({"id": [foreign]}, {"id": [[foreign]]}, {"id": {"id": foreign}}):
            with self.subTest(value=value):
                values = {"rma_line_id": value}
                self._assert_closed(
                    "sale.rma.process.line", "onchange", [], values, ["rma_line_id"], spec
                )
        for command in ([4, [self.rma.id]], [6, 0, [[self.rma.id]]], {"id": [self.rma.id]}):
            with self.subTest(command=command):
                values = {"rma_ids": [command]}
                self._assert_closed(
                    "sale.rma.close", "onchange", [], values, ["rma_ids"], {"rma_ids": {}}
                )

    def test_a_default_changes_no_record_that_is_there(self):
        """The ORM would take the change for true, also when it asks who may read the record."""
        mine = {"user_id": self.colleague.id}
        invoice = self.order.invoice_ids
        for model, field, record, vals in (
            ("sale.rma.close", "rma_ids", self.rma, mine),
            ("sale.rma", "exchange_order_ids", self.order, mine),
            ("sale.rma", "refund_ids", invoice, {"invoice_user_id": self.colleague.id}),
            ("sale.rma", "line_ids", self.foreign_line, {"rma_id": self.own.id}),
            ("sale.rma.close", "rma_ids", self.own, {"state": "done"}),
        ):
            spec = {field: {"fields": {"display_name": {}}}}
            context = {f"default_{field}": [Command.update(record.id, vals)]}
            with (
                self.subTest(model=model, field=field),
                self.assertRaises(UserError),
                mute_logger(*MUTED),
                self.cr.savepoint(),
            ):
                self._call(self.colleague, model, "onchange", [], {}, [], spec, context=context)
        self._set_default(self.colleague, "sale.rma.close", "rma_ids", [[1, self.own.id, {}]])
        with self.assertRaises(UserError):
            self._call(self.colleague, "sale.rma.close", "default_get", ["rma_ids"])

    def test_a_personal_default_starts_no_bulk_operation(self):
        for field, value in (("state", "running"), ("is_background", True)):
            self._set_default(self.colleague, "sale.rma.job", field, value)
        context = {"default_state": "running", "default_user_id": self.seller.id}
        action = self._call(
            self.colleague, "sale.rma", "action_bulk", self.own.ids, "cancel", context=context
        )
        job = self.env["sale.rma.job"].browse(action["res_id"])
        values = (job.state, job.is_background, job.user_id)
        self.assertEqual(values, ("draft", False, self.colleague))

    def test_the_reference_is_of_the_company_of_an_order_that_is_a_default(self):
        company = self.setup_other_company()["company"]
        everybody = self._make_user("both", "sales_team.group_sale_salesman_all_leads")
        everybody.company_ids |= company
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        sequence = self.env["sale.rma"]._get_reference_sequence(company)
        sequence.prefix = "ZWEI/%(year)s/"
        order = self._create_sold((self.shirt, 1), company_id=company.id, warehouse_id=warehouse.id)
        rmas = self._as(
            self.env["sale.rma"], everybody, allowed_company_ids=[self.company.id, company.id]
        )
        rma = rmas.with_context(default_order_id=order.id).create({"line_ids": []})
        self.assertEqual(rma.company_id, company)
        self.assertRegex(rma.name, "^ZWEI/")

    # === WHO MAY === #

    def test_a_salesperson_with_own_documents_works_as_ever(self):
        order = self._as(self.own_order, self.colleague)
        action = order.action_create_rma()
        form = Form(order.env["sale.rma"].with_context(**action["context"]))
        with form.line_ids.edit(0) as line:
            line.quantity = 1
        rma = form.save()
        rma.action_request()
        rma.action_accept()
        wizard = order.env["sale.rma.process"].browse(rma.action_process()["res_id"])
        with Form(wizard) as screen, screen.line_ids.edit(0) as line:
            line.qty_refund = 1
        wizard.action_process()
        self.assertEqual((rma.state, rma.user_id), ("done", self.colleague))
