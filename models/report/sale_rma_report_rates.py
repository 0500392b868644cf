from odoo import api, models
from odoo.tools import SQL

# aggregate -> SQL, of columns of the report. An average of rates would be wrong: small groups
# would weigh as much as large ones.
RATES = {
    "rate_items:avg": ("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", ("rate_items", "qty_sold")),
    "rate_orders:avg": (
        "100.0 * COUNT(DISTINCT %s) / NULLIF(COUNT(DISTINCT %s), 0)",
        ("orders_returned", "orders_sold"),
    ),
    "days_to_arrival_median:avg": (
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
        ("days_to_arrival_median",),
    ),
    "days_to_arrival_p90:avg": (
        "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY %s)",
        ("days_to_arrival_p90",),
    ),
    "days_to_refund_median:avg": (
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
        ("days_to_refund_median",),
    ),
    "days_to_refund_p90:avg": (
        "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY %s)",
        ("days_to_refund_p90",),
    ),
}
# A year, as Odoo counts sales on a product.
PERIOD = "today -365d"


class SaleRmaReport(models.Model):
    """What is no sum and no average: rates on what was sold, medians and ninetieth percentiles, of
    whatever group they are asked for."""

    _inherit = "sale.rma.report"

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of the ORM: rates and percentiles of the rows themselves."""
        # the fields used are checked for access by the ORM's own expression
        default = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in RATES:
            return default
        expression, names = RATES[aggregate_spec]
        columns = [self._field_to_sql(self._table, name, query) for name in names]
        return SQL(expression, *columns)

    @api.model
    def _get_rates(self, group_by, domain):
        """Return {record: (return rate of items in percent, pieces sold)}; see `_get_totals`."""
        return {
            record: (100.0 * returned / sold if sold else 0.0, sold)
            for record, (sold, returned) in self._get_totals(group_by, domain).items()
        }

    @api.model
    def _get_totals(self, group_by, domain):
        """Return {record: (pieces of goods sold, pieces of them returned)} of the last 365 days, as
        far as the user sees them; nothing of records without sales and returns.

        :param str group_by: name of the field whose records these are
        :param domain: which of them
        """
        groups = self._read_group(
            [*domain, ("kind", "in", ("sold", "returned")), ("date", ">=", PERIOD)],
            [group_by],
            ["qty_sold:sum", "rate_items:sum"],
        )
        return {record: (sold or 0.0, returned or 0.0) for record, sold, returned in groups}

    @api.model
    def _get_action_for(self, domain, title):
        """Return the act_window on the figures of some records in the last 365 days."""
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_report_action")
        action["display_name"] = title
        action["domain"] = [*domain, ("date", ">=", PERIOD)]
        action["context"] = {"search_default_year": 0}
        return action
