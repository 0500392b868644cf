"""Colleagues without rights on returns do not act as the customer on the customer's pages."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PortalCommon
from .test_rights import MUTED


@tagged("post_install", "-at_install")
class TestActingForCustomer(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "seller": "sales_team.group_sale_salesman",
            "dock": "stock.group_stock_user",
            "accountant": "account.group_account_invoice",
            "plain": "base.group_user",
        }
        cls.users = {
            login: cls._make_user(login, name, password=login) for login, name in groups.items()
        }
        cls.order = cls._create_sold((cls.shirt, 3), user_id=cls.users["seller"].id)
        cls.order._portal_ensure_token()

    def _log_in(self, login):
        self.authenticate(login, login)

    @mute_logger(*MUTED)
    def test_return_is_not_asked_for_by_who_may_not(self):
        path = f"/my/orders/{self.order.id}/return"
        for login in ("dock", "accountant", "plain"):
            for params in ({}, {"access_token": self.order.access_token}):
                self._log_in(login)
                response = self._get(path, **params)
                with self.subTest(login=login, **params):
                    self.assertEqual(response.status_code, 404, login)
                    self.assertNotIn("Shirt", response.text)

    @mute_logger(*MUTED)
    def test_withdrawal_is_not_declared_by_who_may_not(self):
        for login in ("dock", "accountant", "plain"):
            for params in ({}, {"access_token": self.order.access_token}):
                self._log_in(login)
                page = self._page("/withdraw", order_id=self.order.id, **params)
                with self.subTest(login=login, **params):
                    self.assertNotIn(self.order.name, self._text(page))

    def test_salesperson_of_the_order_helps_the_customer(self):
        self._log_in("seller")
        page = self._page(f"/my/orders/{self.order.id}/return")
        self.assertIn("Shirt", self._text(page))
        page = self._page("/withdraw", order_id=self.order.id)
        self.assertIn(self.order.name, self._text(page))

    def test_customer_does_by_login_and_by_link(self):
        self._log_in("rma_customer")
        self._page(f"/my/orders/{self.order.id}/return")
        self.authenticate(None, None)
        token = self.order.access_token
        self._page(f"/my/orders/{self.order.id}/return", access_token=token)
        page = self._page("/withdraw", order_id=self.order.id, access_token=token)
        self.assertIn(self.order.name, self._text(page))
