from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "sale.rma.protected"]

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

    # === ACTIONS === #

    def action_create_rma(self):
        """Open a new return of the order with its returnable lines, to fill in the quantities.

        :return: act_window on a form of `sale.rma`
        :raise UserError: nothing of the order can be returned
        """
        self.ensure_one()
        self.env["sale.rma"].check_access("create")
        if not self.is_returnable:
            message = self.env._(
                "Nothing on %(order)s can be returned now: nothing was delivered, or it is on "
                "a return already.",
                order=self.name,
            )
            hint = self.order_line._get_arrival_hint()
            raise UserError(f"{message} {hint}".strip())
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

    def _try_lock_for_rmas(self, rmas):
        """Lock the orders for returns that claim units of them, with these returns, and raise
        their revision: a transaction that started before another one committed its claim must
        fail and be tried again rather than decide on what it saw (R1). The sold lines are locked
        too, since a delivery writes them: both would wait for each other.

        Who does not get one kind takes none of the next, so that of two that meet here not both
        have to give way.

        :return: whether nobody else holds any of them
        """
        [counts] = self.env.execute_query(
            SQL(
                """
                WITH returns AS (
                    SELECT id FROM sale_rma WHERE id IN %s FOR NO KEY UPDATE SKIP LOCKED
                ), orders AS (
                    SELECT id FROM sale_order
                     WHERE id IN %s AND (SELECT COUNT(*) FROM returns) = %s
                       FOR NO KEY UPDATE SKIP LOCKED
                ), lines AS (
                    SELECT id FROM sale_order_line
                     WHERE order_id IN (SELECT id FROM orders)
                       AND (SELECT COUNT(*) FROM orders) = %s
                       FOR NO KEY UPDATE SKIP LOCKED
                ), raised AS (
                    UPDATE sale_order SET rma_revision = COALESCE(rma_revision, 0) + 1
                      FROM orders WHERE sale_order.id = orders.id RETURNING sale_order.id
                )
                SELECT (SELECT COUNT(*) FROM raised),
                       (SELECT COUNT(*) FROM lines),
                       (SELECT COUNT(*) FROM sale_order_line WHERE order_id IN %s)
                """,
                tuple(rmas.ids) or (None,),
                tuple(self.ids),
                len(rmas),
                len(self),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["rma_revision"], flush=False)
        orders, lines, all_lines = counts
        return orders == len(self) and lines == all_lines

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

    # === WHERE FROM AND TO === #

    def _get_rma_home_address(self):
        """Return the address that goods of the order come back from, and others are sent to
        instead: the one they went to, or the customer's own where that was a relay shop; none
        without an order."""
        address = self.partner_shipping_id
        for home in (self.partner_id, self.partner_id.commercial_partner_id):
            if self._is_relay_shop(address):
                address = home
        return address

    @api.model
    def _is_relay_shop(self, record):
        """Whether an address or a delivery method is that of relay shops (Mondial Relay's addon
        is no dependency)."""
        # sudo: a yes or no
        return "is_mondialrelay" in record._fields and bool(record.sudo().is_mondialrelay)

    def _get_rma_warehouse(self):
        """Return the warehouse that goods of the order come back to, and others are sent from
        instead: the order's, or the company's first one where that is archived."""
        # sudo: which of the company's warehouses works, whoever makes the return
        own = self.warehouse_id.sudo()
        if not own or own.active:
            return self.warehouse_id
        active = own.search([("company_id", "=", own.company_id.id)], limit=1)
        return active.with_env(self.env)

    # === CUSTOMER === #

    def _is_rma_guest_address(self, email):
        """Whether an e-mail address is the customer's, or the one the invoice went to."""
        self.ensure_one()
        return bool(email) and email in self._get_rma_addresses()

    def _get_rma_addresses(self):
        """Return the customers' e-mail addresses and those the invoices went to, normalized."""
        customers = self.partner_id | self.partner_invoice_id
        return [email for email in customers.mapped("email_normalized") if email]
