"""Random withdrawals with everything that may happen to them: whatever colleagues, settings and
jobs do, in any order, they give no less money, time or ease than docs/law.md says (R11).

RMA_LAW_CASES sets how many there are (60; in CI 300), RMA_LAW_SEED which ones (15), RMA_LAW_FROM
the first one (0).
"""

import os
import random
from collections import Counter
from datetime import datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import SaleRmaMoneyCommon

CASES = int(os.environ.get("RMA_LAW_CASES", 60))
FIRST = int(os.environ.get("RMA_LAW_FROM", 0))
SEED = int(os.environ.get("RMA_LAW_SEED", 15))
ZONES = ("Europe/Paris", "America/Martinique", "Pacific/Tahiti", "Indian/Reunion", "UTC")
# the edges of days and years: midnights, both switches of summer time, the 29th of February
MOMENTS = (
    datetime(2026, 12, 24, 22, 59),
    datetime(2026, 12, 31, 23, 30),
    datetime(2027, 3, 28, 0, 59),
    datetime(2026, 10, 25, 0, 30),
    datetime(2028, 2, 29, 23, 30),
    datetime(2026, 11, 24, 1, 0),
    datetime(2027, 5, 1, 12, 0),
)
FORTNIGHT = timedelta(days=14)
CENTS = 0.03  # what the parts of an order may round to


@tagged("post_install", "-at_install")
class TestPropertyLaw(SaleRmaMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.startClassPatcher(freeze_time("2026-11-02 09:00"))
        # who is told what, and the receipt, are tested elsewhere
        cls.classPatch(type(cls.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 1e9)
        statements = type(cls.env["sale.rma.withdrawal"])
        for name in ("_send_acknowledgement", "_tell_return", "_put_before_staff"):
            cls.classPatch(statements, name, lambda *args: None)
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.clerk = cls._make_user("rma_clerk", "sales_team.group_sale_salesman_all_leads")
        cls.boss = cls._make_user(
            "rma_boss", "sales_team.group_sale_manager", "stock.group_stock_manager"
        )
        cls.photo = cls.env["ir.attachment"].create({"name": "sole.jpg", "raw": b"x"})
        cls.shapes = cls._make_shapes()

    @classmethod
    def _make_shapes(cls):
        """Return orders of different kinds, paid as far as they are billed."""
        ordered = cls._make_product("Coat", 99.99, policy="order")
        bag = cls._make_product("Bag", 19.99, taxes=cls.tax_19)
        course = cls._make_product("Course", 80, "order", type="service", is_storable=False)
        kit = cls._make_kit("Set", 59.95, {cls.shirt: 2, cls.mug: 1}, policy="order")
        less = {"discount": 12.5}
        shapes = [
            (cls._create_order((cls.shirt, 3), (bag, 2), shipping=7.0), None),
            (cls._create_order((cls.shirt, 2, less), (cls.mug, 4, less), shipping=4.9), None),
            (cls._create_order((ordered, 3), (cls.mug, 1), shipping=7.0), {ordered: 1, cls.mug: 1}),
            (cls._create_order((ordered, 2), (course, 2), shipping=9.0), {}),
            (cls._create_order((kit, 2), (bag, 1), shipping=7.0), None),
            (cls._create_order((bag, 5)), None),
        ]
        for order, sent in shapes:
            cls._deliver(order, sent) if sent != {} else None
            cls._invoice(order)
        return [order for order, _sent in shapes]

    def test_R11_nothing_goes_below_the_law(self):
        self.counts = Counter()
        for number in range(FIRST, FIRST + CASES):
            savepoint = self.cr.savepoint()
            try:
                with self.subTest(seed=SEED, case=number):
                    self._run_case(random.Random(SEED * 100000 + number))
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertGreater(self.counts["withdrawals"], CASES)
        self.assertGreater(self.counts["whole orders"], CASES / 5)
        for name in self._get_events() if CASES >= 60 else ():
            self.assertTrue(self.counts[name], f"{name} never happened")
        print(dict(self.counts))  # noqa: T201

    # === A CASE === #

    def _run_case(self, chance):
        self.clock.move_to(chance.choice(MOMENTS) + timedelta(minutes=chance.randrange(200)))
        self.chance, self.log, self.informed = chance, [], {}
        self.order = chance.choice(self.shapes)
        self._set_up()
        parts = self._split_order()
        events = [("declare", part) for part in parts]
        for name in chance.choices(self._get_events(), k=chance.randrange(3, 9)):
            events.insert(chance.randrange(len(events) + 1), (name, None))
        for name, part in events:
            self.log.append(name)
            self._do(name, part)
            self._check_time()
        self._settle()
        self._check_time()
        self._check_money(parts)

    def _set_up(self):
        chance, company = self.chance, self.company
        arrived = datetime.now() - timedelta(days=3)
        self.order.picking_ids.filtered("date_done").rma_date_delivered = arrived
        self.customer.tz = chance.choice((False, *ZONES))
        company.resource_calendar_id.tz = chance.choice(ZONES)
        self._do_settings()
        if chance.random() < 0.3:
            self._do_rule()

    def _split_order(self):
        """Return what each statement is about: {sold line: units}; together all of it or less."""
        chance = self.chance
        is_whole = chance.random() < 0.6
        parts = [{} for _number in range(chance.choice((1, 1, 2, 3)))]
        for line in self.order._get_withdrawal_lines():
            for _unit in range(int(line.product_uom_qty)):
                if is_whole or chance.random() < 0.6:
                    part = chance.choice(parts)
                    part[line] = part.get(line, 0) + 1
        return [part for part in parts if part] or [{self.order.order_line[0]: 1}]

    def _do(self, name, part=None):
        """Do one thing, as far as the program lets somebody."""
        self.env.flush_all()
        try:
            with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                method = getattr(self, f"_do_{name}")
                method(part) if part else method()
        except (UserError, AccessError, LockError) as error:
            self.assertNotEqual(name, "declare", error)  # no statement is turned away
            self.counts[f"{name} refused"] += 1
            self.log.append("(refused)")
            self.env.invalidate_all()
        self.counts[name] += 1

    # === EVENTS === #

    @classmethod
    def _get_events(cls):
        known = {name[4:] for name in dir(cls) if name.startswith("_do_")}
        return sorted(known - {"declare"})

    def _get_rma(self, *states, user=None):
        """Return one of the withdrawals, for somebody."""
        rmas = self.order.rma_ids.filtered(lambda rma: rma.rma_type == "withdrawal")
        rmas = rmas.filtered(lambda rma: not states or rma.state in states)
        if not rmas:
            raise UserError("none yet")
        user = user or self.chance.choice((self.clerk, self.boss))
        return self.chance.choice(rmas).with_user(user)

    def _do_declare(self, part):
        items = [
            {"sale_line_id": line.id, "quantity": quantity, "description": "x"}
            for line, quantity in part.items()
        ]
        self.counts["withdrawals"] += 1
        before = self.order.rma_ids.filtered(lambda rma: rma.rma_type == "withdrawal")
        statement = self.env["sale.rma.withdrawal"].sudo()
        statement = statement._submit(
            self._prepare_statement(
                self.counts["withdrawals"],
                channel="login",
                order_id=self.order.id,
                items=items,
            )
        )
        if not statement.rma_id:  # late, or there is something to look at: a colleague lets it in
            self.env["sale.rma.withdrawal.check"].with_user(self.boss).create(
                {"withdrawal_id": statement.id, "order_id": self.order.id, "outcome": "return"}
            ).action_confirm()
        new = self.order.rma_ids.filtered(lambda rma: rma.rma_type == "withdrawal") - before
        self.assertTrue(new, (statement.doubt_note, part))
        for rma in new:
            self.informed[rma] = statement.submitted_at
            self.assertEqual(rma.state, "accepted")

    def _do_commercial(self):
        lines = self.order.order_line.filtered("qty_returnable")
        if not lines:
            raise UserError("nothing to return")
        line = self.chance.choice(lines)
        self._create_rma(self.order, {line.product_id: 1}, state="accepted")

    def _do_settings(self):
        chance = self.chance
        self.company.write(
            {
                "rma_expiry_days": chance.choice((0, 1, 7, 30)),
                "rma_transit_days": chance.choice((0, 3, 7)),
                "rma_withdrawal_days": chance.choice((14, 30)),
                "rma_withdrawal_shipping": chance.choice(("none", "share")),
                "rma_refund_posting": chance.choice(("post", "draft")),
            }
        )

    def _do_rule(self):
        rule = self.env["sale.rma.policy"].create(
            {
                "name": "Sale",
                "returnable": self.chance.random() < 0.5,
                "window_days": self.chance.choice((0, 3)),
                "fee_percent": 20.0,
                "explanation": "No returns",
            }
        )
        rule.action_activate()

    def _do_fee(self):
        self._process_some(amount_fee=self.chance.choice((0.01, 5.0)))

    def _do_lower(self):
        self._process_some(amount_adjustment=-3.0, adjustment_reason="x")

    def _do_no_shipping(self):
        self._process_some(refund_shipping=False)

    def _do_part(self):
        self._process_some(close=False)

    def _process_some(self, **values):
        wizard = self._open_screen(self._get_rma("accepted", "processing"))
        wizard.write(values)
        for line in wizard.line_ids.filtered(lambda line: line.qty_refund >= 1):
            line.qty_refund -= self.chance.randrange(int(line.qty_refund) + 1)
        wizard.action_process()

    @staticmethod
    def _open_screen(rma):
        return rma.env["sale.rma.process"].create({"rma_id": rma.id})

    def _do_quiet_deduction(self):
        line = self._get_rma().line_ids[:1]
        values = {"amount_deducted": 5.0, "deduction_ground": "worn"}
        if self.chance.random() < 0.5:  # the photo is taken away afterwards
            photo = self.photo.copy()
            line.write({**values, "deduction_attachment_ids": [Command.set(photo.ids)]})
            photo.sudo().unlink()
        else:
            line.write(values)

    def _do_earlier(self):
        self._get_rma().date_expiry = datetime.now().date() + timedelta(days=1)

    def _do_other_clock(self):
        name = self.chance.choice(("date_informed", "date_refund_due", "date_requested"))
        self._get_rma().write({name: "2030-01-01"})

    def _do_other_kind(self):
        self._get_rma(user=self.clerk).rma_type = self.chance.choice(("return", "claim"))

    def _do_time_passes(self):
        self.clock.tick(timedelta(days=self.chance.choice((1, 16, 40))))
        self.env["sale.rma"]._cron_expire()

    def _do_arrival(self):
        rma = self._get_rma("accepted", "processing").sudo()
        moves = rma.picking_ids.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        self._receive(
            rma,
            {
                move.product_id: self.chance.randrange(int(move.product_uom_qty) + 1)
                for move in moves
            },
        )

    def _do_refuse(self):
        self._get_rma().action_refuse(reason="no")

    def _do_cancel(self):
        self._get_rma().action_cancel(reason="the consumer keeps it")

    def _do_cancel_in_bulk(self):
        self._run_job(self._get_rma("accepted"), "cancel", reason="x")

    def _do_process_in_bulk(self):
        self._run_job(self._get_rma("accepted", "processing"), "process")

    def _run_job(self, rma, operation, **values):
        job = rma.env["sale.rma.job"].browse(rma.action_bulk(operation)["res_id"])
        job.write(values)
        job.action_start()
        while not job.action_run_next()["is_over"]:
            pass

    def _do_draft(self):
        self._get_rma().action_draft()

    def _do_less(self):
        line = self._get_rma(user=self.clerk).line_ids[:1]
        if self.chance.random() < 0.5:
            line.unlink()
        else:
            line.quantity -= 1

    def _do_delete(self):
        self._get_rma().unlink()

    def _do_archive(self):
        products = self.order.order_line.product_id
        things = (products, self.carrier, self.reason, self.customer, self.warehouse)
        self.chance.choice(things).action_archive()

    def _do_no_consumer(self):
        self.order.rma_is_distance_contract = False

    def _do_exempt(self):
        self.order.order_line.product_id.rma_withdrawal_ground = "bespoke"

    def _do_sale(self):
        for product in self.order.order_line.product_id:
            product.write({"list_price": 1.0, "taxes_id": [Command.clear()]})

    def _do_proof(self):
        self._get_rma("accepted").sudo().date_proof = datetime.now()

    # === WHAT HAS TO BE TRUE === #

    def _check_time(self):
        clock = self.env["sale.rma.clock"]
        for rma, informed in self.informed.items():
            self.assertTrue(rma.exists(), self.log)
            day = clock._get_consumer_day(rma.partner_id, rma.company_id, informed)
            self.assertEqual(rma.rma_type, "withdrawal", self.log)
            self.assertEqual(rma.date_informed, informed, self.log)
            self.assertNotIn(rma.state, ("requested", "refused", "expired"), self.log)
            if rma.state in ("accepted", "processing") and rma.date_expiry:
                self.assertGreaterEqual(rma.date_expiry, day + FORTNIGHT, self.log)
            if rma.state in ("accepted", "processing"):
                self.assertTrue(rma.date_refund_due, self.log)
                if not rma.date_received and not rma.date_proof:
                    self.assertEqual(rma.date_refund_due, day + FORTNIGHT, self.log)
        self._check_link()

    def _check_link(self):
        """The right can be used until 14 days after the last arrival, at the least."""
        periods = self.env["sale.rma.period"]._get_periods(self.order)
        period = periods[self.order]
        if period.end:
            self.assertGreaterEqual(period.end - period.start, FORTNIGHT, self.log)
            today = datetime.now(pytz.timezone(self.customer.tz or "UTC")).date()
            if today < period.end:
                self.assertTrue(period.is_open, self.log)

    def _settle(self):
        """Do what is done in the end: what was cancelled is taken up again, goods are received,
        returns are completed."""
        self.order.rma_ids.filtered(
            lambda rma: rma.rma_type == "return" and rma.state in ("requested", "accepted")
        ).action_cancel()
        for rma in self.order.rma_ids.filtered(lambda rma: rma.rma_type == "withdrawal"):
            rma = rma.with_user(self.clerk)
            if rma.state == "cancel":
                rma.action_draft()
            if rma.state == "draft":
                rma.action_accept()
            if rma.state == "done" and not self._is_settled(rma):
                rma.with_user(self.boss).action_reopen()
            if rma.state in ("accepted", "processing"):
                self._receive(rma.sudo())
                if self.chance.random() < 0.5:
                    self._open_screen(rma).action_process()
                else:
                    self._run_job(rma, "process")
            self.assertEqual(rma.state, "done", self.log)

    def _is_settled(self, rma):
        lines = rma.sudo().line_ids
        return all(line._get_qty_credited() >= line.quantity for line in lines)

    def _check_money(self, parts):
        owed = self._get_owed(parts)
        moves = self.order.rma_ids.refund_ids.filtered(lambda move: move.state != "cancel")
        given = sum(moves.mapped("amount_total"))
        self.assertGreaterEqual(given, owed - CENTS, (self.log, parts))

    def _get_owed(self, parts):
        """Return what was paid for what was withdrawn, with the delivery of a whole order."""
        owed, is_whole = 0.0, True
        for sold in self.order._get_withdrawal_lines():
            withdrawn = sum(part.get(sold, 0) for part in parts)
            bills = sold.invoice_lines.filtered(lambda one: one.move_id.move_type == "out_invoice")
            billed = sum(bills.mapped("quantity"))
            kept = sold.product_uom_qty - withdrawn
            is_whole = is_whole and not kept
            if billed:
                owed += max(billed - kept, 0.0) * sum(bills.mapped("price_total")) / billed
        if is_whole:
            self.counts["whole orders"] += 1
            delivery = self.order.order_line.filtered("is_delivery").invoice_lines
            bills = delivery.filtered(lambda line: line.move_id.move_type == "out_invoice")
            owed += sum(bills.mapped("price_total"))
        return owed
