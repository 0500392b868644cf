from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleRmaRepayment(models.Model):
    """Store credit: points of an eWallet and an entry that owes them, in the same transaction,
    neither without the other (issue 17.4). Taxes of the goods were reversed by the credit note;
    the eWallet pays like money and bears none."""

    _inherit = "sale.rma.repayment"

    def _get_chosen_ways(self):
        """Override: store credit may be chosen."""
        return *super()._get_chosen_ways(), "wallet"

    def _get_credit_program(self):
        """Return the eWallet program that the row can be paid on."""
        self.ensure_one()
        # sudo: whether there is one
        programs = self.env["loyalty.program"].sudo()
        return programs._get_credit_program(self.company_id, self.currency_id)

    def _choose_way(self, vals):
        """Extend: store credit is the customer's to choose.

        :raise UserError: he did not, or there is no eWallet
        """
        if vals["way"] == "wallet":
            self._check_credit()
        return super()._choose_way(vals)

    def _check_credit(self):
        """:raise UserError: naming what store credit cannot be given for, and why"""
        self.rma_id._check_credit_possible()
        for row in self.filtered(lambda row: not row._get_credit_program()):
            raise UserError(
                self.env._(
                    "%(company)s has no eWallet program in %(currency)s: make one under Sales, "
                    "or choose another way.",
                    company=row.company_id.name,
                    currency=row.currency_id.name,
                )
            )

    def _is_sent_by_us(self):
        """Override: store credit is given here."""
        return self.way == "wallet" or super()._is_sent_by_us()

    def _send_inside(self):
        """Override: store credit is a matter of this database, all in one transaction."""
        credit = self.filtered(lambda row: row.way == "wallet")
        credit._check_credit()
        for row in credit:
            row._give_credit()
        return super()._send_inside() | credit

    def _give_credit(self):
        """Put the amount and its bonus on the customer's eWallet, with the entry that owes it."""
        self.ensure_one()
        order = self.rma_id.order_id
        program = self._get_credit_program()
        total = self._get_credit_total()
        cards = self.env["loyalty.card"]
        card = cards.search(
            [("program_id", "=", program.id), ("partner_id", "=", order.partner_id.id)], limit=1
        ) or cards.create({"program_id": program.id, "partner_id": order.partner_id.id})
        entry = self.env["account.move"].create(self._prepare_credit_entry_vals(program, total))
        entry._post(soft=False)
        card._add_credit(entry, total)
        receivable = self._get_receivable_lines()
        self.write({"loyalty_card_id": card.id, "entry_id": entry.id, "user_id": self.env.uid})
        now = fields.Datetime.now()
        self._change_state("done", date_sent=now, date_done=now)
        own = entry.line_ids.filtered(lambda line: line.account_id == receivable.account_id[:1])
        (own | receivable).reconcile()

    def _get_credit_total(self):
        """Return what the customer gets, or got, with the bonus, in the row's currency."""
        self.ensure_one()
        if not self.entry_id:
            return self.rma_id._add_bonus(self.amount, self.company_id, self.currency_id)
        given = self.entry_id.line_ids.mapped("amount_currency")
        return -sum(amount for amount in given if amount < 0)

    def _prepare_credit_entry_vals(self, program, total):
        """Return the values of the entry that moves what is owed from the receivable to the
        eWallet.

        :param total: with the bonus, in the row's currency
        :raise UserError: see `_get_credit_accounts`; no journal
        """
        liability, expense = program._get_credit_accounts(self.rma_id.order_id)
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("%(company)s has no journal for entries.", company=self.company_id.name)
            )
        account = self._get_receivable_lines().account_id[:1]
        bonus = self.currency_id.round(total - self.amount)
        amounts = [(account, self.amount), (liability, -total)]
        if bonus:
            amounts.append((expense, bonus))
        rate = self.refund_id.invoice_currency_rate or 1.0
        company_currency = self.company_id.currency_id
        lines = [
            {
                "account_id": each.id,
                "partner_id": self.refund_id.commercial_partner_id.id,
                "name": self.env._("Store credit for %(rma)s", rma=self.rma_id.name),
                "currency_id": self.currency_id.id,
                "amount_currency": amount,
                "balance": company_currency.round(amount / rate),
            }
            for each, amount in amounts
        ]
        lines[-1]["balance"] = -sum(line["balance"] for line in lines[:-1])
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self.env["sale.rma.clock"]._get_company_day(self.company_id),
            "ref": self.rma_id.name,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _change_state(self, state, **vals):
        """Extend: what is taken back in accounting is taken from the eWallet."""
        taken = self.filtered(
            lambda row: row.way == "wallet" and row.state == "done" and state != "done"
        )
        super()._change_state(state, **vals)
        for row in taken:
            row._take_credit_back()

    def _take_credit_back(self):
        """Take what is left of store credit from the eWallet, and its entry out of the books."""
        self.ensure_one()
        entry, card = self.entry_id, self.loyalty_card_id
        spent = card._take_credit(entry, self._get_credit_total())
        if entry.state == "posted" and not entry.reversal_move_ids:
            day = self.env["sale.rma.clock"]._get_company_day(self.company_id)
            entry._reverse_moves([{"date": day, "ref": entry.name}], cancel=True)
        if spent > 0:
            self._tell_staff(
                self.env._(
                    "%(amount)s of the store credit that is taken back were spent already.",
                    amount=self.currency_id.format(spent),
                )
            )
