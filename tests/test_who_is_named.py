"""Whom a caller may name: a manager who can manage, an account of him who is owed; and what
callers say that means nothing is answered in words (issue 12, kinds 2 and 18)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_repayment import SaleRmaRepaymentCommon

ALL = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestWhoIsNamed(SaleRmaRepaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", ALL)

    def test_the_manager_is_a_colleague_of_the_company(self):
        order = self._create_sold((self.shirt, 2))
        rma = self._create_rma(order, {self.shirt: 1}).with_user(self.clerk)
        portal = self._make_user("outside", "base.group_portal")
        elsewhere = self._make_user("elsewhere", ALL)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        values = {"order_id": order.id, "line_ids": [(0, 0, {"sale_line_id": order.order_line.id})]}
        returns = rma.browse()
        for user in (portal, elsewhere):
            with self.subTest(user=user.login):
                with self.assertRaisesRegex(UserError, "cannot manage"):
                    rma.user_id = user
                with self.assertRaisesRegex(UserError, "cannot manage"):
                    returns.create({**values, "user_id": user.id})
                with self.assertRaisesRegex(UserError, "cannot manage"):
                    returns.with_context(default_user_id=user.id).create(values)
        rma.user_id = colleague = self._make_user("colleague", ALL)
        self.assertEqual(rma.user_id, colleague)

    def test_money_goes_to_an_account_of_the_customer_only(self):
        order, _payment = self._buy()
        rma = self._return(order)
        row = rma.repayment_ids
        row.way = "manual"
        accounts = self.env["res.partner.bank"]
        number = "DE89370400440532013000"
        foreign = accounts.create(
            {
                "partner_id": self.clerk.partner_id.id,
                "acc_number": number,
                "allow_out_payment": True,
            }
        )
        seller = row.with_user(self.clerk)
        for values in ({}, {"way": "bank"}):
            with self.assertRaisesRegex(UserError, "an account of"):
                seller.write({"bank_account_id": foreign.id, **values})
        own = accounts.create({"partner_id": rma.partner_id.id, "acc_number": number})
        seller.write({"way": "bank", "bank_account_id": own.id})
        self.assertEqual(row.bank_account_id, own)
        rma.with_user(self.clerk).customer_iban = "FR7630006000011234567890189"
        told = rma.history_ids.filtered(lambda message: "FR76 **** 0189" in message.body)
        self.assertEqual(told.author_id, self.clerk.partner_id, "who sent the money elsewhere")

    def test_what_says_nothing_is_searched_for(self):
        returns = self.env["sale.rma"].with_user(self.clerk)
        values = (5, True, 0.5, [5], "\0", "  ")
        for value in values:
            operator = "in" if isinstance(value, list) else "="
            with self.subTest(value=value):
                self.assertGreaterEqual(returns.search_count([("anything", operator, value)]), 0)
        with self.assertRaises(UserError):
            self.env["sale.rma.job"].with_user(self.clerk).action_run_next()

    def test_the_texts_of_all_companies_are_the_sales_managers(self):
        text = {"text": "Too late"}
        with self.assertRaises(AccessError):
            self.env["sale.rma.ground"].with_user(self.clerk).create(text)
        manager = self._make_user("manager", "sales_team.group_sale_manager")
        self.assertTrue(self.env["sale.rma.ground"].with_user(manager).create(text))
