from odoo import api, models
from odoo.tools import SQL

# Four kinds of rows are told from three tables: each takes every fourth number.
KINDS = 4
# name -> type of the columns of which each kind of rows has its own; the others are empty
OWN_COLUMNS = {
    "qty_sold": "numeric",
    "qty_returned": "numeric",
    "qty_refunded": "numeric",
    "rate_items": "numeric",
    "orders_sold": "integer",
    "orders_returned": "integer",
    "rate_orders": "numeric",
    "returns": "integer",
    "amount_sold": "numeric",
    "amount_returned": "numeric",
    "amount_refunded": "numeric",
    "amount_fee": "numeric",
    "amount_exchanged": "numeric",
    "days_to_arrival": "float8",
    "days_to_arrival_median": "float8",
    "days_to_arrival_p90": "float8",
    "days_to_refund": "float8",
    "days_to_refund_median": "float8",
    "days_to_refund_p90": "float8",
    "share_late": "float8",
}


class SaleRmaReport(models.Model):
    """What the rows of the report say, and of which tables they know it."""

    _inherit = "sale.rma.report"

    # === COLUMNS === #

    @api.model
    def _select_common(self, kind, place, row_id, moment, *, item=True):
        """Return the columns that all rows have.

        :param int place: of the kind's numbers
        :param str moment: SQL of a date or of a moment in UTC
        :param bool item: whether the row is about an item
        """
        is_day = moment.endswith("invoice_date")
        is_sold = kind == "sold"
        columns = {
            "id": f"{row_id}::bigint * {KINDS} + {place}",
            "kind": f"'{kind}'::varchar",
            "date": moment if is_day else self._to_day(moment),
            "date_order": self._to_day("sale.date_order"),
            "rma_id": "NULL::integer" if is_sold else "rma.id",
            "order_id": "sale.id",
            # by the sale: without one there is nothing to see of it
            "company_id": "sale.company_id" if is_sold else "rma.company_id",
            "product_id": ("sold.product_id" if is_sold else "line.product_id")
            if item
            else "NULL::integer",
            "product_tmpl_id": "product.product_tmpl_id" if item else "NULL::integer",
            "categ_id": "template.categ_id" if item else "NULL::integer",
            "reason_id": "line.reason_id" if item and not is_sold else "NULL::integer",
            "resolution": "line.resolution" if item and not is_sold else "NULL::varchar",
            "partner_id": "sale.partner_id",
            "country_id": "partner.country_id",
            "salesperson_id": "sale.user_id",
            "website": self._get_website_column(),
            "currency_id": str(self.env.company.currency_id.id),
        }
        return SQL(", ").join(SQL(f"{sql} AS {name}") for name, sql in columns.items())

    @api.model
    def _select_own(self, **columns):
        """Return the columns of measures, empty where this kind of rows has nothing to say."""
        return SQL(", ").join(
            SQL(f"CAST({columns.get(name, 'NULL')} AS {column_type}) AS {name}")
            for name, column_type in OWN_COLUMNS.items()
        )

    @api.model
    def _get_asked_moment(self):
        return "COALESCE(rma.date_requested, rma.date_accepted, rma.create_date)"

    @api.model
    def _get_website_column(self):
        return "website.name" if self._has_websites() else "NULL::varchar"

    @api.model
    def _has_websites(self):
        """Whether orders know their web shop (website_sale is no dependency)."""
        return "website_id" in self.env["sale.order"]._fields

    @api.model
    def _to_day(self, moment):
        """Return SQL of the company's day of a moment in UTC."""
        # sudo: a setting; days get out
        zones = {company: company.sudo()._get_rma_timezone().zone for company in self.env.companies}
        names = set(zones.values())
        if len(names) == 1:
            zone = f"'{names.pop()}'"
        else:
            cases = " ".join(f"WHEN {company.id} THEN '{name}'" for company, name in zones.items())
            zone = f"CASE currency.company_id {cases} END"
        return f"(({moment}) AT TIME ZONE 'UTC' AT TIME ZONE {zone})::date"

    @api.model
    def _in_user_currency(self, amount, rate):
        """Return SQL of an amount of a document in the currency of the user's company.

        :param str rate: SQL of how many units of the document's currency are one of its company's
        """
        return f"{amount} / COALESCE(NULLIF({rate}, 0), 1) * currency.rate"

    # === JOINS === #

    @api.model
    def _join_line(self, counted):
        """Return the joins from a returned item `line`.

        :param str counted: the table whose unit pieces are counted in
        """
        return SQL(
            """
              LEFT JOIN sale_order_line sold ON sold.id = line.sale_line_id
              LEFT JOIN sale_order sale ON sale.id = rma.order_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = %(unit)s
              LEFT JOIN uom_uom base ON base.id = template.uom_id
              %(joins)s
            """,
            unit=SQL(f"{counted}.product_uom_id"),
            joins=self._join_common(company="rma.company_id"),
        )

    @api.model
    def _join_common(self, company="sale.company_id"):
        """Return the joins from an order `sale`; rows of companies that the user did not choose
        fall away."""
        table = self.env["res.currency"]._get_simple_currency_table(self.env.companies)
        website = (
            "LEFT JOIN website ON website.id = sale.website_id" if self._has_websites() else ""
        )
        return SQL(
            """
              JOIN (SELECT company_id, rate FROM %(table)s) currency
                ON currency.company_id = %(company)s
              LEFT JOIN res_partner partner ON partner.id = sale.partner_id
              %(website)s
            """,
            table=table,
            company=SQL(company),
            website=SQL(website),
        )
