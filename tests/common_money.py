from collections import defaultdict
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError

from .common import SaleRmaCommon


class SaleRmaMoneyCommon(SaleRmaCommon):
    """Factories for what is sold and invoiced, and readers of the books.

    What is expected is read from the journal items of the invoices, never from the addon.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who is told what is tested elsewhere
        cls.classPatch(type(cls.env["sale.rma"]), "_notify_state_change", lambda *args: None)
        cls.env["loyalty.program"].search([]).active = False
        cls.foreign = cls.setup_other_currency(
            "GBP", rates=[("1900-01-01", 1.0), ("2026-01-01", 1.7), ("2026-06-01", 2.3)]
        )

    # === FACTORIES === #

    @classmethod
    def _make_taxes(cls):
        """Return {name: taxes} of the kinds there are."""
        included = {"price_include_override": "tax_included"}
        fixed = cls._make_tax(0.35, amount_type="fixed", name="fee of 0.35", sequence=1)
        ten, five = cls._make_tax(10), cls._make_tax(5, name="5 %, too", sequence=2)
        group = cls._make_tax(
            0, name="group", amount_type="group", children_tax_ids=[Command.set((ten + five).ids)]
        )
        return {
            "none": cls.env["account.tax"],
            "on top": cls.tax_19,
            "in the price": cls._make_tax(21, **included),
            "two on top": ten + five,
            "fixed amount and percent": fixed + ten,
            "fixed amount in the base": cls._make_tax(
                0.5, amount_type="fixed", name="0.5 in base", include_base_amount=True, sequence=0
            )
            + cls._make_tax(20, name="20 % on all", sequence=9),
            "group": group,
        }

    @classmethod
    def _line(cls, product, quantity, price, taxes=None, discount=0.0, **values):
        """Return what `_create_order` takes: a product at a price of its own."""
        vals = {"price_unit": price, "technical_price_unit": price + 1, "discount": discount}
        if taxes is not None:
            vals["tax_ids"] = [Command.set(taxes.ids)]
        return product, quantity, {**vals, **values}

    @classmethod
    def _create_draft_order(cls, *items, shipping=None, **values):
        """Create an order that is not confirmed, to put discounts on."""
        with patch.object(type(cls.env["sale.order"]), "action_confirm", lambda self: True):
            return cls._create_order(*items, shipping=shipping, **values)

    @classmethod
    def _discount(cls, order, percent=None, amount=None):
        """Put a global discount on an order with Odoo's own wizard."""
        cls.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount" if percent else "amount",
                "discount_percentage": (percent or 0.0) / 100,
                "discount_amount": amount or 0.0,
            }
        ).action_apply_discount()
        return order

    @classmethod
    def _make_program(cls, program_type="promotion", **reward):
        """Make a program that anybody may use, with one reward."""
        rule = {"reward_point_amount": 1, "minimum_amount": 0, "minimum_qty": 0}
        return cls.env["loyalty.program"].create(
            {
                "name": f"{program_type} {reward.get('reward_type', 'discount')}",
                "program_type": program_type,
                "trigger": "auto",
                "applies_on": "current",
                "company_id": cls.company.id,
                "rule_ids": [Command.clear(), Command.create(rule)],
                "reward_ids": [Command.clear(), Command.create({"required_points": 1, **reward})],
            }
        )

    @classmethod
    def _make_card(cls, points, program_type="gift_card", currency=None):
        """Make a gift card or eWallet that holds so much."""
        product = cls.env.ref(
            "loyalty.gift_card_product_50"
            if program_type == "gift_card"
            else "loyalty.ewallet_product_50"
        )
        program = cls.env["loyalty.program"].create(
            {
                "name": program_type,
                "program_type": program_type,
                "trigger": "auto",
                "applies_on": "future",
                "currency_id": (currency or cls.company.currency_id).id,
                "company_id": cls.company.id,
                "trigger_product_ids": [Command.set(product.ids)],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        return cls.env["loyalty.card"].create(
            {"program_id": program.id, "points": points, "partner_id": cls.customer.id}
        )

    @classmethod
    def _claim(cls, order, program, card=None):
        """Put a program's reward on an order."""
        order._update_programs_and_rewards()
        if card and card not in order.applied_coupon_ids:
            order.applied_coupon_ids |= card
        coupon = card or order.coupon_point_ids.coupon_id.filtered(
            lambda coupon: coupon.program_id == program
        )
        status = order._apply_program_reward(program.reward_ids[:1], coupon)
        assert "error" not in status, status
        return order

    @classmethod
    def _sell(cls, order):
        """Confirm, deliver and invoice an order."""
        order.action_confirm()
        cls.env["loyalty.program"].search([("program_type", "=", "promotion")]).active = False
        cls._deliver(order)
        cls._invoice(order)
        return order

    @classmethod
    def _return(cls, order, quantities=None, lines=None, **values):
        """Return units of an order and give the money back, goods included.

        :param quantities: as in `_create_rma`
        :param lines: values for the screen's lines, as in `_process`
        :param values: of the screen
        :return: the return, with what the screen promised checked (R3)
        """
        rma = cls._create_rma(order, quantities, state="accepted")
        wizard = cls._open_process(rma, **values)
        for line in wizard.line_ids:
            line.write((lines or {}).get(line.product_id, lines or {}) if lines else {})
        promised, totals = wizard.amount_total, wizard.tax_totals
        wizard.action_process()
        cls._check_promise(rma, promised, totals)
        return rma

    @classmethod
    def _check_promise(cls, rma, promised, totals):
        """R3: what the screen showed is what was posted, to the cent and tax by tax."""
        moves = rma.refund_ids
        found = round(sum(moves.mapped("amount_total")), 2)
        assert found == round(promised, 2), f"{promised} promised, {found} given"
        for group, amount in cls._read_tax_groups([totals]).items():
            posted = cls._read_tax_groups(moves.mapped("tax_totals")).get(group, 0.0)
            assert abs(posted - amount) < 0.005, f"tax of {amount} promised, {posted} given"

    @staticmethod
    def _read_tax_groups(totals_list):
        amounts = defaultdict(float)
        for totals in totals_list:
            for subtotal in totals["subtotals"]:
                for group in subtotal["tax_groups"]:
                    amounts[group["id"]] += group["tax_amount_currency"]
        return amounts

    # === READING THE BOOKS === #

    def _read_books(self, moves):
        """Return {(account, tax): (amount in the document's currency, in the company's)}, what
        remains when entries are added up."""
        books = defaultdict(lambda: [0.0, 0.0])
        for line in moves.line_ids:
            entry = books[line.account_id, line.tax_line_id]
            entry[0] += line.amount_currency
            entry[1] += line.balance
        rounded = {key: (round(x, 2), round(y, 2)) for key, (x, y) in books.items()}
        return {key: amounts for key, amounts in rounded.items() if any(amounts)}

    def _get_invoices(self, order):
        """Return the posted invoices of an order, and its credit notes."""
        moves = order.invoice_ids.filtered(lambda move: move.state == "posted")
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        return invoices, moves - invoices

    def assertClosed(self, order):
        """R4: invoices and credit notes cancel each other out: every account, every tax, in both
        currencies."""
        invoices, credits = self._get_invoices(order)
        self.assertTrue(credits)
        self.assertEqual(self._read_books(invoices | credits), {})

    def assertLineClosed(self, sold):
        """R4 for one sold line: its credits are together what its invoice lines are. Its taxes,
        if rounded for the whole document, are told from that only."""
        billed = sold.invoice_lines.filtered(lambda line: line.move_type == "out_invoice")
        credited = sold.invoice_lines - billed
        for field in ("quantity", "price_subtotal"):
            found = sum(credited.mapped(field))
            self.assertAlmostEqual(found, sum(billed.mapped(field)), 2, field)
        self.assertAlmostEqual(sum(sold.invoice_lines.mapped("balance")), 0.0, 2)

    def assertSettled(self, order):
        """R5: nothing of the order is left to invoice, and trying to makes nothing."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual({x.name: x.qty_to_invoice for x in lines if x.qty_to_invoice}, {})
        self.assertEqual(
            order.invoice_status, "invoiced", [(x.name, x.invoice_status) for x in lines]
        )
        self.assertAlmostEqual(order.amount_to_invoice, 0.0, 2)
        for final in (False, True):
            with self.assertRaises(UserError), self.cr.savepoint():
                order._create_invoices(final=final)

    def assertTotal(self, rma, total):
        """The return gave back so much, tax included."""
        self.assertAlmostEqual(rma.amount_refunded, total, 2)

    def _today(self):
        return fields.Date.context_today(self.env.user)
