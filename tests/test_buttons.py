"""Issue 12, 7: what cannot work is not there, and what is refused is refused in words.

Every view is read as each kind of user gets it. Each button that is visible on a record is pressed
as the web client does, and what it opens is opened.
"""

import ast
import re

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_attacks import MUTED, AttackCommon

OWN, ALL = "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"
STOCK, INVOICING = "stock.group_stock_user", "account.group_account_invoice"
KINDS = {
    "own": (OWN,),
    "own_stock": (OWN, STOCK),
    "own_invoicing": (OWN, INVOICING),
    "all": (ALL,),
    "boss": ("sales_team.group_sale_manager",),
    "stock": (STOCK,),
    "invoicing": (INVOICING,),
    "plain": ("base.group_user",),
    "elsewhere": ("sales_team.group_sale_manager", STOCK, INVOICING),
}
# What Odoo's own errors about rights have, and ours never: names of models and of operations.
RAW = re.compile(r"\(sale\.|\(account\.|\(stock\.|'read' access|Uh-oh|top-secret|\[sale\.rma")
STATES = ("draft", "requested", "accepted", "processing", "done", "refused", "cancel")


@tagged("post_install", "-at_install")
class TestButtons(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.users = {
            kind: cls._make_user(f"kind_{kind}", *groups) for kind, groups in KINDS.items()
        }
        cls.users["elsewhere"].write(
            {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        )

    # === READING VIEWS === #

    def _get_buttons(self, records, view_type="form"):
        """Return the buttons of ours that a user gets to see on a record, as (type, name,
        context)."""
        view = records.get_views([(False, view_type)])["views"][view_type]
        arch = etree.fromstring(view["arch"])
        values = self._read_values(records, arch)
        return [
            (node.get("type"), node.get("name"), node.get("context", "{}"))
            for node in arch.iter("button")
            if node.get("type") in ("object", "action")
            and self._is_ours(records, node)
            and not self._is_hidden(node, values)
        ]

    def _is_ours(self, records, node):
        if records._name.startswith("sale.rma"):
            return True
        method = getattr(type(records), node.get("name"), None)
        return "rma" in node.get("name") and bool(method)

    def _read_values(self, records, arch):
        names = {
            node.get("name")
            for node in arch.xpath("//field[not(ancestor::field)]")
            if node.get("name") in records._fields
        }
        return records.web_read({name: {} for name in names})[0] if records else {}

    def _is_hidden(self, node, values):
        chain = [node, *node.iterancestors()]
        return any(
            safe_eval(element.get("invisible"), dict(values))
            for element in chain
            if element.get("invisible")
        )

    # === PRESSING === #

    def _press(self, records, button):
        """Press a button as the web client does, and open what it opens."""
        kind, name, context = button
        if kind == "object":
            action = self._call(records.env.user, records._name, name, records.ids)
        else:
            context = ast.literal_eval(context.replace("[id]", str(records.ids)))
            action = self._run_action(records, int(name), context)
        if isinstance(action, dict):
            self._open_action(records.env, action)

    def _run_action(self, records, action_id, context):
        actions = self.env["ir.actions.actions"].sudo().browse(action_id)
        action = self.env[actions.type].sudo().browse(action_id)
        if actions.type != "ir.actions.server":
            return {**action._get_action_dict(), "context": context}
        active = {"active_model": records._name, "active_ids": records.ids}
        active["active_id"] = records.id
        return action.with_user(records.env.user).with_context(**active).run()

    def _open_action(self, env, action):
        if action["type"] == "ir.actions.report":
            ids = action["context"]["active_ids"]
            env["ir.actions.report"]._render_qweb_html(action["report_name"], ids)
        if action["type"] != "ir.actions.act_window":
            return
        context = action.get("context") or {}
        context = safe_eval(context, {"uid": env.uid}) if isinstance(context, str) else context
        model = env[action["res_model"]].with_context(**context)
        if action.get("res_id"):
            self._open_record(model.browse(action["res_id"]))
        elif action["res_model"] == "mail.compose.message":
            self.assertTrue(model.create({}).body)
        elif (action.get("views") or [[0, "form"]])[0][1] == "form":
            Form(model)
        else:
            domain = action.get("domain") or []
            domain = safe_eval(domain, {"uid": env.uid}) if isinstance(domain, str) else domain
            found = model.search(domain)
            self.assertTrue(found or not domain, f"{action} opens an empty list")
            self._open_record(found[:1])

    def _open_record(self, record):
        """Read all that the form of a record reads, one2many lists too."""
        arch = etree.fromstring(record.get_views([(False, "form")])["views"]["form"]["arch"])
        self._read_values(record, arch)

    def _walk(self, records, user, view_type="form"):
        """Press every button a user sees on a record; return their names. What fails, fails in
        words."""
        seen = self._as(records, user)
        if not seen.has_access("read"):
            return set()
        buttons = self._get_buttons(seen, view_type)
        for button in buttons:
            savepoint = self.cr.savepoint()
            try:
                self._press(self._as(records, user), button)
            except UserError as error:
                self.assertNotRegex(str(error), RAW, (user.login, button))
                if isinstance(error, AccessError):
                    self.fail(f"{user.login} sees {button} on {records}, which says: {error}")
            finally:
                savepoint.rollback()
                savepoint.close()
                self.env.invalidate_all()
        return {name for _kind, name, _context in buttons}

    # === RETURNS === #

    def _make_return(self, state, user):
        order = self._create_sold((self.shirt, 2), user_id=user.id)
        rma = self._create_rma(order, 1, state=state if state in STATES[:4] else "requested")
        if state == "done":
            rma.action_accept()
            self._process(rma, {"exchange": True})
        elif state == "refused":
            rma.action_refuse(reason="No")
        elif state == "cancel":
            rma.action_cancel("By mistake")
        return rma

    @mute_logger(*MUTED)
    def test_every_button_of_a_return_works_for_whoever_sees_it(self):
        changing = {"action_request", "action_accept", "action_process", "action_send"}
        for state in STATES:
            foreign = self._make_return(state, self.seller)
            for kind, user in self.users.items():
                mine = self._make_return(state, user) if kind.startswith("own") else foreign
                for rma in {foreign, mine}:
                    with self.subTest(kind=kind, state=state, is_own=rma != foreign):
                        names = self._walk(rma, user)
                        may = rma != foreign or kind in ("all", "boss")
                        self.assertEqual(bool(names & changing), may)

    @mute_logger(*MUTED)
    def test_lists_and_kanbans_have_buttons_that_work(self):
        rmas = self._make_return("requested", self.seller)
        rmas |= self._make_return("accepted", self.users["own_stock"])
        for user in self.users.values():
            for view_type in ("list", "kanban"):
                for rma in rmas:
                    with self.subTest(user=user.login, view_type=view_type):
                        self._walk(rma, user, view_type)

    @mute_logger(*MUTED)
    def test_bulk_actions_tell_of_each_return_that_is_not_ones_own(self):
        foreign = self._make_return("requested", self.seller)
        mine = self._make_return("requested", self.users["own_stock"])
        rmas = self._as(foreign | mine, self.users["own_stock"])
        action = rmas.action_bulk("accept")
        job = self.env["sale.rma.job"].browse(action["res_id"])
        lines = {line.rma_id: line for line in job.sudo().line_ids}
        self.assertEqual(lines[mine].state, "possible")
        self.assertEqual(lines[foreign].state, "impossible")
        self.assertIn(self.seller.name, lines[foreign].message)
        self.assertNotRegex(lines[foreign].message, RAW)

    def test_fields_of_a_foreign_return_are_not_to_be_filled_in(self):
        user = self.users["own_stock"]
        mine, foreign = self._make_return("draft", user), self._make_return("draft", self.seller)
        with Form(self._as(mine, user)) as form:
            form.customer_note = "x"
        form = Form(self._as(foreign, user))
        for name in ("customer_note", "priority", "partner_id", "internal_note"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                setattr(form, name, False)

    @mute_logger(*MUTED)
    def test_whoever_is_refused_hears_who_can(self):
        foreign = self._make_return("done", self.seller)
        accepted = self._make_return("accepted", self.seller)
        for kind in ("own_stock", "own_invoicing", "stock", "invoicing"):
            user = self.users[kind]
            whom = self.seller.name if kind.startswith("own") else "Only salespeople"
            for rma, method in (
                (accepted, "action_process"),
                (accepted, "action_send"),
                (accepted, "action_cancel"),
                (foreign, "action_draft"),
                (foreign, "action_reopen"),
            ):
                with self.assertRaises(UserError) as caught, self.cr.savepoint():
                    getattr(self._as(rma, user), method)()
                self.assertNotRegex(str(caught.exception), RAW)
                if method != "action_reopen":
                    self.assertIn(whom, str(caught.exception), (kind, method))

    @mute_logger(*MUTED)
    def test_documents_one_may_not_read_are_refused_in_words(self):
        rma = self._make_return("done", self.seller)
        seen = self._as(rma, self.users["own_stock"])
        self.assertEqual(
            (seen.can_view_order, seen.can_view_refunds, seen.can_view_exchange_orders),
            (False, False, False),
        )
        self.assertTrue(seen.can_view_pickings)
        for method in ("action_view_order", "action_view_exchange_orders"):
            with self.assertRaisesRegex(AccessError, self.seller.name):
                getattr(self._as(rma, self.users["own_stock"]), method)()
        with self.assertRaisesRegex(AccessError, "are for accounting"):
            self._as(rma, self.users["stock"]).action_view_refunds()

    # === ORDERS, TRANSFERS, CREDIT NOTES === #

    @mute_logger(*MUTED)
    def test_buttons_on_orders_work_for_whoever_sees_them(self):
        orders = self._make_return("done", self.seller).order_id
        orders |= self._make_return("requested", self.users["own_stock"]).order_id
        for kind, user in self.users.items():
            for order in orders:
                # Odoo's own form of an order does not open for people in inventory
                if kind != "stock":
                    with self.subTest(kind=kind):
                        self._walk(order, user)

    @mute_logger(*MUTED)
    def test_ways_from_documents_to_the_return_work_or_say_who_can(self):
        rma = self._make_return("done", self.seller)
        for documents in (rma.picking_ids[:1], rma.refund_ids):
            for user in self.users.values():
                seen = self._as(documents, user)
                if not seen.has_access("read"):
                    continue
                try:
                    self._open_action(seen.env, seen.action_view_rma())
                except AccessError as error:
                    self.assertNotRegex(str(error), RAW, user.login)

    # === WITHDRAWALS, MESSAGES, BULK OPERATIONS === #

    def _make_withdrawal(self, order):
        withdrawals = self.env["sale.rma.withdrawal"].sudo()
        declared = {
            "channel": "link",
            "company_id": self.company.id,
            "contract": order.name,
            "customer_name": "Anna Martin",
            "email": "anna@example.com",
            "items": [],
            "lang": "en",
            "login": False,
            "order_id": order.id,
            "statement": "I withdraw.",
        }
        opened = withdrawals._submit({**declared, "part": "", "token": f"{order.id:064x}"})
        asked = withdrawals._submit({**declared, "part": "x", "token": f"1{order.id:063x}"})
        return opened | asked

    @mute_logger(*MUTED)
    def test_buttons_on_withdrawals_and_messages_work_for_whoever_sees_them(self):
        for owner in (self.seller, self.users["own_stock"]):
            order = self._create_sold((self.shirt, 2), user_id=owner.id)
            rma = self._create_rma(order, 1, state="requested")
            inquiries = self.env["sale.rma.inquiry"].sudo()
            values = {"name": "Where is it?", "company_id": self.company.id}
            inquiries = inquiries.create([values, {**values, "rma_id": rma.id}]).sudo(False)
            documents = [*self._make_withdrawal(order).sudo(False), *inquiries]
            for document in documents:
                for kind, user in self.users.items():
                    with self.subTest(kind=kind, document=document, is_own=owner == user):
                        self._walk(document, user)

    @mute_logger(*MUTED)
    def test_bulk_operations_of_others_have_no_buttons_to_run_them(self):
        rma = self._make_return("requested", self.users["own"])
        job = self._as(rma, self.users["own"]).action_bulk("accept")
        job = self.env["sale.rma.job"].browse(job["res_id"])
        self.assertIn("action_start", self._walk(job, self.users["own"]))
        self.assertFalse(self._walk(job, self.users["boss"]))
        self.assertFalse(self._walk(job, self.users["all"]))

    # === MENUS AND WIZARDS === #

    @mute_logger(*MUTED)
    def test_every_menu_of_ours_opens_for_whoever_sees_it(self):
        data = self.env["ir.model.data"].sudo()
        menus = data.search([("module", "=", "sale_rma"), ("model", "=", "ir.ui.menu")])
        for user in self.users.values():
            own = self.env["ir.ui.menu"].with_user(user)
            visible = set(own._visible_menu_ids()) - set(own._load_menus_blacklist())
            for menu in self.env["ir.ui.menu"].browse(set(menus.mapped("res_id")) & visible):
                with self.subTest(user=user.login, menu=menu.name):
                    action = menu.sudo().action
                    if action._name == "ir.actions.client":  # the returns desk
                        self._as(self.env["sale.rma.parcel"], user).desk_open()
                        continue
                    model = self._as(self.env[action.res_model], user)
                    for view_type in action.view_mode.split(","):
                        model.get_views([(False, view_type)])
                    model.search([], limit=80).read(["display_name"])

    @mute_logger(*MUTED)
    def test_buttons_of_wizards_work_for_whoever_opened_them(self):
        for kind in ("own", "own_stock", "own_invoicing", "all", "boss"):
            user = self.users[kind]
            rma = self._make_return("accepted", user)
            requested = self._make_return("requested", user)
            env = self._as(rma, user).env
            screen = self._as(rma, user).action_process()["res_id"]
            wizards = [
                env["sale.rma.process"].browse(screen),
                env["sale.rma.close"].create(
                    {"rma_ids": requested.ids, "operation": "refuse", "reason": "Worn"}
                ),
                env["sale.rma.create"].create({"order_id": rma.order_id.id}),
            ]
            for wizard in wizards:
                with self.subTest(kind=kind, wizard=wizard._name):
                    self.assertTrue(self._walk(wizard, user))
