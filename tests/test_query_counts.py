"""How many queries the steps of a return take: more than here is a step backwards."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SaleRmaCommon

# Most queries, with three lines each. They differ by some with what else is installed, and with
# what other tests had read before.
ALONE = {"create": 40, "accept": 150, "process": 224}
EACH_OF_TEN = {"create": 8, "accept": 24, "process": 35}
EACH_FURTHER_LINE = 3.5
# One quantity typed on a screen of many lines; what it reads does not grow with them.
TYPED = 20


@tagged("post_install", "-at_install")
class TestQueryCounts(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = [cls._make_product(f"Product {number}", 10.0) for number in range(13)]
        cls._count(cls._sell(2, 3))  # what is read once

    @classmethod
    def _sell(cls, number, lines):
        items = [(product, 2) for product in cls.products[:lines]]
        return [cls._create_sold(*items) for _order in range(number)]

    @classmethod
    def _count(cls, orders):
        """Return {step: queries} of returning one of each product of these orders."""
        rmas = cls.env["sale.rma"]
        counts = {}
        for step in ALONE:
            cls.env.flush_all()
            cls.env.invalidate_all()
            before = cls.env.cr.sql_log_count
            if step == "create":
                rmas = rmas.create([cls._prepare_return(order) for order in orders])
            elif step == "accept":
                rmas.action_accept()
            else:
                wizards = cls.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in rmas])
                wizards.action_process()
            cls.env.flush_all()
            counts[step] = cls.env.cr.sql_log_count - before
        return counts

    @classmethod
    def _prepare_return(cls, order):
        return {
            "order_id": order.id,
            "line_ids": [
                Command.create({"sale_line_id": line.id, "quantity": 1, "reason_id": cls.reason.id})
                for line in order.order_line
            ],
        }

    def _assert_at_most(self, counts, bounds):
        over = {step: count for step, count in counts.items() if count > bounds[step]}
        self.assertFalse(over, f"more queries than {bounds}, in all: {counts}")

    def test_one_return(self):
        self._assert_at_most(self._count(self._sell(1, 3)), ALONE)

    def test_ten_returns_at_once(self):
        counts = self._count(self._sell(10, 3))
        self._assert_at_most({step: count / 10 for step, count in counts.items()}, EACH_OF_TEN)

    def test_each_further_line(self):
        few, many = self._count(self._sell(1, 3)), self._count(self._sell(1, 13))
        further = (sum(many.values()) - sum(few.values())) / 10
        self.assertLessEqual(further, EACH_FURTHER_LINE)

    def _count_typed(self, lines):
        """Return how many queries it takes to type one quantity on a return of so many lines."""
        (order,) = self._sell(1, lines)
        rma = self.env["sale.rma"].create(self._prepare_return(order))
        rma.action_accept()
        wizard = self.env["sale.rma.process"].create({"rma_id": rma.id})
        with Form(wizard) as form, form.line_ids.edit(1) as line:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            line.qty_received = 0
            return self.env.cr.sql_log_count - before

    def test_one_quantity_typed(self):
        self._count_typed(3)  # what is read once
        few, many = self._count_typed(3), self._count_typed(13)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, TYPED)

    def test_fields_of_journal_items_are_not_all_described_for_a_refund(self):
        """As `account` has the ORM do at each write that changes nothing tracked."""
        items = self.env["account.move.line"]
        describe = type(items).fields_get
        described = []

        def fields_get(model, allfields=None, attributes=None):
            result = describe(model, allfields, attributes)
            described.append(len(result))
            return result

        (order,) = self._sell(1, 3)
        rma = self._create_rma(order, {self.products[0]: 1}, state="accepted")
        wizard = self.env["sale.rma.process"].with_context(tracking_disable=False)
        wizard = wizard.create({"rma_id": rma.id})
        with patch.object(type(items), "fields_get", fields_get):
            wizard.action_process()
        self.assertEqual(rma.refund_ids.state, "posted")
        self.assertTrue(described)
        self.assertLess(max(described), 10)
        self.assertEqual(items.fields_get([]).keys(), items.fields_get().keys(), "as ever else")
