"""What another addon can add without patching, each shown by an addon in tests/addons/."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_addons import OtherAddon
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestQuestion(OtherAddon, PortalCommon):
    addon = "rma_extra_question"

    def setUp(self):
        super().setUp()
        self.authenticate("rma_customer", "rma_customer")
        self.order = self._create_sold((self.shirt, 1))

    def _answer(self, **values):
        line = self._line_values(self.order.order_line, **values)
        return self._ask(self.order, line, pickup_floor="third")

    def test_questions_of_another_addon_are_asked_and_answered(self):
        self.assertEqual(self._answer(worn="yes").status_code, 303)
        rma = self._returns_of(self.order)
        self.assertEqual((rma.line_ids.is_worn, rma.pickup_floor), (True, "third"))

    def test_question_not_answered_is_said_beside_it(self):
        page = self._html(self._answer())
        self.assertIn("Tell us whether it was worn.", self._errors(page))
        self.assertEqual(self._by_id(page, "pickup_floor").get("value"), "third")
        self.assertFalse(self._returns_of(self.order))


@tagged("post_install", "-at_install")
class TestQuestionOfNobody(PortalCommon):
    def test_field_nobody_asks_for_does_not_make_the_form_fail(self):
        self.authenticate("rma_customer", "rma_customer")
        order = self._create_sold((self.shirt, 1))
        line = self._line_values(order.order_line, worn="yes", size2="L")
        self.assertEqual(self._ask(order, line, pickup_floor="third").status_code, 303)
        self.assertEqual(len(self._returns_of(order)), 1)


@tagged("post_install", "-at_install")
class TestState(OtherAddon):
    addon = "rma_extra_state"

    def _create_inspected(self, order):
        rma = self._create_rma(order, state="processing")
        rma.action_inspect()
        return rma

    def test_state_of_another_addon_has_its_action_hook_and_mail(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, state="accepted")
        with self.assertRaisesRegex(UserError, "It takes a return in the state Processing"):
            rma.action_inspect()
        self._receive(rma)
        rma.action_inspect()
        self.assertEqual((rma.state, rma.inspected_by_id), ("inspected", self.env.user))
        subjects = rma.message_ids.mapped("subject")
        self.assertIn(f"We looked at what you sent: {rma.name}", subjects)

    def test_return_in_a_state_of_another_addon_is_live_and_on_its_way(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        self._receive(rma)
        rma.action_inspect()
        self.assertEqual(order.order_line.qty_returnable, 1.0)
        steps = [
            (label, is_present) for label, _done, is_present, _when in rma._get_progress_steps()
        ]
        self.assertEqual(steps[-2:], [("Inspected", True), ("Finished", False)])
        self.assertEqual(rma._get_customer_state_label(), "Inspected")

    def test_return_in_a_state_of_another_addon_is_processed(self):
        rma = self._create_inspected(self._create_sold((self.shirt, 2)))
        self._process(rma)
        self.assertEqual((rma.state, rma.line_ids.qty_refunded), ("done", 2.0))


@tagged("post_install", "-at_install")
class TestHistory(OtherAddon):
    addon = "rma_extra_history"

    def test_kind_of_history_of_another_addon_is_in_the_history(self):
        rma = self._create_rma(self._create_sold((self.shirt, 1)), state="requested")
        rma.action_log_call()
        row = rma.history_ids[:1]
        self.assertEqual(row.subtype_id, self.env.ref("rma_extra_history.mt_called"))
        self.assertIn(self.customer.name, row.body)


@tagged("post_install", "-at_install")
class TestLanguage(OtherAddon, PortalCommon):
    addon = "rma_extra_language"

    def test_language_of_another_addon_is_the_visitors(self):
        response = self.url_open("/withdraw", headers={"Accept-Language": "pt-PT"})
        page = self._html(response)
        self.assertTrue(page.xpath("//*[@lang='pt']"))
        self.assertIn("retratar-se do contrato aqui", self._text(page))

    def test_language_of_another_addon_is_in_the_terms(self):
        terms = self.company._get_withdrawal_information()
        self.assertEqual(terms["pt"][0][0], "Direito de livre resolução")
        self.assertIn("fr", terms)


@tagged("post_install", "-at_install")
class TestDestination(OtherAddon):
    addon = "rma_extra_destination"

    def setUp(self):
        super().setUp()
        self.outlet = self.env["stock.location"].create(
            {"name": "Outlet", "location_id": self.warehouse.view_location_id.id}
        )
        self.warehouse.outlet_location_id = self.outlet

    def _return(self, state, **values):
        rma = self._create_rma(self._create_sold((self.shirt, 2)), state=state)
        rma.line_ids.is_for_outlet = True
        self._process(rma, {self.shirt: {"qty_restock": 2.0, **values}})
        return rma

    def test_destination_of_another_addon_takes_what_comes_now(self):
        rma = self._return("accepted", qty_received=2.0)
        self.assertEqual(self._stock_of(self.shirt, self.outlet), 2.0)
        self.assertEqual(rma.line_ids.qty_restocked, 2.0)

    def test_destination_of_another_addon_takes_what_waited_in_returns(self):
        rma = self._return("processing")
        self.assertEqual(self._stock_of(self.shirt, self.outlet), 2.0)
        self.assertEqual(rma.line_ids.qty_restocked, 2.0)


@tagged("post_install", "-at_install")
class TestRepayment(OtherAddon):
    addon = "rma_extra_repayment"

    def _get_rows(self):
        order = self._create_sold((self.shirt, 1))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        ).create({})._create_payments()
        rma = self._create_rma(order, state="processing")
        self._process(rma)
        return rma.repayment_ids

    def test_way_of_another_addon_is_chosen(self):
        row = self._get_rows()
        self.assertEqual((row.way, row.state), ("manual", "planned"))
        row.way = "voucher"
        self.assertEqual(row.way, "voucher")

    def test_way_of_another_addon_is_planned_and_owes_nothing_more(self):
        self.customer.ref = "voucher"
        row = self._get_rows()
        self.assertEqual((row.way, row.amount), ("voucher", row.refund_id.amount_total))
        row._plan(row.refund_id)
        self.assertEqual(len(row.rma_id.repayment_ids), 1)
