from odoo import api, models
from odoo.tools import SQL

# What the rows of a return say of it.
RETURN_COLUMNS = """
    rma.rma_type AS rma_type,
    rma.state AS state,
    rma.user_id AS user_id,
    rma.warehouse_id AS warehouse_id
"""
NO_RETURN_COLUMNS = """
    CAST(NULL AS varchar) AS rma_type,
    CAST(NULL AS varchar) AS state,
    CAST(NULL AS integer) AS user_id,
    sale.warehouse_id AS warehouse_id
"""


class SaleRmaReport(models.Model):
    """The rows of the report. Joins that a question does not need are left out by PostgreSQL: they
    are outer joins by a unique key."""

    _inherit = "sale.rma.report"

    _depends = {
        "sale.rma": [
            "company_id",
            "create_date",
            "date_accepted",
            "date_received",
            "date_refund_due",
            "date_refunded",
            "date_requested",
            "order_id",
            "rma_type",
            "state",
            "user_id",
            "warehouse_id",
        ],
        "sale.rma.line": [
            "product_id",
            "qty_returned",
            "reason_id",
            "resolution",
            "rma_id",
            "sale_line_id",
        ],
        "sale.order": [
            "company_id",
            "currency_rate",
            "date_order",
            "partner_id",
            "source_rma_id",
            "state",
            "user_id",
            "warehouse_id",
        ],
        "sale.order.line": [
            "display_type",
            "is_delivery",
            "is_downpayment",
            "order_id",
            "price_total",
            "price_unit",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "source_rma_line_id",
        ],
        "account.move": [
            "amount_total_signed",
            "date",
            "invoice_currency_rate",
            "invoice_date",
            "move_type",
            "rma_id",
            "state",
        ],
        "account.move.line": [
            "display_type",
            "move_id",
            "parent_state",
            "price_total",
            "product_id",
            "product_uom_id",
            "quantity",
            "rma_line_id",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "type", "uom_id"],
        "res.partner": ["country_id"],
        "uom.uom": ["factor"],
    }

    @property
    def _table_query(self):
        rows = (
            self._query_sold(),
            self._query_returned(),
            self._query_refunded(),
            self._query_beside(),
            self._query_exchanged(),
        )
        return SQL(" UNION ALL ").join(rows)

    # === THE KINDS OF ROWS === #

    @api.model
    def _query_sold(self):
        """Goods on confirmed orders; no shipping, discounts, down payments and services."""
        return SQL(
            """
            SELECT %(common)s, %(of_return)s, %(own)s
              FROM sale_order_line sold
              JOIN sale_order sale ON sale.id = sold.order_id AND sale.state = 'sale'
              JOIN product_product product ON product.id = sold.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id AND template.type = 'consu'
              LEFT JOIN uom_uom unit ON unit.id = sold.product_uom_id
              LEFT JOIN uom_uom base ON base.id = template.uom_id
              %(joins)s
             WHERE sold.display_type IS NULL
               AND sold.product_uom_qty > 0
               AND sold.price_unit >= 0
               AND sold.is_delivery IS NOT TRUE
               AND sold.is_downpayment IS NOT TRUE
            """,
            common=self._select_common("sold", 0, "sold.id", "sale.date_order"),
            of_return=SQL(NO_RETURN_COLUMNS),
            own=self._select_own(
                qty_sold="sold.product_uom_qty * unit.factor / base.factor",
                orders_sold="sale.id",
                amount_sold=self._in_user_currency("sold.price_total", "sale.currency_rate"),
            ),
            joins=self._join_common(),
        )

    @api.model
    def _query_returned(self):
        """Returned items, on the day they were asked for; drafts are not."""
        to_arrival = "EXTRACT(EPOCH FROM rma.date_received - rma.date_requested)::float8 / 86400"
        to_refund = f"(rma.date_refunded - {self._to_day('rma.date_requested')})::float8"
        late = f"""CASE
            WHEN line.qty_returned = 0 THEN NULL
            WHEN rma.date_refunded > rma.date_refund_due THEN 100
            WHEN rma.date_refunded IS NULL
             AND rma.date_refund_due < {self._to_day("now() AT TIME ZONE 'UTC'")} THEN 100
            WHEN rma.date_refunded IS NOT NULL AND rma.date_refund_due IS NOT NULL THEN 0
        END"""
        pieces = "line.qty_returned * unit.factor / base.factor"
        worth = "sold.price_total * line.qty_returned / NULLIF(sold.product_uom_qty, 0)"
        return SQL(
            """
            SELECT %(common)s, %(of_return)s, %(own)s
              FROM sale_rma_line line
              JOIN sale_rma rma ON rma.id = line.rma_id AND rma.state != 'draft'
              %(line_joins)s
             WHERE rma.date_requested IS NOT NULL OR rma.state != 'cancel'
            """,
            common=self._select_common("returned", 1, "line.id", self._get_asked_moment()),
            of_return=SQL(RETURN_COLUMNS),
            own=self._select_own(
                qty_returned=pieces,
                rate_items=f"CASE WHEN template.type = 'consu' THEN {pieces} END",
                orders_returned="CASE WHEN line.qty_returned > 0 AND template.type = 'consu' "
                "THEN rma.order_id END",
                returns="rma.id",
                amount_returned=self._in_user_currency(worth, "sale.currency_rate"),
                days_to_arrival=to_arrival,
                days_to_arrival_median=to_arrival,
                days_to_arrival_p90=to_arrival,
                days_to_refund=to_refund,
                days_to_refund_median=to_refund,
                days_to_refund_p90=to_refund,
                share_late=late,
            ),
            line_joins=self._join_line("sold"),
        )

    @api.model
    def _query_refunded(self):
        """Items on posted credit notes, and on what undoes one, on the day of these."""
        sign = "CASE WHEN credit.move_type = 'out_refund' THEN 1 ELSE -1 END"
        return SQL(
            """
            SELECT %(common)s, %(of_return)s, %(own)s
              FROM account_move_line item
              JOIN account_move credit
                ON credit.id = item.move_id
               AND credit.state = 'posted'
               AND credit.move_type IN ('out_refund', 'out_invoice')
              JOIN sale_rma_line line ON line.id = item.rma_line_id
              JOIN sale_rma rma ON rma.id = credit.rma_id
              %(line_joins)s
             WHERE item.rma_line_id IS NOT NULL AND item.display_type = 'product'
            """,
            common=self._select_common("refunded", 2, "item.id", "credit.invoice_date"),
            of_return=SQL(RETURN_COLUMNS),
            own=self._select_own(
                qty_refunded=f"{sign} * item.quantity * unit.factor / base.factor",
                amount_refunded=self._in_user_currency(
                    f"{sign} * item.price_total", "credit.invoice_currency_rate"
                ),
            ),
            line_joins=self._join_line("item"),
        )

    @api.model
    def _query_beside(self):
        """What credit notes gave beside items: shipping, less fees, adjustments, and the cents by
        which a document's total differs from the sum of its lines. With the items it is what the
        books say, to the cent."""
        fee = self.env["ir.model.data"]._xmlid_to_res_id("sale_rma.product_refund_fee") or 0
        sign = "CASE WHEN credit.move_type = 'out_refund' THEN 1 ELSE -1 END"
        rate = "COALESCE(NULLIF(credit.invoice_currency_rate, 0), 1)"
        beside = f"-credit.amount_total_signed - {sign} * COALESCE(part.items, 0) / {rate}"
        return SQL(
            """
            SELECT %(common)s, %(of_return)s, %(own)s
              FROM account_move credit
              JOIN sale_rma rma ON rma.id = credit.rma_id
              LEFT JOIN (
                  SELECT item.move_id, SUM(item.price_total) AS items
                    FROM account_move_line item
                   WHERE item.rma_line_id IS NOT NULL AND item.display_type = 'product'
                GROUP BY item.move_id
              ) part ON part.move_id = credit.id
              LEFT JOIN (
                  SELECT item.move_id, SUM(-item.price_total) AS fee
                    FROM account_move_line item
                   WHERE item.product_id = %(fee)s AND item.display_type = 'product'
                GROUP BY item.move_id
              ) kept ON kept.move_id = credit.id
              LEFT JOIN sale_order sale ON sale.id = rma.order_id
              %(joins)s
             WHERE credit.rma_id IS NOT NULL
               AND credit.state = 'posted'
               AND credit.move_type IN ('out_refund', 'out_invoice')
               AND (ABS(%(beside)s) >= 0.000001 OR kept.fee != 0)
            """,
            common=self._select_common("beside", 3, "credit.id", "credit.invoice_date", item=False),
            of_return=SQL(RETURN_COLUMNS),
            own=self._select_own(
                amount_refunded=self._in_user_currency(beside, "1"),
                amount_fee=self._in_user_currency(
                    f"{sign} * kept.fee", "credit.invoice_currency_rate"
                ),
            ),
            fee=fee,
            beside=SQL(beside),
            joins=self._join_common(),
        )

    @api.model
    def _query_exchanged(self):
        """What was sent instead of items, by the item it was sent for."""
        return SQL(
            """
            SELECT %(common)s, %(of_return)s, %(own)s
              FROM sale_order_line other
              JOIN sale_order sent ON sent.id = other.order_id AND sent.state = 'sale'
              JOIN sale_rma_line line ON line.id = other.source_rma_line_id
              JOIN sale_rma rma ON rma.id = sent.source_rma_id
              %(line_joins)s
             WHERE other.source_rma_line_id IS NOT NULL
            """,
            common=self._select_common("exchanged", 0, "-other.id", "sent.date_order"),
            of_return=SQL(RETURN_COLUMNS),
            own=self._select_own(
                amount_exchanged=self._in_user_currency("other.price_total", "sent.currency_rate")
            ),
            line_joins=self._join_line("sold"),
        )
