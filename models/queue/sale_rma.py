from odoo import api, fields, models
from odoo.fields import Domain


class SaleRma(models.Model):
    """The work queue: what waits for somebody, the most urgent first, with what one decides by."""

    _inherit = "sale.rma"

    date_todo = fields.Date(
        string="Due",
        compute="_compute_date_todo",
        store=True,
        default=False,  # nothing is due of a return that is being made
        index="btree_not_null",
        help="Last day of what waits next: the refund, or the arrival of the goods.",
    )
    is_money_due = fields.Boolean(
        string="Money Due",
        compute="_compute_is_money_due",
        search="_search_is_money_due",
        help="Credited and not paid out, nor set against an invoice.",
    )
    reason_text = fields.Char(
        string="Reason", compute="_compute_reason_text", help="Of all items, the first ones first."
    )
    amount_requested = fields.Monetary(
        string="Worth",
        compute="_compute_amount_requested",
        compute_sudo=True,  # whoever sees the return sees what its items were sold for
        help="What the items were sold for, tax included, as the order says.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state", "date_refund_due", "date_expiry", "refund_ids.state", "refund_ids.payment_state"
    )
    def _compute_date_todo(self):
        unpaid = self.filtered_domain(self._get_money_due_domain())
        for rma in self:
            if rma.state == "accepted":
                dates = [rma.date_refund_due, rma.date_expiry]
            elif rma.state in self._get_live_states() or rma in unpaid:
                dates = [rma.date_refund_due]
            else:
                dates = []
            rma.date_todo = min(filter(None, dates), default=False)

    @api.depends("refund_ids.state", "refund_ids.payment_state")
    def _compute_is_money_due(self):
        due = self.filtered_domain(self._get_money_due_domain())
        for rma in self:
            rma.is_money_due = rma in due

    def _search_is_money_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_money_due_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_money_due_domain(self):
        """Return the domain of returns with a credit note whose money is not back yet."""
        unpaid = Domain("state", "=", "draft") | (
            Domain("state", "=", "posted") & Domain("payment_state", "in", ("not_paid", "partial"))
        )
        # `any!`: whoever sees the return may know that its money is owed
        return Domain("refund_ids", "any!", unpaid)

    @api.depends("line_ids.reason_id")
    def _compute_reason_text(self):
        for rma in self:
            rma.reason_text = ", ".join(rma.line_ids.reason_id.mapped("name"))

    @api.depends("line_ids.quantity", "line_ids.sale_line_id")
    def _compute_amount_requested(self):
        for rma in self:
            rma.amount_requested = sum(
                line.quantity * line.sale_line_id.price_reduce_taxinc for line in rma.line_ids
            )
