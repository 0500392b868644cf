from odoo import models


class SaleOrderLine(models.Model):
    """What gift cards and eWallets paid, and credit notes give back to them."""

    _inherit = "sale.order.line"

    def _is_card_payment(self):
        """Whether the line is what a gift card or eWallet paid."""
        self.ensure_one()
        return self.reward_id.program_id.is_payment_program

    def _get_card_points_credited(self):
        """Return {credit note of a return: points of the line's gift card or eWallet that it gives
        back}, 0 where it is not posted. The last one gives the rest, so that no point is lost."""
        self.ensure_one()
        is_billing = self.env["sale.rma.refund"]._is_billing
        paid = sum(self.invoice_lines.filtered(is_billing).mapped("price_total"))
        points, credited = {}, 0.0
        for line in self.invoice_lines.sorted("id"):
            move = line.move_id
            if move.rma_id and paid:
                before = self._round_card_points(credited / paid)
                if move.state == "posted":
                    credited += move._get_credit_sign() * line.price_total
                change = self._round_card_points(credited / paid) - before
                points[move] = points.get(move, 0.0) + change
        return points

    def _get_part_given_back(self):
        """Return which part of the line posted credit notes of returns gave back: 0 to 1."""
        self.ensure_one()
        if not self.product_uom_qty:
            return 0.0
        credited = self._get_qty_credited_by_returns(("posted",))
        return min(max(credited / self.product_uom_qty, 0.0), 1.0)

    def _round_card_points(self, part):
        return self.coupon_id.currency_id.round(self.points_cost * part)
