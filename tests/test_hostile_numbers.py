import json

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_portal import PortalCommon

NAN, INFINITE = float("nan"), float("inf")
NO_NUMBERS = (NAN, INFINITE, -INFINITE, 1e308, -1e308, "many", "1e400")
NO_QUANTITIES = (*NO_NUMBERS, -1, 0.3)


@tagged("post_install", "-at_install")
class TestHostileNumbers(PortalCommon):
    """What is no number gets words on every screen and route, never a
    traceback, and is never posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold_order = cls._create_sold((cls.shirt, 5), shipping=7.0)
        cls.sold_line = cls.sold_order.order_line.filtered(
            lambda line: line.product_id == cls.shirt
        )

    def _assert_words(self, method, *args):
        with self.assertRaises(UserError), self.cr.savepoint():
            method(*args)
            self.env.flush_all()

    def _open(self):
        rma = self._create_rma(self.sold_order, {self.shirt: 2}, state="accepted")
        return self._open_process(rma)

    def _write_and_process(self, record, values):
        record.write(values)
        (record if record._name == "sale.rma.process" else record.wizard_id).action_process()

    # === THE PROCESSING SCREEN === #

    def test_quantities_of_the_screen(self):
        wizard = self._open()
        for name in ("qty_received", "qty_restock", "qty_refund", "qty_exchange"):
            for value in NO_QUANTITIES:
                with self.subTest(field=name, value=value):
                    values = {name: value}
                    if name == "qty_exchange":
                        values["exchange"] = True
                    self._assert_words(self._write_and_process, wizard.line_ids, values)
        self.assertFalse(wizard.rma_id.refund_ids)

    def test_amounts_of_the_screen(self):
        wizard = self._open()
        for name in ("amount_fee", "amount_adjustment"):
            for value in (*NO_NUMBERS, -1e11):
                with self.subTest(field=name, value=value):
                    self._assert_words(self._write_and_process, wizard, {name: value})
        self._assert_words(self._write_and_process, wizard, {"amount_fee": -1})
        self.assertFalse(wizard.rma_id.refund_ids)

    def test_new_screen_with_such_numbers(self):
        wizard = self._open()
        line = {"rma_line_id": wizard.line_ids.rma_line_id.id}
        names = ("qty_received", "qty_restock", "qty_refund", "qty_exchange", "proposed_refund")
        for values in (
            *({"amount_fee": value} for value in NO_NUMBERS),
            *({"line_ids": [(0, 0, {**line, name: NAN})]} for name in names[:3]),
            *({"line_ids": [(0, 0, {**line, name: "many"})]} for name in names[:3]),
        ):
            with self.subTest(values=values):
                self._assert_words(self._create_and_process, wizard.rma_id, values)

    def _create_and_process(self, rma, values):
        self.env["sale.rma.process"].create({"rma_id": rma.id, **values}).action_process()

    def test_typed_in_the_form_they_are_told_at_once(self):
        wizard = self._open()
        for name, value in (("qty_received", NAN), ("qty_restock", 1e308), ("qty_refund", -1)):
            with self.subTest(field=name), self.assertRaises(UserError):
                self._type_and_process(wizard, name, value)
        for value in (NAN, 1e308):
            with self.assertRaises(UserError), Form(wizard) as form:
                form.amount_adjustment = value

    def _type_and_process(self, wizard, name, value):
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            setattr(line, name, value)
        wizard.action_process()

    def test_no_answer_to_the_browser_holds_what_it_cannot_read(self):
        wizard = self._open()
        spec = {name: {} for name in ("qty_received", "qty_refund", "keep_message", "stay_message")}
        for value in NO_NUMBERS:
            with self.subTest(value=value):
                try:
                    answer = call_kw(
                        self.env["sale.rma.process.line"],
                        "onchange",
                        [wizard.line_ids.ids, {"qty_received": value}, ["qty_received"], spec],
                        {},
                    )
                except UserError:
                    continue
                json.dumps(answer, allow_nan=False)

    # === RETURNS === #

    def test_quantity_of_a_return(self):
        rma = self._create_rma(self.sold_order, {self.shirt: 2})
        self._assert_words(rma.line_ids.write, {"quantity": 0})
        for value in NO_QUANTITIES:
            with self.subTest(value=value):
                self._assert_words(rma.line_ids.write, {"quantity": value})
                form = Form(rma)
                with self.assertRaises(UserError), form, form.line_ids.edit(0) as line:
                    line.quantity = value
        self.assertEqual(rma.line_ids.quantity, 2)

    def test_quantity_of_a_return_made_by_a_program(self):
        for value in (*NO_QUANTITIES, 0, True, None, [1], {}):
            with self.subTest(value=value):
                lines = [{"sale_line_id": self.sold_line.id, "quantity": value}]
                self._assert_words(self.env["sale.rma"].create_for_order, self.sold_order.id, lines)

    # === SETTINGS === #

    def test_numbers_of_the_settings(self):
        names = (
            "rma_return_days",
            "rma_expiry_days",
            "rma_withdrawal_days",
            "rma_withdrawal_retention_years",
        )
        for name in names:
            for value in (*NO_NUMBERS, 2**40, -1):
                with self.subTest(field=name, value=value), mute_logger("odoo.sql_db"):
                    self._assert_words(self._write_settings, name, value)

    def _write_settings(self, name, value):
        try:
            self.env["res.config.settings"].create({name: value}).execute()
            self.env.flush_all()
        except Exception as error:
            # a constraint of the database, which Odoo tells in its own words to whoever asks
            if getattr(error, "pgcode", None) != "23514":
                raise
            raise UserError("constraint") from error

    def test_longest_time_that_can_be_set_is_one_calendars_have(self):
        self.company.write({"rma_return_days": 100_000, "rma_expiry_days": 100_000})
        rma = self._create_rma(self.sold_order, {self.shirt: 1}, state="accepted")
        self.assertGreater(rma.date_expiry.year, rma.date_accepted.year + 270)
        self.assertEqual(self.sold_order.order_line.mapped("qty_returnable"), [4, 0])

    # === PORTAL === #

    def test_quantity_typed_by_a_customer(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        path = f"/my/orders/{self.sold_order.id}/return/estimate"
        for value in ("nan", "inf", "1e308", "-1", "0.3", "9" * 400, "0x10", "\u0661"):
            line = self._line_values(self.sold_line, quantity=value)
            with self.subTest(value=value):
                response = self._ask(self.sold_order, line)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(self._errors(self._html(response)))
                self.make_jsonrpc_request(path, {"values": line})
        self.assertFalse(self._returns_of(self.sold_order))

    def test_estimate_of_what_is_no_text(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        path = f"/my/orders/{self.sold_order.id}/return/estimate"
        for value in (NAN, 1e308, -1, 0.3, None, True, [1], {"a": 1}):
            with self.subTest(value=value):
                self._call(path, self._line_values(self.sold_line, quantity=value))
        for values in ([1], 5, "many", None):
            with self.subTest(values=values):
                self._call(path, values)

    def _call(self, path, values):
        """As a browser does, also with what only some JSON can say."""
        body = json.dumps({"params": {"values": values}})
        response = self.url_open(path, data=body, headers={"Content-Type": "application/json"})
        self.assertNotIn("error", response.json())
