"""References: company sequence per year, check character, found typed or scanned."""

from freezegun import freeze_time
from stdnum.iso7064 import mod_37_36

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestReference(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_sold((cls.shirt, 3))
        cls.rma = cls._create_rma(cls.order)

    def _search(self, text):
        return self.env["sale.rma"].search([("reference_search", "ilike", text)])

    def _mistype(self, reference):
        """Exchange the last digit of the number for another one."""
        digit = "1" if reference[-3] != "1" else "2"
        return f"{reference[:-3]}{digit}{reference[-2:]}"

    def test_reference_has_year_number_and_check_character(self):
        self.assertRegex(self.rma.name, r"^RMA/\d{4}/\d{5}-[0-9A-Z]$")
        compact = self.rma.name.replace("/", "").replace("-", "")
        self.assertTrue(mod_37_36.is_valid(compact))

    def test_references_differ_and_copies_get_their_own(self):
        names = [self._create_rma(self.order, 1).name for _i in range(3)]
        names += [self.rma.name, self.rma.copy().name]
        self.assertEqual(len(set(names)), 5)

    @mute_logger("odoo.sql_db")
    def test_reference_is_unique_in_the_company(self):
        other = self._create_rma(self.order, 1)
        with self.assertRaises(Exception) as caught, self.cr.savepoint():
            other.sudo().name = self.rma.name  # written by the program only
            other.flush_recordset()
        self.assertIn("name_company_uniq", str(caught.exception))

    def test_numbers_begin_anew_each_year(self):
        for year in (2031, 2032):
            with freeze_time(f"{year}-03-03"):
                first = self._create_rma(self.order, 1)
                second = self._create_rma(self.order, 1)
            self.assertTrue(first.name.startswith(f"RMA/{year}/00001-"), first.name)
            self.assertTrue(second.name.startswith(f"RMA/{year}/00002-"), second.name)

    def test_each_company_numbers_for_itself(self):
        other = self.setup_other_company()["company"]
        sequences = self.env["ir.sequence"].search([("code", "=", "sale.rma")])
        self.assertLessEqual(self.company | other, sequences.company_id)
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        with freeze_time("2033-03-03"):
            names = [
                self.env["sale.rma"].create({"order_id": order.id}).name
                for order in (self.order, order)
            ]
        self.assertEqual(names[0], names[1])

    def test_company_without_sequence_is_told_what_to_do(self):
        self.env["ir.sequence"].search([("code", "=", "sale.rma")]).unlink()
        with self.assertRaisesRegex(UserError, "no number sequence for customer returns"):
            self._create_rma(self.order, 1)

    def test_typed_reference_is_found_however_it_is_written(self):
        name = self.rma.name
        bare = name.replace("/", "").replace("-", "")
        for text in (name, name.lower(), bare, bare.lower(), f" {name} ", name.replace("/", " ")):
            self.assertEqual(self._search(text), self.rma, text)
            found = self.env["sale.rma"].name_search(text)
            self.assertEqual([item[0] for item in found], self.rma.ids, text)

    def test_part_of_a_reference_is_found(self):
        self.assertIn(self.rma, self._search(self.rma.name[:-2]))
        self.assertIn(self.rma, self._search("RMA/"))

    def test_mistyped_reference_says_so(self):
        wrong = self._mistype(self.rma.name)
        for text in (wrong, wrong.replace("/", "").replace("-", "")):
            with self.assertRaisesRegex(UserError, "something in it was mistyped"):
                self._search(text)

    def test_what_is_no_reference_is_searched_as_text(self):
        for text in ("Anna", "S00042", "AB/2026/00042-K", "100%", "_", ""):
            self._search(text)

    def test_other_separators_are_found_scanned(self):
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "sale.rma"), ("company_id", "=", self.company.id)]
        )
        sequence.prefix = "RET-%(range_year)s."
        rma = self._create_rma(self.order, 1)
        self.assertRegex(rma.name, r"^RET-\d{4}\.\d{5}-[0-9A-Z]$")
        bare = rma.name.replace("-", "").replace(".", "")
        self.assertEqual(self._search(bare), rma)

    def test_order_and_customer_find_the_return_too(self):
        for text in (self.order.name, self.customer.name):
            found = self.env["sale.rma"].name_search(text)
            self.assertIn(self.rma.id, [item[0] for item in found])
