from collections import defaultdict

from odoo import models


class AccountMove(models.Model):
    """What a gift card or eWallet paid goes back to the card (docs/law.md L19); what an order
    gave on cards is taken back with what earned it, as far as it is unspent."""

    _inherit = "account.move"

    def button_draft(self):
        """Override of `account`: points given or taken with a credit note follow it."""
        result = super().button_draft()
        self._sync_cards()
        return result

    def _sync_cards(self):
        """Have each card hold what posted credit notes of returns gave back or took, and write
        the difference to its history."""
        # the credit notes' rights were checked; cards are the loyalty program's
        moves = self.sudo().filtered("rma_id")
        if not moves:
            return
        changes = defaultdict(float)
        moves._add_card_payments(changes)
        moves._add_points_taken_back(changes)
        for (card, move), points in changes.items():
            card._set_points_given_back(move, points)

    def _add_card_payments(self, changes):
        """Add what cards paid and get back.

        The points are the card's own cost of the payment, in proportion to what is credited: the
        program's currency and the rate of that day are in them.

        :param dict changes: {(card, credit note): points}
        """
        payments = self.invoice_line_ids.sale_line_ids.filtered(
            lambda sold: sold.coupon_id and sold._is_card_payment()
        )
        notes = defaultdict(dict)
        for card, sold_lines in payments.grouped("coupon_id").items():
            for sold in sold_lines:
                for move, points in sold._get_card_points_credited().items():
                    changes[card, move] += points
                    if points > 0 and move in self and card._get_unusable_reason():
                        notes[move.rma_id][card] = card._get_unusable_text(points)
        for rma, texts in notes.items():
            rma._log_card_notes(texts.values())

    def _add_points_taken_back(self, changes):
        """Add what cards got for what these credit notes credit, as far as it is there: the
        fullest cards first.

        :param dict changes: {(card, credit note): points}
        """
        for order, moves in self.grouped(lambda move: move.rma_id.order_id).items():
            if not order.coupon_point_ids:
                continue
            others = order.rma_ids._get_refund_moves() - moves
            for program, earned in order._get_programs_earned().items():
                due = order._get_points_due_back(program, earned)
                due -= earned.coupon_id._get_points_taken(others)
                for move in moves.sorted("id"):
                    if move.state != "posted":
                        move._take_points(earned, 0.0, changes)
                    elif due >= 0:
                        due -= move._take_points(earned, due, changes)
                    else:
                        due += move._restore_points(earned, others, -due, changes)

    def _restore_points(self, earned, others, points, changes):
        """Give points again that other credit notes took, as this document undoes one; return how
        many.

        :param earned, changes: as in `_take_points`
        :param others: what took them
        """
        self.ensure_one()
        restored = 0.0
        for card in earned.coupon_id:
            part = max(min(card._get_points_taken(others), points - restored), 0.0)
            changes[card, self] += part
            restored += part
        return restored

    def _take_points(self, earned, due, changes):
        """Take points back with this credit note; return how many.

        :param earned: what the order gave, `sale.order.coupon.points`
        :param float due: points to take, if they are there
        :param dict changes: as in `_add_points_taken_back`
        """
        self.ensure_one()
        taken = 0.0
        texts = []
        for given in earned.sorted(lambda given: (-given.coupon_id.points, given.id)):
            card = given.coupon_id
            before = card._get_points_taken(self)
            points = max(min(due - taken, card.points + before, given.points), 0.0)
            points = card.currency_id.round(points)
            changes[card, self] -= points
            taken += points
            if points and not card.currency_id.is_zero(points - before):
                texts.append(card._get_taken_text(points))
        if texts:
            program = earned.coupon_id.program_id
            spent = program.currency_id.round(due - taken)
            if spent > 0:
                texts.append(program._get_spent_text(spent))
            self.rma_id._log_card_notes(texts)
        return taken
