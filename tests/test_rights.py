"""R8, R9: who may do what with a return, and nobody more than that through it."""

import base64
import inspect

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MUTED = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class TestRights(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._make_user("colleague", "sales_team.group_sale_salesman")
        cls.dock = cls._make_user("dock", "stock.group_stock_user")
        cls.accountant = cls._make_user("accountant", "account.group_account_invoice")
        cls.portal = cls._make_user("anna", "base.group_portal", partner_id=cls.customer.id)
        cls.order = cls._create_sold(
            (cls.shirt, 3), (cls.mug, 2), shipping=7.0, user_id=cls.seller.id
        )
        cls.rma = cls._create_rma(cls.order, {cls.shirt: 2})

    def _as(self, records, user, **context):
        """Return the records as somebody sees them who has just logged in."""
        self.env.invalidate_all()
        return records.with_env(self.env(user=user, su=False, context=context))

    def _call(self, user, model, method, args=(), **kwargs):
        """Call a method as a browser or the API does."""
        return call_kw(self._as(self.env[model], user), method, list(args), kwargs)

    # === SALESPERSON === #

    def test_salesperson_creates_a_return_in_the_form(self):
        order = self._as(self.order, self.seller)
        action = order.action_create_rma()
        with Form(order.env["sale.rma"].with_context(**action["context"])) as form:
            self.assertEqual(len(form.line_ids), 2)
            with form.line_ids.edit(0) as line:
                line.quantity = 1
            form.line_ids.remove(1)
        self.assertEqual(form.record.user_id, self.seller)

    def test_salesperson_runs_a_return_whole(self):
        rma = self._as(self.rma, self.seller)
        rma.action_request()
        rma.action_accept()
        action = rma.action_process()
        wizard = rma.env["sale.rma.process"].browse(action["res_id"])
        with Form(wizard) as form:
            form.refund_shipping = True
            form.amount_fee = 1.0
            form.amount_adjustment = -0.5
            with form.line_ids.edit(0) as line:
                line.exchange = True
                line.exchange_product_id = self.mug
                line.qty_exchange = 1
            form.exchange_carrier_id = self.carrier
        total = wizard.amount_total
        wizard.action_process()
        self.assertRecordValues(
            self.rma.line_ids,
            [{"qty_received": 2, "qty_restocked": 2, "qty_refunded": 2, "qty_exchanged": 1}],
        )
        self.assertEqual((self.rma.state, self.rma.refund_ids.state), ("done", "posted"))
        self.assertEqual(self.rma.amount_refunded, total)
        self.assertEqual(self.rma.exchange_order_ids.state, "sale")
        self.assertEqual(self.rma.exchange_order_ids.user_id, self.seller)

    def test_salesperson_opens_every_screen_of_a_finished_return(self):
        self.rma.action_accept()
        self._process(self.rma, {"exchange": True})
        rma = self._as(self.rma, self.seller)
        for open_screen in (
            "action_view_order",
            "action_view_pickings",
            "action_view_refunds",
            "action_view_exchange_orders",
            "action_preview",
            "action_print",
        ):
            self.assertTrue(getattr(rma, open_screen)(), open_screen)
        Form(rma)
        views = rma.get_views([(False, "list"), (False, "kanban")])
        self.assertEqual(len(views["views"]), 2)
        self.assertTrue(rma.amount_refunded and rma.picking_count and rma.refund_count)

    def test_credit_notes_are_left_in_draft_if_the_company_wants_that(self):
        self.company.rma_refund_posting = "draft"
        rma = self._as(self.rma, self.seller)
        rma.action_accept()
        wizard = rma.env["sale.rma.process"].browse(rma.action_process()["res_id"])
        self.assertTrue(wizard.posting_message)
        wizard.action_process()
        self.assertEqual((self.rma.state, self.rma.refund_ids.state), ("done", "draft"))
        self.assertEqual(self.rma.line_ids.qty_refunded, 0)

    def test_salesperson_gets_no_more_rights_through_a_return(self):
        self._create_rma(self.order, {self.mug: 1}, state="done")
        refund = self._as(self.order.rma_ids.refund_ids, self.seller)
        with self.assertRaises(AccessError), mute_logger(*MUTED):
            refund.button_draft()
        with self.assertRaises(AccessError), mute_logger(*MUTED):
            self._as(self.company, self.seller).rma_refund_posting = "draft"
        with self.assertRaises(AccessError), mute_logger(*MUTED):
            self._as(self.rma, self.seller).unlink()

    def test_salesperson_names_serials_without_stock_rights(self):
        phone = self._make_product("Phone", 100, tracking="serial")
        lot = self.env["stock.lot"].create({"name": "S1", "product_id": phone.id})
        order = self._create_order((phone, 1), user_id=self.seller.id)
        move = order.picking_ids.move_ids
        move.move_line_ids = [
            Command.clear(),
            Command.create({**move._prepare_move_line_vals(quantity=1), "lot_id": lot.id}),
        ]
        move.picked = True
        order.picking_ids._action_done()
        rma = self._as(self._create_rma(order), self.seller)
        rma.line_ids.lot_ids = lot
        fields_spec = {"line_ids": {"fields": {"lot_ids": {"fields": {"display_name": {}}}}}}
        read = rma.web_read(fields_spec)[0]["line_ids"][0]["lot_ids"]
        self.assertEqual(read, [{"id": lot.id, "display_name": "S1"}])
        rma.action_accept()
        self.assertEqual(self.env["sale.rma"].browse(rma.id).picking_ids.move_line_ids.lot_id, lot)

    # === OWN DOCUMENTS === #

    @mute_logger(*MUTED)
    def test_colleagues_without_the_right_to_all_see_nothing(self):
        rma = self._as(self.rma, self.colleague)
        self.assertFalse(rma.search([]))
        self.assertFalse(rma.env["sale.rma.line"].search([]))
        for attempt in (
            lambda: rma.read(["name"]),
            rma.action_request,
            rma.action_process,
            lambda: rma.env["sale.rma"].create({"order_id": self.order.id}),
            lambda: rma.env["sale.rma"].create(
                {"order_id": self.order.id, "user_id": self.colleague.id}
            ),
            lambda: rma.env["sale.rma"].create_for_order(self.order.id, []),
            lambda: rma.env["sale.rma.process"].create({"rma_id": rma.id}),
            lambda: (
                rma.env["sale.rma.close"]
                .create({"rma_ids": rma.ids, "operation": "cancel"})
                .action_confirm()
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    def test_a_screen_turned_to_another_return_is_refused(self):
        own_order = self._create_sold((self.shirt, 1), user_id=self.colleague.id)
        own = self._create_rma(own_order, state="accepted")
        self.rma.action_accept()
        own = self._as(own, self.colleague)
        wizard = own.env["sale.rma.process"].browse(own.action_process()["res_id"])
        for values in (
            {"rma_id": self.rma.id},
            {"line_ids": [Command.create({"rma_line_id": self.rma.line_ids.id, "qty_refund": 1})]},
        ):
            with self.assertRaises(UserError), self.cr.savepoint(), mute_logger(*MUTED):
                wizard.write(values)
                wizard.action_process()
        self.assertEqual(self.rma.state, "accepted")

    def test_manager_of_the_return_runs_it_without_seeing_the_order(self):
        self.company.rma_user_id = self.colleague
        rma = self._create_rma(self.order, {self.shirt: 1, self.mug: 1})
        self.assertEqual(rma.user_id, self.colleague)
        as_manager = self._as(rma, self.colleague)
        Form(as_manager)
        as_manager.line_ids[0].quantity = 2
        as_manager.action_request()
        as_manager.action_accept()
        wizard = as_manager.env["sale.rma.process"].browse(as_manager.action_process()["res_id"])
        Form(wizard)
        wizard.line_ids[0].write({"exchange": True})
        wizard.action_process()
        self.assertEqual(rma.state, "done")
        self.assertEqual(rma.line_ids.mapped("qty_refunded"), [2, 1])

    def test_salesperson_of_the_order_runs_a_return_managed_by_another(self):
        self.company.rma_user_id = self.colleague
        rma = self._as(self._create_rma(self.order, {self.shirt: 1}), self.seller)
        rma.action_accept()
        rma.env["sale.rma.process"].browse(rma.action_process()["res_id"]).action_process()
        self.assertEqual(rma.state, "done")

    def test_the_right_to_all_documents_shows_all_and_managers_delete(self):
        everybody = self._make_user("leader", "sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self._as(self.rma, everybody).read(["name"])[0]["id"], self.rma.id)
        boss = self._make_user("boss", "sales_team.group_sale_manager")
        self._as(self.rma, boss).unlink()

    # === STOCK USER === #

    def _count_customer_mails(self):
        comment = self.env.ref("mail.mt_comment")
        return len(self.rma.message_ids.filtered(lambda message: message.subtype_id == comment))

    def test_stock_user_receives_and_the_return_follows(self):
        self.rma.action_accept()
        mails = self._count_customer_mails()
        receipt = self._as(self.rma.picking_ids, self.dock)
        self.assertEqual(receipt.action_view_rma()["res_id"], self.rma.id)
        receipt.button_validate()
        self.assertEqual((self.rma.state, self.rma.line_ids.qty_received), ("processing", 2))
        self.assertEqual(self._count_customer_mails(), mails + 1)
        messages = self.rma.message_ids.filtered("subtype_id.internal")
        self.assertIn(self.dock.partner_id, messages.author_id)

    def test_stock_user_receives_in_part_and_cancels_the_rest(self):
        self.rma.action_accept()
        receipt = self._as(self.rma.picking_ids, self.dock)
        receipt.move_ids.write({"quantity": 1, "picked": True})
        receipt.with_context(skip_backorder=True).button_validate()
        backorder = self._as(self.rma.picking_ids, self.dock) - receipt
        backorder.action_cancel()
        self.assertEqual((self.rma.state, self.rma.line_ids.qty_received), ("processing", 1))

    @mute_logger(*MUTED)
    def test_stock_user_and_accountant_do_no_more(self):
        for user in (self.dock, self.accountant):
            rma = self._as(self.rma, user)
            self.assertEqual(rma.name, self.rma.name)
            Form(rma)
            for attempt in (
                lambda rma=rma: rma.write({"priority": "1"}),
                lambda rma=rma: rma.line_ids.write({"quantity": 1}),
                lambda rma=rma: rma.env["sale.rma"].create({"order_id": self.order.id}),
                rma.line_ids.unlink,
                rma.unlink,
                rma.action_request,
                rma.action_accept,
                rma.action_cancel,
                rma.action_process,
                lambda rma=rma: rma.env["sale.rma.process"].create({"rma_id": rma.id}),
                lambda rma=rma: rma.env["sale.rma"].create_for_order(self.order.id, []),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()

    def test_whoever_sees_a_return_in_the_list_can_open_it_in_every_state(self):
        own = "sales_team.group_sale_salesman"
        seers = {
            "own documents, and the stock": (own, "stock.group_stock_user"),
            "own documents, and the invoices": (own, "account.group_account_invoice"),
            "stock only": ("stock.group_stock_user",),
            "invoices only": ("account.group_account_invoice",),
            "all documents": ("sales_team.group_sale_salesman_all_leads",),
        }
        seers = {
            title: self._make_user(f"seer_{number}", *groups)
            for number, (title, groups) in enumerate(seers.items())
        }
        withdrawal = self._create_rma(self.order, {self.mug: 1}, rma_type="withdrawal")
        for step in ("draft", "accepted", "done"):
            for rma in self.rma | withdrawal:
                if step == "accepted":
                    rma.action_accept()
                elif step == "done":
                    self._process(rma)
                for title, user in seers.items():
                    with self.subTest(title=title, state=step, rma_type=rma.rma_type):
                        seen = self._as(rma, user)
                        self.assertTrue(seen.env["sale.rma"].search([("id", "=", rma.id)]))
                        Form(seen)

    def test_photos_added_by_one_are_seen_by_all_who_see_the_return(self):
        def upload():
            # as the form does for an item that is not saved yet
            values = {"name": "front.png", "raw": PNG, "res_model": "sale.rma.line", "res_id": 0}
            return Command.link(self._as(self.env["ir.attachment"], self.seller).create(values).id)

        saved = self._as(self.rma, self.seller).line_ids
        saved.attachment_ids = [upload()]
        saved.write({"quantity": 1, "attachment_ids": [upload()]})
        new = saved.create(
            {
                "rma_id": self.rma.id,
                "sale_line_id": self.order.order_line[1].id,
                "quantity": 1,
                "attachment_ids": [upload()],
            }
        )
        for line, count in ((saved, 2), (new, 1)):
            photos = self._as(line, self.dock).attachment_ids
            self.assertEqual(photos.mapped("raw"), [PNG] * count)

    def test_accountant_goes_from_the_credit_note_to_the_return(self):
        self.rma.action_accept()
        self._process(self.rma)
        refund = self._as(self.rma.refund_ids, self.accountant)
        self.assertEqual(refund.action_view_rma()["res_id"], self.rma.id)
        self.assertEqual(refund.rma_id.name, self.rma.name)
        Form(refund)

    # === CUSTOMER === #

    @mute_logger(*MUTED)
    def test_portal_user_reads_own_returns_but_no_drafts(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._create_rma(
            self._create_sold((self.shirt, 1), partner_id=stranger.id), state="requested"
        )
        draft = self._create_rma(self.order, {self.mug: 1})
        self.rma.action_request()
        rma = self._as(self.rma, self.portal)
        self.assertEqual(rma.search([]), rma)
        self.assertEqual(rma.line_ids.quantity, 2)
        for hidden in (other, draft):
            with self.assertRaises(AccessError):
                self._as(hidden, self.portal).read(["name"])
            with self.assertRaises(AccessError):
                self._as(hidden.line_ids, self.portal).read(["quantity"])

    @mute_logger(*MUTED)
    def test_portal_user_never_reads_internal_notes(self):
        self.rma.internal_note = "difficult customer"
        self.rma.action_request()
        rma = self._as(self.rma, self.portal)
        with self.assertRaises(AccessError):
            rma.read(["internal_note"])
        self.assertNotIn("internal_note", rma.fields_get())
        with self.assertRaises(AccessError):
            rma.search([("internal_note", "ilike", "difficult")])

    @mute_logger(*MUTED, "odoo.addons.base.models.ir_attachment")
    def test_portal_user_changes_nothing_by_any_public_method(self):
        self.rma.action_request()
        self.rma.flush_recordset()
        before = self._get_snapshot()
        for method in self._get_public_methods("sale.rma"):
            with self.subTest(method=method), self.cr.savepoint() as savepoint:
                try:
                    self._call(self.portal, "sale.rma", method, [self.rma.ids])
                except (AccessError, UserError, TypeError, ValueError, AttributeError):
                    savepoint.rollback()
                self.assertEqual(self._get_snapshot(), before)

    def _get_public_methods(self, model):
        """Return the names of what this addon lets everybody call on a model."""
        cls = type(self.env[model])
        return [
            name
            for name, method in inspect.getmembers(cls, inspect.isfunction)
            if not name.startswith("_")
            and any(
                name in base.__dict__ and base.__module__.startswith("odoo.addons.sale_rma")
                for base in cls.__mro__
            )
        ]

    def _get_snapshot(self):
        self.env.invalidate_all()
        counts = [
            self.env[model].search_count([])
            for model in ("sale.rma", "stock.picking", "account.move", "sale.order")
        ]
        return self.rma.state, self.rma.write_date, self.rma.line_ids.mapped("quantity"), counts

    @mute_logger(*MUTED)
    def test_portal_user_writes_nothing(self):
        self.rma.action_request()
        rma = self._as(self.rma, self.portal)
        for attempt in (
            lambda: rma.write({"customer_note": "x"}),
            lambda: rma.web_save({"customer_note": "x"}, {}),
            lambda: rma.line_ids.write({"quantity": 1}),
            lambda: rma.line_ids.create({"rma_id": rma.id, "sale_line_id": 1}),
            rma.line_ids.unlink,
            lambda: rma.env["sale.rma"].create({"order_id": self.order.id}),
            lambda: rma.env["sale.rma"].create_for_order(self.order.id, []),
            lambda: rma.env["sale.rma.process"].create({"rma_id": rma.id}),
            lambda: rma.env["sale.rma.close"].create({"rma_ids": rma.ids}),
            lambda: rma.env["sale.rma.create"].create({}),
            lambda: rma.env["sale.rma.reason"].create({"name": "x"}),
            lambda: self._as(self.order, self.portal).action_create_rma(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    @mute_logger(*MUTED)
    def test_public_and_unlisted_users_see_nothing(self):
        plain = self._make_user("plain", "base.group_user")
        public = self.env.ref("base.public_user")
        self.rma.action_request()
        for user in (plain, public):
            with self.assertRaises(AccessError):
                self._as(self.rma, user).read(["name"])

    # === COMPANIES === #

    def _create_other_company(self):
        data = self.setup_other_company()
        company = data["company"]
        user = self._make_user(
            "traveller",
            "sales_team.group_sale_salesman_all_leads",
            company_ids=[Command.set((self.company | company).ids)],
        )
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        order = self._create_sold(
            (self.shirt, 3),
            company_id=company.id,
            warehouse_id=warehouse.id,
            user_id=user.id,
        )
        return company, warehouse, order, user

    def test_work_on_another_companys_return_uses_that_companys_things(self):
        company, warehouse, order, user = self._create_other_company()
        context = {"allowed_company_ids": [self.company.id, company.id]}
        env = self._as(order, user, **context).env
        self.assertEqual(env.company, self.company)
        lines = [{"sale_line_id": order.order_line.id, "quantity": 2, "resolution": "exchange"}]
        rma = env["sale.rma"].browse(env["sale.rma"].create_for_order(order.id, lines))
        self.assertEqual(rma.company_id, company)
        rma.action_accept()
        wizard = env["sale.rma.process"].browse(rma.action_process()["res_id"])
        wizard.action_process()
        rma = self.env["sale.rma"].browse(rma.id)
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 2))
        documents = (rma.picking_ids, rma.refund_ids, rma.exchange_order_ids, rma.line_ids)
        for records in documents:
            self.assertEqual(records.company_id, company, records)
        self.assertEqual(rma.picking_ids.picking_type_id.warehouse_id, warehouse)
        self.assertEqual(rma.picking_ids.location_dest_id, warehouse.rma_location_id)
        self.assertEqual(rma.refund_ids.journal_id.company_id, company)
        self.assertEqual(rma.refund_ids.line_ids.account_id.company_ids, company)
        self.assertEqual(rma.exchange_order_ids.warehouse_id, warehouse)
        self.assertEqual(rma.exchange_order_ids.order_line.tax_ids.company_id, company)

    def test_returns_of_several_companies_are_worked_on_together(self):
        company, warehouse, order, user = self._create_other_company()
        other = self._create_rma(order, 1)
        rmas = self._as(self.rma | other, user, allowed_company_ids=[self.company.id, company.id])
        rmas.action_accept()
        wizards = rmas.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in rmas])
        wizards.action_process()
        self.assertEqual(rmas.mapped("state"), ["done", "done"])
        for rma in self.rma | other:
            self.assertEqual(rma.picking_ids.company_id, rma.company_id)
            self.assertEqual(rma.refund_ids.company_id, rma.company_id)
        self.assertEqual(other.picking_ids.location_dest_id, warehouse.rma_location_id)

    @mute_logger(*MUTED)
    def test_users_of_other_companies_see_nothing(self):
        company, _warehouse, order, _user = self._create_other_company()
        other = self._create_rma(order, 1, state="requested")
        boss = self._make_user("boss", "sales_team.group_sale_manager", "stock.group_stock_user")
        as_boss = self._as(other, boss)
        self.assertFalse(as_boss.search([("company_id", "=", company.id)]))
        with self.assertRaises(AccessError):
            as_boss.read(["name"])
        with self.assertRaises(AccessError):
            as_boss.line_ids.read(["quantity"])
        with self.assertRaises(AccessError):
            as_boss.action_accept()
