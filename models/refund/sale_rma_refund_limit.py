from odoo import api, models

from ...tools.quantity_field import round_units
from .refund_limit import RefundLimit


class SaleRmaRefund(models.AbstractModel):
    """What was sent beyond what was paid is not refunded (R2)."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_refund_limits(self, sold_lines):
        """Return {sold line: its `RefundLimit`}."""
        billed = self._get_billed_lines(sold_lines.order_id)
        at_customer = sold_lines._get_qty_at_customer()
        limits = {}
        for sold in sold_lines:
            lines = billed.get(sold, [])
            left = sum(line.to_sold_unit(line.left) for line in lines)
            limit = RefundLimit(left=round_units(sold.product_uom_id, left), unkept=None)
            if sold.product_id.type != "service":
                paid = self._get_qty_paid(sold, lines)
                # sudo: other people's returns of the same line count too; only numbers get out
                kept = sum(item._get_qty_kept_credited() for item in sold.sudo().rma_line_ids)
                with_customer = max(at_customer[sold] - kept, 0.0)
                with_customer += sold._get_qty_credited_by_returns()
                limit.unkept = paid - with_customer
                limit.unkept_of_order = max(paid, sold.product_uom_qty) - with_customer
            limits[sold] = limit
        return limits

    @api.model
    def _get_qty_paid(self, sold, lines):
        """Return the units that invoices bill, in the line's unit; what is on a draft is going to
        be paid. Units that accounting credited by hand are not taken off: that the customer keeps
        them was its decision.

        :param lines: the sold line's `BilledLine`s
        """
        drafts = sold.sudo().invoice_lines.filtered(  # a number gets out
            lambda item: (
                item.parent_state == "draft"
                and item.move_type == "out_invoice"
                and not item.move_id._get_credit_sign()
            )
        )
        return sum(line.to_sold_unit(line.quantity) for line in lines) + sum(
            item.product_uom_id._compute_quantity(item.quantity, sold.product_uom_id, round=False)
            for item in drafts
        )
