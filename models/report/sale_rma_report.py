from odoo import api, fields, models

from ..sale_rma_line import RESOLUTIONS


class SaleRmaReport(models.Model):
    """Returns in figures: a row for each returned item, and beside them one for each sold item,
    each credited item and what was credited beside items, so that what happened in a period can be
    set against what was sold in it. Amounts in the currency of the user's company, tax included;
    pieces in the product's own unit.
    """

    _name = "sale.rma.report"
    _description = "Analysis of Customer Returns"
    _auto = False
    _rec_name = "rma_id"
    _order = "date desc, id desc"

    # === WHAT AND WHEN === #

    kind = fields.Selection(
        selection=[
            ("sold", "Sold"),
            ("returned", "Returned"),
            ("refunded", "Refunded"),
            ("beside", "Shipping, fee, adjustment"),
            ("exchanged", "Exchanged"),
        ],
        string="What Happened",
        readonly=True,
    )
    date = fields.Date(
        readonly=True,
        help="Of what the row tells: sold, asked for, credited or exchanged on this day.",
    )
    date_order = fields.Date(
        string="Order Date", readonly=True, help="When the returned item was bought."
    )

    # === OF WHAT === #

    rma_id = fields.Many2one(comodel_name="sale.rma", string="Return", readonly=True)
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    product_id = fields.Many2one(
        comodel_name="product.product", string="Product Variant", readonly=True
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template", string="Product", readonly=True
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    reason_id = fields.Many2one(comodel_name="sale.rma.reason", readonly=True)
    rma_type = fields.Selection(
        selection=lambda self: self.env["sale.rma"]._fields["rma_type"].selection,
        string="Kind of Return",
        readonly=True,
    )
    resolution = fields.Selection(selection=RESOLUTIONS, string="Wish", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["sale.rma"]._fields["state"].selection,
        string="State of the Return",
        readonly=True,
    )
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one(
        comodel_name="res.country", string="Customer's Country", readonly=True
    )
    salesperson_id = fields.Many2one(comodel_name="res.users", readonly=True, help="Of the order.")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Manager", readonly=True, help="Of the return."
    )
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    website = fields.Char(readonly=True, help="The web shop it was bought in.")
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)

    # === PIECES === #

    qty_sold = fields.Float(
        string="Pieces Sold",
        readonly=True,
        help="Of goods on confirmed orders: what the return rate of items is counted on.",
    )
    qty_returned = fields.Float(
        string="Pieces Returned",
        readonly=True,
        help="On returns that were asked for and neither refused, cancelled nor expired; of "
        "finished ones what came back or was given back.",
    )
    qty_refunded = fields.Float(string="Pieces Refunded", readonly=True)
    rate_items = fields.Float(
        string="Return Rate of Items (%)",
        readonly=True,
        aggregator="avg",
        help="Pieces of goods returned, of a hundred that were sold in the same period.",
    )

    # === DOCUMENTS === #

    orders_sold = fields.Integer(
        readonly=True,
        aggregator="count_distinct",
        help="Confirmed orders with goods: what the return rate of orders is counted on.",
    )
    orders_returned = fields.Integer(
        string="Orders with Returns", readonly=True, aggregator="count_distinct"
    )
    rate_orders = fields.Float(
        string="Return Rate of Orders (%)",
        readonly=True,
        aggregator="avg",
        help="Orders with a return, of a hundred orders of the same period.",
    )
    returns = fields.Integer(readonly=True, aggregator="count_distinct")

    # === MONEY === #

    amount_sold = fields.Monetary(string="Value Sold", readonly=True)
    amount_returned = fields.Monetary(
        string="Value Returned", readonly=True, help="Pieces returned, at what the order says."
    )
    amount_refunded = fields.Monetary(
        string="Refunded", readonly=True, help="On posted credit notes of returns."
    )
    amount_fee = fields.Monetary(
        string="Fees Kept", readonly=True, help="Already taken off what was refunded."
    )
    amount_exchanged = fields.Monetary(
        string="Kept by Exchange",
        readonly=True,
        help="What was sent instead, on confirmed exchange orders.",
    )

    # === TIME === #

    days_to_arrival = fields.Float(
        string="Days to Arrival",
        readonly=True,
        aggregator="avg",
        help="From the request to the arrival of the goods, on average.",
    )
    days_to_arrival_median = fields.Float(
        string="Days to Arrival (Median)",
        readonly=True,
        aggregator="avg",
        help="Half of the items arrived within so many days.",
    )
    days_to_arrival_p90 = fields.Float(
        string="Days to Arrival (9 of 10)",
        readonly=True,
        aggregator="avg",
        help="Nine of ten items arrived within so many days.",
    )
    days_to_refund = fields.Float(
        string="Days to Refund",
        readonly=True,
        aggregator="avg",
        help="From the request to the credit note, on average.",
    )
    days_to_refund_median = fields.Float(
        string="Days to Refund (Median)",
        readonly=True,
        aggregator="avg",
        help="Half of the items were refunded within so many days.",
    )
    days_to_refund_p90 = fields.Float(
        string="Days to Refund (9 of 10)",
        readonly=True,
        aggregator="avg",
        help="Nine of ten items were refunded within so many days.",
    )
    share_late = fields.Float(
        string="Refunded Late (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred items with a last day for the refund, those refunded after it, or not "
        "yet although it is over.",
    )

    # === CRUD METHODS === #

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of the ORM: no web shop to group by where there is none, nor by numbers."""
        result = super().fields_get(allfields, attributes)
        for name in {"orders_sold", "orders_returned", "returns"} & result.keys():
            if "groupable" in result[name]:
                result[name]["groupable"] = False
        if "website_id" not in self.env["sale.order"]._fields:
            result.pop("website", None)
        return result

    # === ACTIONS === #

    def action_open(self):
        """Open what the row is about: the return, or the order that was sold."""
        self.ensure_one()
        record = self.rma_id or self.order_id
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
