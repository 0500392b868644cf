"""R3, issue 12 point 1: what the button posts is what its user saw."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_attacks import AttackCommon


@tagged("post_install", "-at_install")
class TestShown(AttackCommon):
    def setUp(self):
        super().setUp()
        self.rma.action_accept()
        self.screen = self._as(self._open(self.rma, self.seller), self.seller)

    def _press(self, shown, button="action_process"):
        """Press a button as the form does that shows this."""
        self.env.invalidate_all()
        self._call(self.seller, self.screen._name, button, self.screen.ids, context=shown)

    def _assert_refused(self, shown, words):
        for button in ("action_process", "action_process_keep_open"):
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                self._press(shown, button)
        self.assertEqual((self.rma.state, self.rma.refund_ids.ids), ("accepted", []))

    def test_an_untouched_form_is_posted(self):
        for button in ("action_process_keep_open", "action_process"):
            screen = self._as(self._open(self.rma, self.seller), self.seller)
            shown = {"rma_shown": screen.shown}
            self._call(self.seller, screen._name, button, screen.ids, context=shown)
        self.assertEqual(self.rma.state, "done")

    def test_an_edited_form_is_saved_and_posted(self):
        with Form(self.screen) as form:
            form.amount_fee = 1.111
            form.amount_adjustment = -0.5
            with form.line_ids.edit(0) as line:
                line.qty_refund = 1
        total = self.screen.amount_total
        self._press({"rma_shown": self.screen.shown})
        self.assertEqual((self.rma.state, self.rma.amount_refunded), ("done", total))

    def test_what_another_tab_changed_is_refused_with_both_totals(self):
        shown = {"rma_shown": self.screen.shown}
        before = self.screen.currency_id.format(self.screen.amount_total)
        self.screen.amount_adjustment = 9
        after = self.screen.currency_id.format(self.screen.amount_total)
        self.assertNotEqual(before, after)
        self._assert_refused(shown, f"(?s)was {before}.*now {after}".replace("$", r"\$"))

    def test_what_leaves_the_total_as_it_was_is_refused_too(self):
        shown = {"rma_shown": self.screen.shown}
        self.screen.line_ids.qty_restock = 1
        self._assert_refused(shown, "changed since you opened it")

    def test_a_changed_invoice_is_refused(self):
        shown = {"rma_shown": self.screen.shown}
        self.order.invoice_ids.sudo().button_draft()
        self._assert_refused(shown, "changed since you opened it")

    def test_what_another_tab_changed_is_not_saved_over_unseen(self):
        form = Form(self.screen)
        form.amount_fee = 1
        self.screen.amount_adjustment = 9
        with self.assertRaisesRegex(UserError, "changed since you opened it"):
            form.save()

    def test_nothing_shown_checks_nothing_and_nonsense_is_refused(self):
        for nonsense in (True, [], {}, 1, "x", None):
            self._assert_refused({"rma_shown": nonsense}, "changed since you opened it")
        self._press({})
        self.assertEqual(self.rma.state, "done")
