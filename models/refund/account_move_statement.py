from odoo import models


class AccountMove(models.Model):
    """What became of credit notes, as the reconciliations say."""

    _inherit = "account.move"

    def _filter_statement(self):
        """Return the posted invoices and credit notes, with what undoes a part of them, without
        those that were undone whole."""
        posted = (self | self._get_undoing().filtered("rma_id")).filtered(
            lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_refund")
        )
        undone = {move: move.reversed_entry_id or move._get_undone() for move in posted}
        undoing = posted.filtered(
            lambda move: (
                undone[move] in posted
                and not move.currency_id.compare_amounts(
                    move.amount_total, undone[move].amount_total
                )
            )
        )
        return posted - undoing - posted.browse().union(*(undone[move] for move in undoing))

    def _get_credit_direction_of_sale(self):
        """Return 1 for what bills, -1 for what gives back."""
        self.ensure_one()
        return 1 if self.move_type == "out_invoice" else -1

    def _get_residual_in(self, currency):
        """Return what is open of a credit note or an invoice, in an order's currency; below zero
        for what undoes one: an invoice that undoes a credit note is open to the shop."""
        self.ensure_one()
        share = abs(self.amount_residual) / self.amount_total if self.amount_total else 0.0
        sign = -1 if self._get_credit_sign() < 0 else 1
        return sign * currency.round(self._get_total_in(currency) * share)

    def _get_amounts_set_against(self, exchange_invoices, currency):
        """Return what of these credit notes is set against the invoices they reverse, against
        those of exchange orders, and what was paid back; in an order's currency.

        :param exchange_invoices: of the exchange orders
        """
        used = {"invoice": 0.0, "exchange": 0.0, "payment": 0.0}
        for move in self.filtered(lambda move: move.move_type == "out_refund"):
            rate = move._get_total_in(currency) / move.amount_total if move.amount_total else 1.0
            receivable = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            for partial in receivable.matched_debit_ids:
                other = partial.debit_move_id.move_id
                if other._get_credit_sign() < 0:
                    continue  # what undoes it is no use of it
                kind = "payment"
                if other in exchange_invoices:
                    kind = "exchange"
                elif other.move_type == "out_invoice":
                    kind = "invoice"
                used[kind] += partial.credit_amount_currency * rate
        return {kind: currency.round(amount) for kind, amount in used.items()}
