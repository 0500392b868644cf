from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.iban import read_iban

# Countries begin an IBAN, its last digits tell the customer which of his accounts it is.
SHOWN_FIRST, SHOWN_LAST = 4, 4


class SaleRma(models.Model):
    """The account that a customer wants his money on, where it cannot go back as it came."""

    _inherit = "sale.rma"

    customer_bank_id = fields.Many2one(
        comodel_name="res.partner.bank",
        string="Customer's Bank Account",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="account.group_account_invoice",
    )
    customer_iban = fields.Char(
        string="Customer's IBAN",
        compute="_compute_customer_iban",
        inverse="_inverse_customer_iban",
        compute_sudo=True,  # told masked
        copy=False,
        help="Where transfers go. Type a whole one to change it: it is checked, and shown masked.",
    )

    @api.depends("customer_bank_id")
    def _compute_customer_iban(self):
        for rma in self:
            rma.customer_iban = rma.customer_bank_id._get_masked_number()

    def _inverse_customer_iban(self):
        for rma in self:
            # sudo: compared only
            masked = rma.sudo().customer_bank_id._get_masked_number()
            if rma.customer_iban and rma.customer_iban != masked:
                rma._set_customer_iban(rma.customer_iban)
                # sudo: who sends money elsewhere is told in the history, whoever it is
                account = rma.sudo().customer_bank_id._get_masked_number()
                text = self.env._("The money goes to the account %(account)s.", account=account)
                rma._log_history("refunded", {rma.id: text})
        self.invalidate_recordset(["customer_iban"], flush=False)  # shown masked from here on

    def _set_customer_iban(self, number):
        """Keep the account that the customer names, among those of the customer, and plan what is
        paid by hand to go there. Rights are the caller's to check.

        :param str number: an IBAN, with or without spaces
        :raise UserError: it is none
        """
        self.ensure_one()
        number = read_iban(number)
        if not number:
            raise UserError(
                self.env._(
                    "This is no IBAN. Check it for typing errors: it stands on your bank's "
                    "statements, and begins with two letters."
                )
            )
        # sudo: customers keep accounts of their own; the caller's right was checked
        rma = self.sudo()
        partner = rma.partner_id.commercial_partner_id
        banks = rma.env["res.partner.bank"].with_context(active_test=False)
        account = banks.search(
            [("partner_id", "=", partner.id), ("sanitized_acc_number", "=", number)], limit=1
        )
        rma.customer_bank_id = account or banks.create(
            {"partner_id": partner.id, "acc_number": number}
        )
        planned = rma.repayment_ids.filtered(
            lambda row: row.state == "planned" and row.way in ("bank", "manual")
        )
        planned.write({"way": "bank", "bank_account_id": rma.customer_bank_id.id})

    def _get_repayment_bank_account(self):
        """Override: the one the customer named, else the one he paid from."""
        # sudo: accounts are shown to few; it is the customer's of this return
        rma = self.sudo()
        return (
            rma.customer_bank_id
            or rma._get_account_paid_from()
            or super()._get_repayment_bank_account()
        )

    def _get_account_paid_from(self):
        """Return the account that the bank's statement says the order was paid from, if it is one
        and the customer's own."""
        self.ensure_one()
        invoices = self.order_id.invoice_ids.filtered(lambda move: move.state == "posted")
        lines = invoices.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        payers = lines.matched_credit_ids.credit_move_id.move_id
        statement = (
            payers.statement_line_id | payers.origin_payment_id.reconciled_statement_line_ids
        )
        partner = self.partner_id.commercial_partner_id
        accounts = statement.partner_bank_id.filtered(
            lambda account: account.partner_id.commercial_partner_id == partner
        )
        return accounts if len(accounts) == 1 else accounts.browse()

    # === THE CUSTOMER'S PAGE === #

    def _needs_customer_iban(self):
        """Whether money waits for the customer to say where it shall go."""
        self.ensure_one()
        # sudo: whether there is any, of the customer's own
        return any(
            row.state == "planned" and row.way == "manual" for row in self.sudo().repayment_ids
        )

    def _can_customer_give_iban(self):
        """Whether the customer may say, or say again, where his money shall go: it is not on its
        way yet, and nobody of the shop chose another account."""
        self.ensure_one()
        # sudo: whether there is any, of the customer's own
        rma = self.sudo()
        return rma._needs_customer_iban() or any(
            row.state == "planned"
            and row.way == "bank"
            and row.bank_account_id == rma.customer_bank_id
            for row in rma.repayment_ids
        )

    def _customer_give_iban(self, number):
        """Take the account that the customer names on his page. Its number is told nowhere else:
        not in the history, and in no mail.

        :param str number: as typed
        :return: in words what is wrong; nothing where it was taken
        """
        self.ensure_one()
        if not self._can_customer_give_iban():
            return self.env._(
                "We do not need a bank account for this return. Write to us if we can help."
            )
        try:
            self._set_customer_iban(number)
        except UserError as error:
            return str(error)
        # sudo: what was done is told in the history, by whoever holds the customer's link
        text = self.env._("The customer said to which bank account the money goes.")
        self.sudo()._log_history("refunded", {self.id: text})
        return None
