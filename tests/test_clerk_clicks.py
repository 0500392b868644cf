"""A clerk's clicks, with a real mouse and keyboard at 1400 pixels (issue 16, proof)."""

from odoo.tests import tagged

from .common import SaleRmaCommon
from .common_clerk import ClerkCase

ITEMS = 'div[name="line_ids"]'
SCREEN = f".modal {ITEMS}"


@tagged("post_install", "-at_install")
class TestClerkClicks(SaleRmaCommon, ClerkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("clicks", "sales_team.group_sale_salesman")
        cls.order = cls._create_sold((cls.shirt, 3), (cls.mug, 2), user_id=cls.seller.id)

    def _speak(self, code):
        """Let the clerk read another language."""
        self.env["res.lang"].sudo()._activate_lang(code)
        module = self.env["ir.module.module"].sudo().search([("name", "=", "sale_rma")])
        module._update_translations([code])
        self.seller.lang = code

    def _assert_clicks(self, clerk, what, most):
        clerk.tell(what)
        self.assertLessEqual(clerk.clicks, most)

    def test_two_items_opened_and_accepted(self):
        with self.browse(f"/odoo/sales/{self.order.id}", self.seller.login) as clerk:
            clerk.click(".nav-link", "RMA")
            clerk.click('button[name="action_create_rma"]')
            for number in (0, 1):  # the cursor is in the first quantity; enter goes to the next
                clerk.wait(
                    f"[...document.querySelectorAll('{ITEMS} .o_data_row')][{number}]"
                    '?.querySelector("td[name=quantity] input") === document.activeElement'
                )
                clerk.type("1")
                clerk.press("Enter")
            clerk.click('.o_statusbar_buttons button[name="action_accept"]')
            clerk.see('.o_arrow_button_current[data-value="accepted"]')
            self._assert_clicks(clerk, "open 2 items and accept", 6)
        self.env.invalidate_all()
        self.assertEqual(self.order.rma_ids.state, "accepted")
        self.assertEqual(self.order.rma_ids.line_ids.mapped("quantity"), [1, 1])

    def test_part_of_it_came_back_with_the_right_money(self):
        rma = self._create_rma(self.order, {self.shirt: 2}, state="accepted")
        with self.browse(f"/odoo/customer-returns/{rma.id}", self.seller.login) as clerk:
            clerk.click('button[name="action_process"]')
            clerk.wait(
                f"document.querySelector('{SCREEN} td[name=qty_received] input')"
                "=== document.activeElement"
            )
            clerk.type("1")
            clerk.press("Tab")
            clerk.see('.modal div[name="amount_total"]', "57.50")
            clerk.click('.modal button[name="action_process_keep_open"]')
            clerk.wait("!document.querySelector('.modal')")
            self._assert_clicks(clerk, "partial receipt with the right money", 4)
        self.env.invalidate_all()
        self.assertEqual((rma.state, rma.amount_refunded), ("processing", 57.5))

    def test_another_one_is_sent_instead(self):
        self.mug.name = "Tall cup 7"
        rma = self._create_rma(self.order, {self.shirt: 1}, state="accepted")
        with self.browse(f"/odoo/customer-returns/{rma.id}", self.seller.login) as clerk:
            clerk.click('button[name="action_process"]')
            clerk.see(f"{SCREEN} .o_selected_row")
            clerk.click(f'{SCREEN} .o_selected_row td[name="exchange"] input')
            clerk.see(f'{SCREEN} td[name="exchange_product_id"] input')
            clerk.click(f'{SCREEN} td[name="exchange_product_id"] input')
            clerk.type("Tall cup 7")
            clerk.click(".o-autocomplete--dropdown-item", "Tall cup 7")
            clerk.see('.modal div[name="amount_difference"]', "46.11")
            clerk.click('.modal button[name="action_process"]')
            clerk.wait("!document.querySelector('.modal')")
            self._assert_clicks(clerk, "exchange", 5)
        self.env.invalidate_all()
        self.assertEqual(rma.exchange_order_ids.order_line.product_id, self.mug)

    def test_all_there_is_to_decide_is_in_view(self):
        """Withdrawal with an exchange, all columns: nothing to scroll to sideways."""
        fits = (
            f"((el) => el.scrollWidth <= el.clientWidth + 1 || el.scrollWidth)"
            f"(document.querySelector('{SCREEN} .o_list_renderer'))"
        )
        for code, size in (("de_DE", "1024x768"), ("fr_FR", "1366x768")):
            self._speak(code)
            rma = self._create_rma(
                self.order, {self.shirt: 1}, state="accepted", rma_type="withdrawal"
            )
            rma.line_ids.note = "It is too small"
            url = f"/odoo/customer-returns/{rma.id}"
            with self.browse(url, self.seller.login, size) as clerk:
                self.assertNotEqual(clerk.read('button[name="action_process"]'), "Process")
                clerk.click('button[name="action_process"]')
                clerk.see(f"{SCREEN} .o_selected_row")
                clerk.click(f'{SCREEN} .o_selected_row td[name="exchange"] input')
                clerk.see(f'{SCREEN} td[name="exchange_product_id"] input')
                clerk.see(f'{SCREEN} td[name="amount_deducted"]')
                clerk.see(f"{SCREEN} .o_sale_rma_item", "It is too small")
                self.assertEqual(clerk.look(fits), True)
                clerk.click('.modal button[name="action_process_keep_open"]')
                clerk.wait("!document.querySelector('.modal')")
                self._assert_clicks(clerk, f"exchange in {code}", 4)
