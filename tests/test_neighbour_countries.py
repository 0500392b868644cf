"""Beside the localisations: a return gives back what was paid in companies of six countries, and
what each adds to credit notes works on them. Run by `make test NEIGHBOURS=1`."""

from odoo.tests import tagged

from .common import SaleRmaCommon

CHARTS = {"be_comp": "BE", "de_skr03": "DE", "es_pymes": "ES", "fr": "FR", "it": "IT", "nl": "NL"}


@tagged("post_install", "-at_install")
class TestNeighbourCountries(SaleRmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        charts = cls.env["account.chart.template"]._get_chart_template_mapping()
        installed = cls.env["ir.module.module"]._installed()
        cls.charts = {
            chart: code
            for chart, code in CHARTS.items()
            if chart in charts and charts[chart]["module"] in installed
        }
        if not cls.charts:
            cls.skipTest(cls, "no chart of accounts of these countries is installed")

    def test_every_country_has_its_chart(self):
        self.assertEqual(self.charts, CHARTS)

    def test_a_return_gives_back_what_was_paid_in_each_country(self):
        for chart, code in self.charts.items():
            with self.subTest(chart):
                country = self.env["res.country"].search([("code", "=", code)])
                company = self.env["res.company"].create({"name": chart, "country_id": country.id})
                self.env["account.chart.template"].try_loading(chart, company, False)
                self.env.user.company_ids |= company
                self._return_in(company)

    def _return_in(self, company):
        kept = self.env, self.company, self.warehouse
        cls = type(self)
        cls.env = self.env(context={"allowed_company_ids": company.ids})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        cls.company, cls.warehouse = company.with_env(cls.env), warehouse
        try:
            tax = cls.company.account_sale_tax_id
            product = self._make_product("Cap", 121.0, taxes=tax)
            order = self._create_sold((product, 1))
            rma = self._create_rma(order, 1, state="done")
            self.assertEqual(rma.state, "done")
            self.assertAlmostEqual(rma.amount_refunded, order.amount_total)
            self.assertEqual(
                self._tax_amounts(rma.refund_ids),
                self._tax_amounts(order.invoice_ids - rma.refund_ids),
            )
        finally:
            cls.env, cls.company, cls.warehouse = kept
