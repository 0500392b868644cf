"""R1: which sold lines can be given back, one rule for lines and for searches."""

from odoo.fields import Command, Domain
from odoo.tests import tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestSoldItems(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._make_product("Fitting", 30.0, type="service", is_storable=False)
        combo = cls._make_combo("Set", 40.0, cls.mug)
        cls.order = cls._create_order((cls.shirt, 2), (cls.service, 1), (combo, 1), shipping=7.0)
        discount = cls.env["sale.order.discount"].create(
            {"sale_order_id": cls.order.id, "discount_type": "amount", "discount_amount": 5.0}
        )
        discount.action_apply_discount()
        cls.order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create({"is_downpayment": True, "name": "Paid before", "price_unit": 5}),
            Command.create({"product_id": cls.mug.id, "is_expense": True}),
        ]

    def test_goods_only_and_services_for_claims(self):
        items = {
            kind: self.order.order_line._filter_returnable(kind) for kind in ("return", "claim")
        }
        self.assertEqual(items["return"].product_id, self.shirt)
        self.assertEqual(items["claim"].product_id, self.shirt | self.service)

    def test_search_finds_the_same_lines_as_the_rule(self):
        lines = self.order.order_line
        self.assertGreater(len(lines), 6)
        for kind in ("return", "claim", "withdrawal", "recall"):
            domain = Domain("order_id", "=", self.order.id) & lines._get_returnable_domain(kind)
            with self.subTest(kind=kind):
                self.assertEqual(lines.search(domain), lines._filter_returnable(kind))

    def test_form_offers_the_lines_of_the_rule(self):
        domain = [("order_id", "=", self.order.id), ("is_rma_item", "=", True)]
        found = self.order.order_line.search(domain)
        self.assertEqual(found, self.order.order_line.filtered("is_rma_item"))
        self.assertEqual(found.product_id, self.shirt | self.service)
