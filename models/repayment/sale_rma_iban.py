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
        """Override: the one the customer named."""
        # sudo: accounts are shown to few; it is the customer's of this return
        return self.sudo().customer_bank_id or super()._get_repayment_bank_account()

    def _needs_customer_iban(self):
        """Whether money waits for the customer to say where it shall go."""
        self.ensure_one()
        # sudo: whether there is any, of the customer's own
        return any(
            row.state == "planned" and row.way == "manual" for row in self.sudo().repayment_ids
        )
