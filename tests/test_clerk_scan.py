"""A scan opens the return from any screen of the addon, without a click (issue 16.9)."""

from odoo.tests import tagged

from .common import SaleRmaCommon
from .common_clerk import ClerkCase


@tagged("post_install", "-at_install")
class TestClerkScan(SaleRmaCommon, ClerkCase):
    def test_found_by_scan_with_no_click(self):
        seller = self._make_user("scanner", "sales_team.group_sale_salesman")
        order = self._create_sold((self.shirt, 3), user_id=seller.id)
        rma = self._create_rma(order, {self.shirt: 1}, state="accepted")
        other = self._create_rma(order, {self.shirt: 1}, state="accepted")
        with self.browse("/odoo/customer-returns", seller.login) as clerk:
            clerk.see(".o_searchview_input")
            for one in (rma, other):  # from the list, then from another return
                clerk.type(one.name)
                clerk.press("Enter")
                clerk.see('.o_form_view .oe_title div[name="name"]', one.name)
            clerk.type(f"{order.name}")
            clerk.press("Enter")
            clerk.see(".o_list_view .o_data_row", other.name)  # two have it
            clerk.tell("find by scan")
            self.assertEqual(clerk.clicks, 0)
