from odoo import api, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    """What is left behind when the addon goes (R5)."""

    _inherit = "sale.order.line"

    @api.model
    def _settle_for_uninstall(self):
        """Have Odoo by itself find as much to invoice as there is now.

        Odoo offers what was credited for invoicing again: ordered, or delivered, less invoiced.
        The credit notes of returns stay in the books, with the invoice they reverse; they only no
        longer count as units of the order's line.
        """
        # sudo: whoever uninstalls; of all companies
        credited = self.env["account.move.line"].sudo().search([("rma_line_id", "!=", False)])
        for line in credited.sale_line_ids:
            line._release_credits()

    def _release_credits(self):
        """Take credit notes of returns off the line, newest first, until Odoo offers no more to
        invoice than there is."""
        self.ensure_one()
        too_much = self._get_qty_to_invoice_without_returns() - self.qty_to_invoice
        credits = self.invoice_lines.filtered(lambda line: line.move_id.rma_id)
        for credit in credits.sorted("id", reverse=True):
            sign = credit.move_id._get_credit_sign()
            units = sign * credit.product_uom_id._compute_quantity(
                credit.quantity, self.product_uom_id, round=False
            )
            if self.product_uom_id.compare(too_much, units) < 0 or units <= 0:
                continue
            credit.sale_line_ids = [Command.unlink(self.id)]
            too_much -= units

    def _get_qty_to_invoice_without_returns(self):
        """Return what `sale` by itself offers to invoice, in the line's unit."""
        self.ensure_one()
        if self.state != "sale":
            return 0.0
        is_ordered = self.product_id.invoice_policy == "order"
        basis = self.product_uom_qty if is_ordered else self.qty_delivered
        return basis - self.qty_invoiced
