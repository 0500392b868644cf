from markupsafe import Markup

from odoo import models


class SaleRma(models.Model):
    """What becomes of gift cards, eWallets, points and coupons of a returned order."""

    _inherit = "sale.rma"

    def _log_card_notes(self, texts):
        """Write what became of cards to the history.

        :param texts: sentences
        """
        self.ensure_one()
        body = Markup().join(Markup("<div>%s</div>") % text for text in texts)
        # sudo: what was done is told in the history, whoever did it
        self.sudo()._log_history("refunded", {self.id: body})

    def _get_refund_moves(self):
        """Return the credit notes, with what undoes them."""
        # sudo: points are told from them, which are the customer's own
        return self.env["account.move"].sudo().search([("rma_id", "in", self.ids)])

    def _get_card_warnings(self):
        """Return in words, for staff, what they should know of cards before they refund: a card
        that paid and can not be used any more, a bought one that was spent."""
        self.ensure_one()
        order = self.order_id.sudo()  # cards are the loyalty program's; no code is told
        texts = []
        for sold in order.order_line.filtered(lambda x: x.coupon_id and x._is_card_payment()):
            if sold.coupon_id._get_unusable_reason():
                texts.append(sold.coupon_id._get_unusable_text(sold.points_cost))
        asked = self.line_ids.sale_line_id.product_id
        for program, earned in order._get_programs_earned().items():
            if program._is_bought() and program.trigger_product_ids & asked:
                texts += [given.coupon_id._get_left_text(given.points) for given in earned]
        return texts

    def _get_points_taken_back(self):
        """Return what customers are told of points taken back: a list of `{"label", "points"}`,
        what stays taken of each program."""
        self.ensure_one()
        # sudo: points of the order's own customer, who is told them
        earned = self.order_id.sudo().coupon_point_ids
        moves = earned and self._get_refund_moves()
        taken = []
        for program, given in earned.grouped(lambda x: x.coupon_id.program_id).items():
            points = given.coupon_id._get_points_taken(moves) if moves else 0.0
            if points > 0:
                taken.append(
                    {"label": program.name, "points": given.coupon_id[:1]._format_points(points)}
                )
        return taken
