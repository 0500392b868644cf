from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """What of a credit note is owed, and what the order was paid with."""

    _inherit = "account.move"

    rma_repayment_ids = fields.One2many(
        comodel_name="sale.rma.repayment",
        inverse_name="refund_id",
        string="Repayments",
        readonly=True,
        copy=False,
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_repaid(self):
        """Keep credit notes that money was sent for: what moved must be found.

        :raise UserError: naming them
        """
        # sudo: whether there are any
        rows = self.sudo().rma_repayment_ids.filtered(
            lambda row: row.attempts or row.state not in ("planned", "cancel")
        )
        if rows:
            raise UserError(
                self.env._(
                    "Money was sent for %(moves)s: cancel it, it cannot be deleted.",
                    moves=", ".join(rows.refund_id.mapped("display_name")),
                )
            )

    def button_draft(self):
        """Override of `account`: what is no credit any more is not paid back."""
        result = super().button_draft()
        self._filter_with_repayments()._plan_repayments()
        return result

    def button_cancel(self):
        """Override of `account`: as `button_draft`."""
        result = super().button_cancel()
        self._filter_with_repayments()._plan_repayments()
        return result

    def _filter_with_repayments(self):
        """Return the credit notes that repayments are there for."""
        refunds = self.filtered(lambda move: move.rma_id and move.move_type == "out_refund")
        if not refunds:
            return refunds
        # sudo: whether there are any
        rows = self.env["sale.rma.repayment"].sudo().search([("refund_id", "in", refunds.ids)])
        return refunds & rows.refund_id.with_env(self.env)

    def _plan_repayments(self):
        """Have what is owed of these credit notes planned to be paid back, no more and no less."""
        # sudo: what is owed follows from the books, whoever changes them
        self.env["sale.rma.repayment"].sudo()._plan(self.sudo())

    def _get_repayment_sources(self):
        """Return the payments that the order of this credit note was paid with, newest first."""
        self.ensure_one()
        return self.rma_id.order_id._get_repayment_sources(self.reversed_entry_id)

    def _get_amounts_settled(self):
        """Return {entry: amount} of what this credit note is set against, in its currency."""
        self.ensure_one()
        amounts = {}
        lines = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        for partial in lines.matched_debit_ids:
            entry = partial.debit_move_id.move_id
            amounts[entry] = amounts.get(entry, 0.0) + partial.credit_amount_currency
        return amounts

    def _get_exchange_reserve(self):
        """Return what exchange orders of the return will still take of this credit note, in its
        currency: what they cost and is not invoiced yet."""
        self.ensure_one()
        orders = self.rma_id.exchange_order_ids.filtered(
            lambda order: order.state == "sale" and order.currency_id == self.currency_id
        )
        if not orders:
            return 0.0
        invoices = orders.invoice_ids.filtered(lambda move: move.state == "posted")
        billed = sum(move._get_credit_direction_of_sale() * move.amount_total for move in invoices)
        others = (self.rma_id.repayment_ids - self.rma_repayment_ids).filtered(
            lambda row: row.state == "planned" and row.way == "exchange"
        )
        cost = sum(orders.mapped("amount_total")) - billed - sum(others.mapped("amount"))
        return max(self.currency_id.round(cost), 0.0)

    def _convert_to_order(self, amount):
        """Return an amount of this credit note's in its order's currency."""
        self.ensure_one()
        currency = self.rma_id.currency_id
        if self.currency_id == currency or not self.amount_total:
            return amount
        return currency.round(amount * self._get_total_in(currency) / self.amount_total)

    def _get_card_shares(self):
        """Return {gift card or eWallet: what of the order it paid and this credit note gives back
        to it}, in its currency."""
        self.ensure_one()
        shares = {}
        for line in self.invoice_line_ids:
            for sold in line.sale_line_ids:
                if sold.coupon_id and sold._is_card_payment():
                    card = sold.coupon_id
                    shares[card] = shares.get(card, 0.0) - line.price_total
        return {card: share for card, share in shares.items() if share > 0}
