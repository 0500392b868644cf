"""Issue 17.4: store credit is the customer's choice, amount and entry agree, and it pays."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_portal import PortalCommon
from .common_repayment import SaleRmaRepaymentCommon


@tagged("post_install", "-at_install")
class TestRepaymentWallet(SaleRmaRepaymentCommon, PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([("program_type", "=", "ewallet")]).active = False
        cls.liability = cls._make_account("Store credit", "liability_current")
        cls.expense = cls._make_account("Bonus", "expense")
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "eWallet",
                "program_type": "ewallet",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": cls.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                            "description": "eWallet",
                        }
                    )
                ],
            }
        )
        cls.product = cls.program.payment_program_discount_product_id
        cls.product.write(
            {
                "property_account_income_id": cls.liability.id,
                "property_account_expense_id": cls.expense.id,
                "taxes_id": [Command.clear()],
            }
        )
        cls.company.rma_credit_bonus = 10

    @classmethod
    def _make_account(cls, name, account_type):
        accounts = cls.env["account.account"]
        return accounts.create(
            {"name": name, "code": f"RMA{accounts.search_count([])}", "account_type": account_type}
        )

    def _owe(self, **values):
        order, _payment = self._buy(**values)
        rma = self._return(order)
        return rma, rma.repayment_ids

    def _take(self, **values):
        """Have a customer choose store credit, and give it."""
        rma, row = self._owe(**values)
        self.assertFalse(rma.sudo()._customer_take_credit())
        row.action_send()
        return rma, row

    def _balance(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return sum(lines.filtered(lambda line: line.parent_state == "posted").mapped("balance"))

    def test_amount_and_bonus_are_on_the_wallet_and_in_the_books(self):
        rma, row = self._take()
        card = row.loyalty_card_id
        self.assertEqual((card.points, card.partner_id), (66, rma.order_id.partner_id))
        self.assertEqual((card.history_ids.issued, row.state, row.way), (66, "done", "wallet"))
        self.assertEqual(self._balance(self.liability), -66)
        self.assertEqual(self._balance(self.expense), 6)
        self.assertFalse(row.entry_id.line_ids.tax_ids)
        self.assertBooksClosed(rma)
        self.assertEqual((rma.amount_repaid, rma.repayment_state), (60, "done"))
        self.assertRegex(rma._get_repayment_texts()[-1], "66.00 of credit .*eWallet")
        self.assertEqual(self._rows(rma), [("wallet", 60, "done")])

    def test_used_on_a_new_order_it_pays_and_the_books_close(self):
        _rma, row = self._take()
        order = self.env["sale.order"].create({"partner_id": row.rma_id.order_id.partner_id.id})
        order.order_line = [Command.create({"product_id": self.vase.id, "product_uom_qty": 3})]
        order._update_programs_and_rewards()
        order._apply_program_reward(self.program.reward_ids, row.loyalty_card_id)
        order.action_confirm()
        self.assertEqual((order.amount_total, row.loyalty_card_id.points), (24, 0))
        order._create_invoices()._post()
        self.assertEqual(self._balance(self.liability), 0)

    def test_without_the_customers_word_there_is_none(self):
        _rma, row = self._owe()
        with self.assertRaisesRegex(UserError, "only if the customer wants it"):
            row.write({"way": "wallet"})
        row.rma_id.action_record_credit_consent()
        self.assertTrue(row.rma_id.date_credit_consent)
        self.assertIn("store credit", " ".join(row.rma_id.history_ids.mapped("body")))
        row.write({"way": "wallet"})
        self.assertEqual((row.way, row.state), ("wallet", "planned"))
        row.rma_id.sudo().date_credit_consent = False
        with self.assertRaisesRegex(UserError, "only if the customer wants it"):
            row.action_send()
        with self.assertRaises(UserError):
            row.rma_id.date_credit_consent = "2026-01-01"

    def test_what_would_be_no_liability_is_refused_and_nothing_is_done(self):
        self.product.property_account_income_id = self._make_account("Sales", "income")
        rma, row = self._owe()
        self.assertIn("liability account", rma.sudo()._customer_take_credit())
        self.assertEqual((row.way, row.entry_id), ("transaction", row.entry_id.browse()))
        self.program.active = False
        self.assertEqual(rma.sudo()._get_credit_offer(), "")
        self.assertIn("nothing", rma.sudo()._customer_take_credit())

    def test_salesperson_gives_none(self):
        _rma, row = self._owe()
        row.rma_id.action_record_credit_consent()
        row.way = "wallet"
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            row.with_user(seller).action_send()

    def test_taken_back_in_accounting_it_leaves_the_wallet(self):
        rma, row = self._take()
        card = row.loyalty_card_id
        card.points -= 20
        row.entry_id.line_ids.remove_move_reconcile()
        self.assertEqual((row.state, card.points), ("cancel", 0))
        self.assertEqual(self._balance(self.liability), 0)
        self.assertIn("20.00", str(rma.activity_ids.mapped("note")))
        self.assertEqual(self._rows(rma), [("transaction", 60, "planned")])

    def test_customer_chooses_it_on_the_page(self):
        rma, row = self._owe(partner_id=self.customer.id)
        self.authenticate("rma_customer", "rma_customer")
        page = self._page(f"/my/returns/{rma.id}")
        form = page.xpath("//details[contains(@class, 'o_rma_credit')]")[0]
        self.assertIn("66.00", self._text(form))
        token = form.xpath(".//input[@name='csrf_token']")[0].get("value")
        self._post_form(f"/my/returns/{rma.id}/credit", {"csrf_token": token})
        self.env.invalidate_all()
        self.assertEqual((row.way, bool(rma.date_credit_consent)), ("wallet", True))
        page = self._page(f"/my/returns/{rma.id}")
        self.assertFalse(page.xpath("//details[contains(@class, 'o_rma_credit')]"))
        self.assertIn("66.00 as credit", self._text(self._by_id(page, "return_repayments")))
