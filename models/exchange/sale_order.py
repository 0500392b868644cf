from odoo import fields, models


class SaleOrder(models.Model):
    """Exchange orders that cost more than was given back."""

    _inherit = "sale.order"

    rma_send_unpaid = fields.Boolean(
        string="Send Before It Is Paid",
        copy=False,
        help="The exchange is sent although the customer has not paid yet what it costs more.",
    )

    def _get_exchange_due(self):
        """Return what the customer has to pay before the exchange is sent, in the order's
        currency, tax included: nothing where he did not pay before it was sent the first time
        either."""
        self.ensure_one()
        rma = self.source_rma_id
        paid = rma.order_id.transaction_ids.filtered(lambda tx: tx.state == "done")
        if not paid or self.rma_send_unpaid:
            return 0.0
        return rma.amount_to_pay
