from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What live returns still wait for of a sold line, in its unit: asked for and sent, less what came
# back.
# The components of a kit that came back are in other units: a kit in hand counts as there.
AWAITED = """
    SELECT SUM(
        line.quantity - COALESCE(line.qty_unsent, 0)
        - CASE WHEN rma.state = 'processing' THEN LEAST(
            line.quantity - COALESCE(line.qty_unsent, 0), COALESCE((
            SELECT SUM(
                CASE WHEN move.product_id != %(sold)s.product_id THEN line.quantity
                     WHEN %(from_customer)s
                     THEN move.quantity * unit.factor / sold_unit.factor
                     ELSE -move.quantity * unit.factor / sold_unit.factor
                END)
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom sold_unit ON sold_unit.id = %(sold)s.product_uom_id
             WHERE move.rma_line_id = line.id AND move.state = 'done'
               AND %(from_customer)s
                   != %(to_customer)s
        ), 0)) ELSE 0 END)
      FROM sale_rma_line line
      JOIN sale_rma rma ON rma.id = line.rma_id
     WHERE line.sale_line_id = %(sold)s.id AND rma.state IN %(states)s
"""
# What came back without a return, of a kit its least component, and was paid (ordered, where
# nothing was invoiced) and is not the customer's: `_get_qty_unclaimed` in SQL. Where the unit is
# the same for all moves, the parts of what was sent tell it for goods and kits alike.
UNCLAIMED = """
    SELECT LEAST(
        CASE WHEN BOOL_OR(part.product_id != %(sold)s.product_id)
             THEN FLOOR(MIN(part.back / part.sent) * %(sold)s.product_uom_qty)
             ELSE COALESCE(SUM(part.back), 0) END,
        CASE WHEN EXISTS (
            SELECT FROM sale_order_line_invoice_rel rel
              JOIN account_move_line item ON item.id = rel.invoice_line_id
             WHERE rel.order_line_id = %(sold)s.id AND item.parent_state != 'cancel'
        ) THEN %(sold)s.qty_invoiced + COALESCE((%(given)s), 0)
          ELSE %(sold)s.product_uom_qty END - %(sold)s.qty_delivered
    )
      FROM (
        SELECT move.product_id,
               COALESCE(SUM(move.quantity * unit.factor / sold_unit.factor) FILTER (
                   WHERE %(to_customer)s AND again.id IS NULL
               ), 0) AS sent,
               COALESCE(SUM(move.quantity * unit.factor / sold_unit.factor) FILTER (
                   WHERE %(from_customer)s AND move.rma_line_id IS NULL
               ), 0) - COALESCE(SUM(move.quantity * unit.factor / sold_unit.factor) FILTER (
                   WHERE %(to_customer)s AND again.id IS NOT NULL
               ), 0) AS back
          FROM stock_move move
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_location target ON target.id = move.location_dest_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom sold_unit ON sold_unit.id = %(sold)s.product_uom_id
     LEFT JOIN stock_move again
            ON again.id = move.origin_returned_move_id AND again.rma_line_id IS NULL
         WHERE move.sale_line_id = %(sold)s.id AND move.state = 'done'
           AND %(from_customer)s
               != %(to_customer)s
         GROUP BY move.product_id
      ) part
     WHERE part.sent > 0
"""
# Units that credit notes made by hand name at a lowered price: they give an amount and no unit
# (R2b), as `_get_qty_given_as_amount` says. Once a return has credited units, they are in
# `qty_invoiced`. Other currencies than the invoices' are not told apart here.
GIVEN_AS_AMOUNT = """
    SELECT SUM(given.sign * given.units)
      FROM (
        SELECT CASE WHEN entry.move_type = 'out_refund' THEN 1 ELSE -1 END AS sign,
               item.quantity * unit.factor / sold_unit.factor AS units,
               item.price_total AS total,
               currency.rounding AS cent
          FROM sale_order_line_invoice_rel rel
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move entry ON entry.id = item.move_id
     LEFT JOIN account_move undone ON undone.id = entry.reversed_entry_id
          JOIN res_currency currency ON currency.id = entry.currency_id
          JOIN uom_uom unit ON unit.id = item.product_uom_id
          JOIN uom_uom sold_unit ON sold_unit.id = %(sold)s.product_uom_id
         WHERE rel.order_line_id = %(sold)s.id
           AND entry.rma_id IS NULL
           AND entry.state IN ('draft', 'posted')
           AND (entry.move_type = 'out_refund'
                OR entry.move_type = 'out_invoice' AND undone.move_type = 'out_refund')
           AND item.quantity > 0
      ) given
 CROSS JOIN (
        SELECT SUM(item.price_total)
               / NULLIF(SUM(item.quantity * unit.factor / sold_unit.factor), 0) AS price
          FROM sale_order_line_invoice_rel rel
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move entry ON entry.id = item.move_id
     LEFT JOIN account_move undone ON undone.id = entry.reversed_entry_id
          JOIN uom_uom unit ON unit.id = item.product_uom_id
          JOIN uom_uom sold_unit ON sold_unit.id = %(sold)s.product_uom_id
         WHERE rel.order_line_id = %(sold)s.id
           AND entry.state = 'posted'
           AND entry.move_type = 'out_invoice'
           AND COALESCE(undone.move_type, '') != 'out_refund'
           AND item.display_type = 'product'
           AND item.quantity > 0
      ) paid
     WHERE paid.price > 0
       AND paid.price * given.units - given.total
           > LEAST(given.cent * (given.units + 1.5), paid.price * given.units / 2)
       AND NOT EXISTS (
           SELECT FROM sale_order_line_invoice_rel rel
             JOIN account_move_line item ON item.id = rel.invoice_line_id
             JOIN account_move entry ON entry.id = item.move_id
            WHERE rel.order_line_id = %(sold)s.id AND entry.rma_id IS NOT NULL
       )
"""
READ = {
    "account.move": ["currency_id", "move_type", "reversed_entry_id", "rma_id", "state"],
    "account.move.line": [
        "display_type",
        "parent_state",
        "price_total",
        "product_uom_id",
        "quantity",
        "sale_line_ids",
    ],
    "sale.order.line": [
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
    ],
    "sale.rma": ["state"],
    "sale.rma.line": ["qty_unsent", "quantity", "rma_id", "sale_line_id"],
    "stock.move": [
        "location_dest_id",
        "location_id",
        "origin_returned_move_id",
        "product_id",
        "product_uom",
        "quantity",
        "rma_line_id",
        "state",
    ],
}


class SaleOrder(models.Model):
    """Which orders have something to return."""

    _inherit = "sale.order"

    is_returnable = fields.Boolean(
        string="Has Something to Return",
        compute="_compute_is_returnable",
        search="_search_is_returnable",
    )

    @api.depends("order_line.qty_returnable")
    @api.depends_context("uid")
    def _compute_is_returnable(self):
        """Customers are offered what they have; staff also what came back without a return."""
        lines = self.order_line._filter_returnable()
        if self.env.user._is_internal():
            returnable = lines.filtered(lambda line: line.qty_returnable > 0).order_id
        else:
            sendable = lines._get_qty_sendable()
            returnable = lines.filtered(lambda line: sendable[line] > 0).order_id
        for order in self:
            order.is_returnable = order in returnable

    def _search_is_returnable(self, operator, value):
        """Orders with delivered goods that live returns do not wait for all of; for staff also
        with goods that came back without a return.

        One condition on the lines, looked up line by line: a search for a customer's orders, or
        for the first few, reads no more than these.
        """
        if operator != "in":
            return NotImplemented
        # `any!`: other people's returns claim units too
        free_goods = self.env["sale.order.line"]._get_returnable_domain()
        free_goods &= Domain.custom(to_sql=self._get_unclaimed_sql)
        domain = Domain("order_line", "any!", free_goods)
        return domain if True in value else ~domain

    @api.model
    def _get_unclaimed_sql(self, lines, alias, _query):
        """Return SQL for sold lines of which live returns do not wait for all (R1): the rule of
        `_compute_is_returnable` for many orders."""
        for model, names in READ.items():
            lines.env[model].flush_model(names)
        places = lines.env["stock.location"]
        names = {
            "sold": SQL.identifier(alias),
            "from_customer": places._get_with_customer_sql("source"),
            "to_customer": places._get_with_customer_sql("target"),
        }
        awaited = SQL(AWAITED, **names, states=lines.env["sale.rma"]._get_live_states())
        delivered = SQL.identifier(alias, "qty_delivered")
        # less is nothing: pieces of packs are rounded in `qty_delivered`, not in what is awaited
        digits = lines.env["decimal.precision"].precision_get("Product Unit")
        least = 0.5 * 10**-digits
        free = SQL("%s - %s >= GREATEST(COALESCE((%s), 0), 0)", delivered, least, awaited)
        if not lines.env.user._is_internal():
            return free
        # cheap first: mostly the customer has all that was ordered and paid
        owed = SQL(
            "GREATEST(%s, %s) > %s",
            SQL.identifier(alias, "product_uom_qty"),
            SQL.identifier(alias, "qty_invoiced"),
            delivered,
        )
        unclaimed = SQL(UNCLAIMED, **names, given=SQL(GIVEN_AS_AMOUNT, sold=names["sold"]))
        with_unclaimed = SQL(
            "%s + GREATEST((%s), 0) - %s >= COALESCE((%s), 0)",
            delivered,
            unclaimed,
            least,
            awaited,
        )
        return SQL("(%s OR (%s AND %s))", free, owed, with_unclaimed)
