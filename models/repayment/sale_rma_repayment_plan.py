from odoo import api, fields, models

from .sale_rma_repayment import MOVING_STATES


class SaleRmaRepayment(models.Model):
    """What is owed is planned, neither more nor less: asked again each time the books change.

    What a credit note owes is what the books say is open, less what is on its way and not in the
    books yet. What accounting paid or set off by hand gets a row that says so.
    """

    _inherit = "sale.rma.repayment"

    @api.model
    def _plan(self, refunds):
        """Bring the rows of credit notes in line with what is owed. Called as superuser.

        :param refunds: credit notes of returns
        """
        rows = self.search([("refund_id", "in", refunds.ids)])
        by_refund = rows.grouped("refund_id")
        for refund in refunds:
            refund_rows = by_refund.get(refund, self.browse())
            refund_rows._tell_cards(refund)
            if refund.state != "posted":
                refund_rows._cancel_planned(self.env._("The credit note is no longer posted."))
                refund_rows._drop_told()
            elif refund_rows or not refund.currency_id.is_zero(refund.amount_residual):
                refund_rows._plan_refund(refund)

    @api.model
    def _plan_earlier(self, refunds):
        """Plan what credit notes owe that were posted before rows were kept: somebody has to look
        whether it was paid outside. Called as superuser.

        :param refunds: credit notes of returns
        """
        self._plan(refunds)
        rows = self.search([("refund_id", "in", refunds.ids), ("state", "=", "planned")])
        rows.is_to_check = True

    def _plan_refund(self, refund):
        """Plan what one posted credit note owes.

        :param refund: the credit note whose rows these are
        """
        settled = refund._get_amounts_settled()
        rows = self._tell_settled(refund, settled)
        owed = rows._get_amount_to_plan(refund, settled)
        owed -= rows._plan_exchange(refund, owed)
        rows._plan_money(refund, owed)

    # === WHAT IS OWED === #

    def _get_amount_to_plan(self, refund, settled):
        """Return what is owed and neither on its way nor there, in the credit note's currency.

        :param dict settled: {entry: amount} that it is set against
        """
        amount = refund.amount_residual - self._get_amount_unmatched(refund, settled)
        for row in self.filtered(lambda row: row.way in self._get_money_ways()):
            if row.state in MOVING_STATES:
                amount -= row.amount
            else:
                amount -= row._get_amount_unbooked(settled)
        return max(refund.currency_id.round(amount), 0.0)

    def _get_amount_unbooked(self, settled=None):
        """Return what the customer has and accounting has not set against the credit note yet: the
        provider said so, accounting follows.

        :param dict settled: {entry: amount} that the credit note is set against, if known
        """
        self.ensure_one()
        if self.state != "done" or self.way not in self._get_money_ways():
            return 0.0
        settled = self.refund_id._get_amounts_settled() if settled is None else settled
        booked = settled.get(self.payment_id.move_id or self.entry_id, 0.0)
        return max(self.amount - booked, 0.0)

    def _get_amount_unmatched(self, refund, settled):
        """Return what was paid by hand with payments that make no entry of their own: the bank's
        statement will be set against the credit note."""
        payments = refund.matched_payment_ids.filtered(
            lambda payment: (
                payment.payment_type == "outbound"
                and not payment.move_id
                and payment.state in ("in_process", "paid")
                and payment not in self.payment_id
            )
        )
        by_bank = sum(amount for entry, amount in settled.items() if entry.statement_line_id)
        return max(sum(payments.mapped("amount")) - by_bank, 0.0)

    # === WHAT HAPPENED ELSEWHERE === #

    def _tell_settled(self, refund, settled):
        """Keep one row for each entry of accounting's that pays a part of the credit note, or
        sets it against the exchange; return all rows.

        :param dict settled: {entry: amount}
        """
        rows = self
        own = self.filtered(lambda row: row.payment_id and not row.entry_id).payment_id.move_id
        told = self.filtered(lambda row: row.entry_id and row.state == "done")
        for row in told - told.filtered(lambda row: row.entry_id in settled):
            row._change_state("cancel", message=self.env._("Taken back in accounting."))
        for entry, amount in settled.items():
            is_exchange = entry._is_exchange_invoice()
            if entry in own or (entry.move_type != "entry" and not is_exchange):
                continue  # a row's own payment, or the invoice that was still open
            if refund.currency_id.is_zero(amount):
                continue  # a difference of rates
            row = told.filtered(lambda row, entry=entry: row.entry_id == entry)
            if row:
                row.filtered(lambda row, amount=amount: row.amount != amount).amount = amount
            else:
                rows |= rows._tell_entry(refund, entry, amount, is_exchange)
        return rows

    def _tell_entry(self, refund, entry, amount, is_exchange):
        """Return the row of what an entry of accounting's paid or set off: one that was planned
        for it, or a new one."""
        vals = {
            "entry_id": entry.id,
            "payment_id": entry.origin_payment_id.id,
            "date_done": fields.Datetime.now(),
            "reference": entry.name,
            "source_transaction_id": False,
            "message": False,
        }
        way = "exchange" if is_exchange else "manual"
        planned = self.filtered(
            lambda row: (
                row.state == "planned"
                and (row.way == "exchange") == is_exchange
                and not row.currency_id.compare_amounts(row.amount, amount)
            )
        )[:1]
        if planned:
            planned.way = way
        else:
            planned = self.create(self._prepare_row_vals(refund, amount, way))
        planned._change_state("done", **vals)
        return planned

    def _drop_told(self):
        """Cancel rows that told of entries: the credit note they paid is none any more."""
        told = self.filtered(lambda row: row.entry_id and row.state == "done")
        told._change_state("cancel")

    def _tell_cards(self, refund):
        """Keep one row for each gift card or eWallet that got its share back: the card holds it
        from the moment the credit note is posted (`account.move._sync_cards`).

        :param refund: the credit note, posted or not
        """
        told = self.filtered(lambda row: row.way == "card" and row.state == "done")
        shares = refund._get_card_shares() if refund.state == "posted" else {}
        for row in told:
            share = shares.pop(row.loyalty_card_id, 0.0)
            if not share:
                row._change_state("cancel")
            elif row.currency_id.compare_amounts(row.amount, share):
                row.amount = share
        for card, share in shares.items():
            vals = self._prepare_row_vals(refund, share, "card")
            vals.update(loyalty_card_id=card.id, state="done", date_done=fields.Datetime.now())
            self.create(vals)._log_change()

    # === WHAT IS PLANNED === #

    def _plan_exchange(self, refund, owed):
        """Keep the part of the credit that exchange orders will take; return how much."""
        reserve = min(refund._get_exchange_reserve(), owed)
        planned = self.filtered(lambda row: row.state == "planned" and row.way == "exchange")
        if refund.currency_id.is_zero(reserve):
            planned._cancel_planned()
            return 0.0
        if not planned:
            self.create(self._prepare_row_vals(refund, reserve, "exchange"))
        elif refund.currency_id.compare_amounts(planned.amount, reserve):
            planned.amount = reserve
        return reserve

    def _plan_money(self, refund, owed):
        """Lower what is planned to what is owed, from the last row on, or plan what is missing."""
        planned = self.filtered(
            lambda row: row.state == "planned" and row.way in self._get_money_ways()
        )
        missing = refund.currency_id.round(owed - sum(planned.mapped("amount")))
        if refund.currency_id.compare_amounts(missing, 0.0) < 0:
            planned._lower(-missing, self.env._("Nothing of it is owed any more."))
        if refund.currency_id.compare_amounts(missing, 0.0) > 0:
            self.create(self._propose(refund, missing))

    def _lower(self, amount, message):
        """Lower planned rows by an amount, from the last one on.

        :param str message: why those are cancelled of which nothing is left
        """
        for row in self.sorted("id", reverse=True):
            currency = row.currency_id
            if currency.compare_amounts(row.amount, amount) > 0:
                row.amount = currency.round(row.amount - amount)
                return
            amount = currency.round(amount - row.amount)
            row._cancel_planned(message)
            if currency.compare_amounts(amount, 0.0) <= 0:
                return

    def _propose(self, refund, amount):
        """Return the values of rows that pay an amount back by the way it was paid: from the newest
        payment on as much as each can give, the rest by transfer or by hand.

        :param float amount: in the credit note's currency
        """
        if refund.rma_id.repay_by != "paid":
            return [self._prepare_rest_vals(refund, amount)]
        vals_list = []
        # what a provider refused, or people gave up, is not asked of the same payment by itself
        refused = self.filtered(
            lambda row: row.state == "failed" or (row.state == "cancel" and row.attempts)
        ).source_transaction_id
        for source in refund._get_repayment_sources() - refused:
            part = source._get_amount_refundable(refund.currency_id, amount)
            if refund.currency_id.is_zero(part):
                continue
            amount = refund.currency_id.round(amount - part)
            vals = self._prepare_row_vals(refund, part, "transaction")
            vals_list.append({**vals, "source_transaction_id": source.id})
            if refund.currency_id.is_zero(amount):
                return vals_list
        return [*vals_list, self._prepare_rest_vals(refund, amount)]

    def _prepare_rest_vals(self, refund, amount):
        """Return the values of the row for what no payment can give back."""
        rma = refund.rma_id
        if rma.repay_by == "wallet" and rma.date_credit_consent:
            return self._prepare_row_vals(refund, amount, "wallet")
        account = rma._get_repayment_bank_account()
        if rma.repay_by == "manual":
            account = account.browse()
        vals = self._prepare_row_vals(refund, amount, "bank" if account else "manual")
        return {**vals, "bank_account_id": account.id}

    def _prepare_row_vals(self, refund, amount, way):
        """Return the values of a row; a hook for other addons."""
        return {
            "rma_id": refund.rma_id.id,
            "refund_id": refund.id,
            "partner_id": refund.partner_id.id,
            "currency_id": refund.currency_id.id,
            "amount": refund.currency_id.round(amount),
            "way": way,
        }

    def _cancel_planned(self, message=False):
        """Cancel what is only planned."""
        planned = self.filtered(lambda row: row.state == "planned")
        planned._change_state("cancel", message=message)
