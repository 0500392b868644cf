from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_rma import LIVE_STATES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    rma_ids = fields.One2many(
        comodel_name="sale.rma", inverse_name="order_id", string="Returns", copy=False
    )
    rma_count = fields.Integer(compute="_compute_rma_count", string="Number of Returns")
    source_rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Exchange of Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Return whose goods this order replaces.",
    )
    is_returnable = fields.Boolean(
        string="Has Something to Return",
        compute="_compute_is_returnable",
        search="_search_is_returnable",
    )
    rma_revision = fields.Integer(
        copy=False,
        readonly=True,
        help="Raised each time a return claims units of the order, so that two transactions "
        "that saw the same state cannot both do it (R1).",
    )

    @api.depends("rma_ids")
    def _compute_rma_count(self):
        counts = dict(
            self.env["sale.rma"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.rma_count = counts.get(order._origin, 0)

    @api.depends("order_line.qty_returnable")
    def _compute_is_returnable(self):
        lines = self.order_line._filter_returnable()
        returnable = lines.filtered(lambda line: line.qty_returnable > 0).order_id
        for order in self:
            order.is_returnable = order in returnable

    def _search_is_returnable(self, operator, value):
        """Orders with delivered goods that live returns do not wait for all of.

        The exact figures are needed, and told, only for orders with goods in hand: what has come
        back on a return that is being processed is known from its moves.
        """
        if operator != "in":
            return NotImplemented
        # `any!` and sudo: other people's returns claim units too, and customers, who may read
        # neither products nor transfers, are shown nothing of them
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
        in_hand = self.env["sale.rma"].sudo().search([("state", "=", "processing")]).order_id
        free_lines = self.env["sale.order.line"].sudo()
        in_hand -= free_lines.search(free_goods & Domain("order_id", "in", in_hand.ids)).order_id
        domain |= Domain("id", "in", in_hand.filtered("is_returnable").ids)
        return domain if True in value else ~domain

    @api.model
    def _get_unclaimed_sql(self, lines, alias, _query):
        """Return SQL for the sold lines of which live returns do not ask for all."""
        lines.flush_model(["qty_delivered"])
        self.env["sale.rma"].flush_model(["state"])
        self.env["sale.rma.line"].flush_model(["quantity", "rma_id", "sale_line_id"])
        return SQL(
            """
            %s NOT IN (
                SELECT sold.id
                  FROM sale_rma rma
                  JOIN sale_rma_line line ON line.rma_id = rma.id
                  JOIN sale_order_line sold ON sold.id = line.sale_line_id
                 WHERE rma.state IN %s
                 GROUP BY sold.id
                HAVING SUM(line.quantity) >= sold.qty_delivered
            )
            """,
            SQL.identifier(alias, "id"),
            LIVE_STATES,
        )

    # === ACTIONS === #

    def action_create_rma(self):
        """Open a new return of the order with its returnable lines, to fill in the quantities.

        :return: act_window on a form of `sale.rma`
        :raise UserError: nothing of the order can be returned
        """
        self.ensure_one()
        self.env["sale.rma"].check_access("create")
        if not self.is_returnable:
            raise UserError(
                self.env._(
                    "Nothing on %(order)s can be returned now: nothing was delivered, or it is on "
                    "a return already.",
                    order=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Return"),
            "res_model": "sale.rma",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }

    def action_view_rmas(self):
        """Open the returns of the order."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_action")
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        if len(self.rma_ids) == 1:
            action.update(res_id=self.rma_ids.id, views=[(False, "form")])
        return action

    # === BUSINESS METHODS === #

    def _invoice_exchange(self):
        """Invoice exchange orders as their products' policy lets; posting nets the invoice with
        the return's credit (`account.move._post`)."""
        to_invoice = self.filtered(lambda order: order.invoice_status == "to invoice")
        if not to_invoice:
            return
        invoices = to_invoice._create_invoices(grouped=True)
        invoices.filtered(lambda move: move.company_id.rma_refund_posting == "post")._post(
            soft=False
        )
