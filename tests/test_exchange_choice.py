"""What a customer can choose instead, and what it costs (issue 16.4)."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_browser import BrowserCommon


@tagged("post_install", "-at_install")
class TestExchangeChoice(BrowserCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._make_variants()
        cls.sold = cls._variant("Blue", "M")
        cls.order = cls._create_sold((cls.sold, 1))
        cls.line = cls.order.order_line
        cls.path = f"/my/orders/{cls.order.id}/return"
        cls.requests = cls.env["sale.rma.request"].sudo()

    @classmethod
    def _make_variants(cls):
        template = cls.env["product.template"].browse(
            cls._make_product("Trousers", 50.0).product_tmpl_id.id
        )
        values = []
        for name, options in (("Size", "SML"), ("Colour", ("Blue", "Red"))):
            attribute = cls.env["product.attribute"].sudo()
            attribute = attribute.create(
                {"name": name, "value_ids": [Command.create({"name": each}) for each in options]}
            )
            ids = [Command.set(attribute.value_ids.ids)]
            values.append(Command.create({"attribute_id": attribute.id, "value_ids": ids}))
        template.attribute_line_ids = values
        return template

    @classmethod
    def _variant(cls, colour, size):
        return cls.template.product_variant_ids.filtered(
            lambda product: (
                set(product.product_template_attribute_value_ids.mapped("name")) == {colour, size}
            )
        )

    def _labels(self, products):
        return [
            " ".join(sorted(self._values(product), key=lambda name: name in "SML"))
            for product in products
        ]

    def _values(self, product):
        return product.product_template_attribute_value_ids.mapped("name")

    def test_same_colours_sizes_come_first_and_the_same_again_last(self):
        variants = self.requests._get_variants(self.line)
        self.assertEqual(
            self._labels(variants),
            ["Blue S", "Blue L", "Red S", "Red M", "Red L", "Blue M"],
        )

    def test_words_are_found_in_any_order(self):
        teapot = self._make_product("Zanzibar teapot, large", 9.9)
        for text in ("teapot zanzi", "large teapot", "zanzibar large teap"):
            self.assertIn(teapot, self.requests._search_products(self.line, text), text)
        found = self.requests._search_products(self.line, "red trousers")
        self.assertEqual(
            {"Red"}, set(found.product_template_attribute_value_ids.mapped("name")) - set("SML")
        )
        self.assertFalse(self.requests._search_products(self.line, "teapot nothing"))

    def test_choice_tells_price_difference_and_stock(self):
        teapot = self._make_product("Zanzibar teapot", 60.0, is_storable=True)
        cup = self._make_product("Zanzibar cup", 10.0, is_storable=True)
        self._put_in_stock(cup)
        by_product = {
            choice.product: choice
            for choice in self.requests._get_choices(self.line, teapot | cup | self.sold)
        }
        self.assertAlmostEqual(by_product[teapot].price, 69.0, 2)  # tax of 15 %
        self.assertAlmostEqual(by_product[teapot].difference, 11.5, 2)
        self.assertAlmostEqual(by_product[cup].difference, -46.0, 2)
        self.assertEqual(by_product[self.sold].difference, 0.0)
        self.assertTrue(by_product[cup].is_in_stock)
        self.assertFalse(by_product[teapot].is_in_stock)

    def _put_in_stock(self, product):
        warehouse = self.order._get_rma_warehouse().sudo()
        self.env["stock.quant"].sudo()._update_available_quantity(
            product, warehouse.lot_stock_id, 5.0
        )

    def test_found_product_shows_picture_price_and_difference(self):
        self.authenticate("rma_customer", "rma_customer")
        self._make_product("Zanzibar teapot", 60.0, is_storable=True)
        found = self.make_jsonrpc_request(
            f"{self.path}/products", {"line_id": self.line.id, "search": "teapot zanz"}
        )
        for words in ("69.00", "11.50", "not in stock", "o_rma_picture"):
            self.assertIn(words, found)

    def test_field_stays_while_one_types(self):
        for name in ("Zanzibar teapot", "Zanzibar cup"):
            self._make_product(name, 9.9)
        prefix = f"line-{self.line.id}"
        with self._browse(self.path) as page:
            page.js("document.querySelector('.o_rma_wish_exchange').click()")
            page.js(f"document.getElementById('{prefix}-product-other').click()")
            page.js(f"document.getElementById('{prefix}-search').focus()")
            page.type("zanzi tea")
            page.wait("document.querySelectorAll('.o_rma_found input:checked').length === 1")
            for _letter in range(3):
                page.press("Backspace")
            page.wait("document.querySelectorAll('.o_rma_found input').length === 2")
            self.assertEqual(page.js("document.activeElement.id"), f"{prefix}-search")
            self.assertTrue(page.js("document.activeElement.getBoundingClientRect().height > 0"))
