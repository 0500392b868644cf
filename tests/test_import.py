"""Past returns are imported by what people know of them: order, product, reference (14.28)."""

from pathlib import Path

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon

HEADER = ["external_ref", "order_id", "line_ids/imported_product_id", "line_ids/quantity"]


@tagged("post_install", "-at_install")
class TestImport(SaleRmaCommon):
    def _load(self, *rows):
        result = self.env["sale.rma"].load(HEADER, [list(map(str, row)) for row in rows])
        return self.env["sale.rma"].browse(result["ids"] or ()), result["messages"]

    def test_items_are_found_by_order_and_product_and_the_reference_is_kept(self):
        order = self._create_sold((self.shirt, 3), (self.mug, 2))
        rmas, messages = self._load(
            ("OLD-1", order.name, "Shirt", 2), ("", "", "Mug", 1), ("OLD-2", order.name, "Shirt", 1)
        )
        self.assertFalse(messages)
        self.assertEqual(rmas.mapped("external_ref"), ["OLD-1", "OLD-2"])
        self.assertEqual(rmas[0].line_ids.sale_line_id, order.order_line)
        self.assertEqual(rmas.line_ids.mapped("quantity"), [2, 1, 1])
        self.assertRegex(rmas[0].name, "RMA")

    def test_of_two_lines_of_a_product_the_one_with_enough_left_is_taken(self):
        order = self._create_sold((self.shirt, 1), (self.shirt, 3))
        first, second = order.order_line
        rmas, messages = self._load(("A", order.name, "Shirt", 2), ("", "", "Shirt", 1))
        self.assertFalse(messages)
        self.assertEqual(rmas.line_ids.sale_line_id, first | second)
        self.assertEqual(rmas.line_ids.mapped("quantity"), [2, 1])
        self.assertEqual(rmas.line_ids[0].sale_line_id, second)

    def test_what_was_not_sold_on_the_order_is_refused_in_words(self):
        order = self._create_sold((self.shirt, 1))
        rmas, messages = self._load(("A", order.name, "Mug", 1))
        self.assertFalse(rmas)
        self.assertIn(f"Mug is not on {order.name}", messages[0]["message"])

    def test_more_than_was_sold_is_refused(self):
        order = self._create_sold((self.shirt, 1))
        rmas, messages = self._load(("A", order.name, "Shirt", 2))
        self.assertFalse(rmas)
        self.assertIn("at most 1", messages[0]["message"])

    def test_a_reference_is_used_once(self):
        order = self._create_sold((self.shirt, 3))
        self._load(("A", order.name, "Shirt", 1))
        with mute_logger("odoo.sql_db"):
            rmas, messages = self._load(("A", order.name, "Shirt", 1))
        self.assertFalse(rmas)
        self.assertRegex(messages[0]["message"], "external.ref")

    def test_the_template_of_the_dialog_can_be_imported(self):
        [template] = self.env["sale.rma"].get_import_templates()
        path = Path(__file__).parents[1] / template["template"].removeprefix("/sale_rma/")
        titles = path.read_text().splitlines()[0].split(",")
        tree = self.env["base_import.import"].get_fields_tree("sale.rma")
        known = {field["string"] for field in tree}
        items = next(field for field in tree if field["name"] == "line_ids")
        known |= {f"{items['string']}/{field['string']}" for field in items["fields"]}
        self.assertLessEqual(set(titles), known)
