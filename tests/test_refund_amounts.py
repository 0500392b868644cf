from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from odoo.addons.sale_rma.models.refund.refund_lines import Credit, CreditLine
from odoo.addons.sale_rma.models.refund.rounding import Amounts

TAX = 7


@tagged("post_install", "-at_install")
class TestRefundAmounts(BaseCase):
    """`Credit.align_signs`: no journal item on one side in the document's currency and on the
    other in the company's, and no cent lost where there is somewhere to put it."""

    def _line(self, base, company_base, tax=None, company_tax=0.0):
        amounts = Amounts(
            {(None, "total_excluded_currency"): base, (None, "total_excluded"): company_base}
        )
        if tax is not None:
            amounts[TAX, "tax_amount_currency"] = tax
            amounts[TAX, "tax_amount"] = company_tax
        return amounts

    def _align(self, *lines):
        Credit(SimpleNamespace(), [CreditLine({}, amounts) for amounts in lines]).align_signs()

    def _read(self, amounts):
        names = (
            (None, "total_excluded_currency"),
            (None, "total_excluded"),
            (TAX, "tax_amount_currency"),
            (TAX, "tax_amount"),
        )
        return [round(amounts[name], 2) for name in names if name in amounts]

    def test_amounts_on_the_same_side_stay_as_they_are(self):
        for amounts in (
            (10.0, 5.88, 1.9, 1.12),
            (-10.0, -5.88, -1.9, -1.12),
            (0.01, 0.0, 0.0, 0.01),  # nothing in one of the currencies is on no side
            (0.0, 0.0, 0.0, 0.0),
        ):
            with self.subTest(amounts=amounts):
                line = self._line(*amounts)
                self._align(line)
                self.assertEqual(self._read(line), list(amounts))

    def test_base_that_turned_round_goes_to_the_tax(self):
        line = self._line(0.01, -0.01, 1.9, 1.12)
        self._align(line)
        self.assertEqual(self._read(line), [0.01, 0.0, 1.9, 1.11])

    def test_base_that_turned_round_goes_to_the_greatest_tax(self):
        line = self._line(0.01, -0.01, 0.5, 0.3)
        line[8, "tax_amount_currency"], line[8, "tax_amount"] = 1.9, 1.12
        self._align(line)
        self.assertEqual(self._read(line), [0.01, 0.0, 0.5, 0.3])
        self.assertAlmostEqual(line[8, "tax_amount"], 1.11)

    def test_base_without_tax_has_nowhere_to_go(self):
        line = self._line(0.01, -0.01)
        self._align(line)
        self.assertEqual(self._read(line), [0.01, 0.0])

    def test_tax_is_judged_by_its_sum_as_its_journal_item_is(self):
        shirt, discount = self._line(10.0, 5.88, 0.03, 0.01), self._line(-1.0, -0.59, -0.01, -0.01)
        self._align(shirt, discount)
        self.assertEqual(self._read(discount), [-1.0, -0.59, -0.01, -0.01])
        self.assertEqual(self._read(shirt), [10.0, 5.88, 0.03, 0.01])

    def test_tax_that_turned_round_goes_to_the_greatest_base(self):
        shirt, discount = self._line(10.0, 5.88, 0.03, 0.01), self._line(-1.0, -0.59, -0.01, -0.02)
        self._align(shirt, discount)
        self.assertEqual(self._read(shirt), [10.0, 5.87, 0.03, 0.02])
        self.assertEqual(self._read(discount), [-1.0, -0.59, -0.01, -0.02])

    def test_tax_of_two_journal_items_is_judged_by_each(self):
        shirt, mug = self._line(10.0, 5.88, 0.05, 0.03), self._line(5.0, 2.94, -0.01, 0.01)
        lines = [CreditLine({}, shirt, tax_items={TAX: "itself"})]
        lines.append(CreditLine({}, mug, tax_items={TAX: "in a group"}))
        Credit(SimpleNamespace(), lines).align_signs()
        self.assertEqual(self._read(shirt), [10.0, 5.88, 0.05, 0.03])
        self.assertEqual(self._read(mug), [5.0, 2.95, -0.01, 0.0])

    def test_total_in_the_documents_currency_never_changes(self):
        lines = [self._line(0.01, -0.01, 0.02, -0.01), self._line(5.0, 2.94, 0.95, 0.56)]
        before = sum(line.total for line in lines)
        self._align(*lines)
        self.assertAlmostEqual(sum(line.total for line in lines), before)
