"""The withdrawal function in a browser: on a telephone, by keyboard and screen reader."""

from odoo.tests import tagged

from .common_accessible import AccessibleCommon

# The function's links stand outside of the pages' main part, and on pages that are Odoo's own.
LINKS = ".o_rma_withdrawal_footer, #withdraw_from_order"


@tagged("post_install", "-at_install")
class TestTourWithdrawal(AccessibleCommon):
    browser_size = "400x800"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Anna Martin"
        cls.order = cls._create_sold((cls.shirt, 1), (cls.mug, 2), name="TOUR-WITHDRAW")

    def test_tour_withdrawal_of_part_of_an_order(self):
        self.start_tour("/my", "sale_rma_withdrawal_part", login="rma_customer", timeout=120)
        rma = self.order.rma_ids
        self.assertEqual((rma.rma_type, rma.state), ("withdrawal", "accepted"))
        self.assertRecordValues(rma.line_ids, [{"product_id": self.mug.id, "quantity": 2.0}])

    # === ACCESSIBILITY === #

    def test_statement_is_accessible(self):
        self._check_accessible("/withdraw", login=None)
        self._check_accessible("/withdraw")
        self._check_accessible("/withdraw/form", login=None)
        opened = 'document.querySelector("#withdrawal_scope_items").click();'
        self._check_accessible(f"/withdraw?order_id={self.order.id}", opened)

    def test_links_to_the_function_are_accessible(self):
        for path in (f"/my/orders/{self.order.id}", "/my"):
            self._check_accessible(path, part=LINKS)

    def test_errors_are_accessible(self):
        self._check_accessible("/withdraw", self._press_and_show("#withdrawal_form"), login=None)
        no_items = 'document.querySelector("#withdrawal_scope_items").click();'
        too_many = no_items + (
            'document.querySelector("[name^=line_]").click();'
            'document.querySelector("[name^=quantity_]").value = "99";'
        )
        for typed in (no_items, too_many):
            self._check_accessible(
                f"/withdraw?order_id={self.order.id}",
                typed + self._press_and_show("#withdrawal_form"),
            )

    def test_notice_of_a_session_that_ended_is_accessible(self):
        stale = 'document.querySelectorAll("[name=csrf_token]").forEach((e) => e.value = "x");'
        path = f"/withdraw?order_id={self.order.id}"
        self._check_accessible(path, stale + self._press_and_show("#withdrawal_form"))
        confirmation = self._press_and_show("#withdrawal_form")
        self._check_accessible(path, confirmation + stale + self._press_and_show("main form"))

    def test_confirmation_and_receipt_are_accessible(self):
        path = f"/withdraw?order_id={self.order.id}"
        confirmation = self._press_and_show("#withdrawal_form")
        self._check_accessible(path, confirmation)
        self._check_accessible(path, confirmation + self._press_and_show("main form"))

    def _press_and_show(self, form):
        """JavaScript that submits a form and puts the answer in the place of the page."""
        script = """
            await (async () => {
                const form = document.querySelector("FORM");
                const body = new URLSearchParams(new FormData(form));
                const answer = await (await fetch(form.action, { method: "post", body })).text();
                const page = new DOMParser().parseFromString(answer, "text/html");
                document.querySelector("main").replaceWith(page.querySelector("main"));
            })();
        """
        return script.replace("FORM", form)
