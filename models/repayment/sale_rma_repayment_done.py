from odoo import fields, models
from odoo.exceptions import UserError

JOURNAL_TYPES = ("bank", "cash")


class SaleRmaRepayment(models.Model):
    """Money that people give back, or know to have been given back."""

    _inherit = "sale.rma.repayment"

    def action_done(self, reference=None):
        """Say that the customer has the money: paid by hand, or seen on the provider's page. The
        payment is registered and set against the credit note.

        :param str reference: of the payment, as on the statement
        :raise AccessError: no right to pay
        :raise UserError: it failed, is done or cancelled, or the provider was not asked yet
        """
        self._check_may_pay()
        return self.sudo()._set_paid(reference)  # the right to pay was checked

    def action_checked(self):
        """Say that somebody looked: the customer does not have the money yet.

        :raise AccessError: no right to pay
        """
        self._check_may_pay()
        self.sudo().is_to_check = False  # the right to pay was checked
        return True

    def _pay_by_people(self, reference, date, journal):
        """Do what `action_done` does, with the day and the journal of the payment.

        :raise UserError: the journal is another company's, or none to pay from
        """
        self._check_may_pay()
        for company in self.company_id if journal else ():
            if journal.company_id not in company.parent_ids or journal.type not in JOURNAL_TYPES:
                raise UserError(
                    self.env._(
                        "%(journal)s is no bank or cash journal of %(company)s.",
                        journal=journal.display_name,
                        company=company.name,
                    )
                )
        self.sudo()._set_paid(reference, date, journal.sudo())  # checked above

    def action_cancel(self):
        """Give a repayment up: it is planned anew. What was sent is given up only if the provider
        says that nothing moved.

        :raise AccessError: no right to pay what was sent
        :raise UserError: it is done, or being sent at this moment
        """
        self.check_access("write")
        if any(row.state != "planned" for row in self):
            self._check_may_pay()
        rows = self.sudo()  # the rights were checked
        rows._check_states("planned", "sent", "unknown", "pending")
        rows._lock_money()
        if busy := rows.filtered(lambda row: row._is_being_asked()):
            busy[0]._check_can_ask_again()
        user = self.env.user.name
        rows._take_back(self.env._("%(user)s gave it up.", user=user))
        rows.refund_id._plan_repayments()
        return True

    def _set_paid(self, reference=None, date=None, journal=None):
        """Write that rows are paid, and register their payments.

        :param date: of the payment; today if none
        :param journal: of the payment; the company's first bank if none
        :raise UserError: wrong state, or there is no journal
        """
        transfers = self.filtered(lambda row: row.state == "sent" and row.transfer_file_id)
        (self - transfers)._check_states("planned", "unknown", "pending")
        self._lock_money()
        self.refund_id._plan_repayments()
        rows = self.filtered(lambda row: row.state in ("planned", "unknown", "pending"))
        rows |= transfers
        rows._check_paid_by_people()
        for row in rows:
            vals = {"reference": reference or False, "is_to_check": False, "is_queued": False}
            if row.transaction_id:
                row.write(vals)
                message = self.env._("%(user)s saw that it was paid.", user=self.env.user.name)
                row.transaction_id._set_done(state_message=message)
                row.transaction_id._post_process()
                continue
            row._change_state("done", date_done=fields.Datetime.now(), **vals)
            row._register_payment(date, journal)
        return True

    def _check_paid_by_people(self):
        """:raise UserError: what the provider is to give back is not paid by hand"""
        by_provider = self.filtered(
            lambda row: (
                row.state == "planned" and row.way in ("transaction", "exchange", "card", "wallet")
            )
        )
        if by_provider:
            raise UserError(
                self.env._(
                    "%(rows)s: choose the way by which it was paid first, by transfer or by hand.",
                    rows=", ".join(by_provider.mapped("display_name")),
                )
            )

    def _register_payment(self, date=None, journal=None):
        """Register what people paid, and set it against the credit note.

        :raise UserError: the company has no journal to pay from
        """
        self.ensure_one()
        journal = journal or self._get_payment_journal()
        # a payment without an entry would leave the credit note open
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        payment = payments.create(
            {
                "amount": self.amount,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "date": date or self.env["sale.rma.clock"]._get_company_day(self.company_id),
                "journal_id": journal.id,
                "memo": self.reference or self.rma_id.name,
                "partner_bank_id": self.bank_account_id.id,
                "partner_type": "customer",
                "payment_type": "outbound",
                **self._prepare_payment_target_vals(),
            }
        )
        payment.action_post()
        self._book(payment)

    def _get_payment_journal(self):
        """Return the journal that people pay from unless they say another.

        :raise UserError: the company has none
        """
        domain = self.env["account.journal"]._check_company_domain(self.company_id)
        journal = self.env["account.journal"].search(
            [*domain, ("type", "in", JOURNAL_TYPES)], order="sequence, id", limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no bank or cash journal: make one, repayments are paid "
                    "from it.",
                    company=self.company_id.name,
                )
            )
        return journal

    def _take_back(self, message):
        """Cancel rows, and the refunds that will not be sent."""
        self._change_state("cancel", message=message, is_queued=False)
        self.transaction_id._set_canceled(state_message=message)
