from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_rma import LIVE_STATES

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
                     WHEN source.usage IN ('customer', 'transit')
                     THEN move.quantity * unit.factor / sold_unit.factor
                     ELSE -move.quantity * unit.factor / sold_unit.factor
                END)
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom sold_unit ON sold_unit.id = %(sold)s.product_uom_id
             WHERE move.rma_line_id = line.id AND move.state = 'done'
               AND (source.usage IN ('customer', 'transit'))
                   != (target.usage IN ('customer', 'transit'))
        ), 0)) ELSE 0 END)
      FROM sale_rma_line line
      JOIN sale_rma rma ON rma.id = line.rma_id
     WHERE line.sale_line_id = %(sold)s.id AND rma.state IN %(states)s
"""
READ = {
    "sale.order.line": ["qty_delivered", "product_id", "product_uom_id"],
    "sale.rma": ["state"],
    "sale.rma.line": ["qty_unsent", "quantity", "rma_id", "sale_line_id"],
    "stock.move": [
        "location_dest_id",
        "location_id",
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
    def _compute_is_returnable(self):
        lines = self.order_line._filter_returnable()
        returnable = lines.filtered(lambda line: line.qty_returnable > 0).order_id
        for order in self:
            order.is_returnable = order in returnable

    def _search_is_returnable(self, operator, value):
        """Orders with delivered goods that live returns do not wait for all of.

        One condition on the lines, looked up line by line: a search for a customer's orders, or
        for the first few, reads no more than these.
        """
        if operator != "in":
            return NotImplemented
        # `any!`: other people's returns claim units too, and customers, who may not read
        # products and transfers, are told nothing of them here
        free_goods = Domain(
            [
                ("qty_delivered", ">", 0),
                ("product_id.type", "=", "consu"),
                ("display_type", "=", False),
                ("is_downpayment", "=", False),
                ("is_delivery", "=", False),
                ("reward_id", "=", False),
            ]
        ) & Domain.custom(to_sql=self._get_unclaimed_sql)
        domain = Domain("order_line", "any!", free_goods)
        return domain if True in value else ~domain

    @api.model
    def _get_unclaimed_sql(self, lines, alias, _query):
        """Return SQL for sold lines of which live returns do not wait for all."""
        for model, names in READ.items():
            lines.env[model].flush_model(names)
        sold = SQL.identifier(alias)
        awaited = SQL(AWAITED, sold=sold, states=LIVE_STATES)
        delivered = SQL.identifier(alias, "qty_delivered")
        return SQL("%s > COALESCE((%s), 0)", delivered, awaited)
