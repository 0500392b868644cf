from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.iban import read_iban

try:
    from sepaxml import SepaTransfer
except ImportError:  # an optional library: without it there is no button
    SepaTransfer = None

ZONE_CURRENCY = "EUR"


class SaleRmaRepayment(models.Model):
    """Transfers in a file for the bank (pain.001), each row in one file once."""

    _inherit = "sale.rma.repayment"

    transfer_file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Bank File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="account.group_account_invoice",
        help="The one file for the bank that the transfer is in.",
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override of `base`: no button for what cannot be done here."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if SepaTransfer is None:
            for button in arch.xpath("//button[@name='action_transfer_file']"):
                button.getparent().remove(button)
        return arch, view

    def action_transfer_file(self):
        """Make one file for the bank of these transfers. They count as sent; once the bank did
        them they are marked as paid, which books them.

        :return: act_url to download it
        :raise AccessError: no right to pay
        :raise UserError: one is no planned transfer in EUR to an account that may be paid to
        """
        self._check_may_pay()
        rows = self.sudo()  # the right to pay was checked
        rows._check_states("planned")
        rows._lock_money()
        rows.refund_id._plan_repayments()
        rows = rows.filtered(lambda row: row.state == "planned")
        rows._check_transferable()
        journal = rows._get_transfer_journal()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(  # read through the rows only
                {
                    "name": f"pain.001 {fields.Datetime.now()}.xml",
                    "raw": rows._build_transfer_file(journal),
                    "mimetype": "application/xml",
                    "res_model": self._name,
                    "res_id": rows[:1].id,
                    "res_field": "transfer_file_id",
                }
            )
        )
        rows.write({"user_id": self.env.uid, "transfer_file_id": attachment.id})
        rows._change_state("sent", date_sent=fields.Datetime.now())
        return rows[:1].with_env(self.env).action_download_transfer_file()

    def action_download_transfer_file(self):
        """Download the file that the row is in: always the same.

        :return: act_url
        """
        self._check_may_pay()
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self.transfer_file_id.id}?download=true",
        }

    def _check_transferable(self):
        """:raise UserError: naming what cannot be transferred, and what to do"""
        if SepaTransfer is None:
            raise UserError(self.env._("Files for the bank need the Python library sepaxml."))
        if not self or len(self.company_id) > 1:
            raise UserError(self.env._("Choose planned transfers of one company."))
        wrong = self.filtered(
            lambda row: (
                row.way != "bank"
                or row.is_to_check
                or row.transfer_file_id
                or row.currency_id.name != ZONE_CURRENCY
                or row.refund_id.payment_state == "blocked"
                or not read_iban(row.bank_account_id.sanitized_acc_number)
            )
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(rows)s: only planned transfers in EUR to an IBAN go into a file for the "
                    "bank. Choose the way and the account first.",
                    rows=", ".join(wrong.mapped("display_name")),
                )
            )
        untrusted = self.bank_account_id.filtered(lambda account: not account.allow_out_payment)
        if untrusted:
            raise UserError(
                self.env._(
                    "The accounts of %(customers)s were not looked at: have somebody with the "
                    "right to validate bank accounts allow payments to them.",
                    customers=", ".join(untrusted.partner_id.mapped("display_name")),
                )
            )

    def _get_transfer_journal(self):
        """Return the journal whose account pays.

        :raise UserError: the company has no bank with an IBAN
        """
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "bank"),
                ("bank_account_id", "!=", False),
            ],
            order="sequence, id",
        )
        journal = journals.filtered(
            lambda each: read_iban(each.bank_account_id.sanitized_acc_number)
        )[:1]
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no bank journal with an IBAN to pay from.",
                    company=self.company_id.name,
                )
            )
        return journal

    def _build_transfer_file(self, journal):
        """Return the file, checked against the scheme of the banks.

        :param journal: whose account pays
        """
        account = journal.bank_account_id
        config = {
            "name": self.company_id.name[:70],
            "IBAN": account.sanitized_acc_number,
            "batch": True,
            "currency": ZONE_CURRENCY,
        }
        if account.bank_bic:
            config["BIC"] = account.bank_bic
        transfers = SepaTransfer(config, clean=True)
        day = self.env["sale.rma.clock"]._get_company_day(self.company_id)
        for row in self:
            payment = {
                "name": row.bank_account_id.acc_holder_name or row.partner_id.name,
                "IBAN": row.bank_account_id.sanitized_acc_number,
                "amount": round(row.amount * 100),
                "execution_date": day,
                "description": f"{row.rma_id.name} {row.refund_id.name}",
                "endtoend_id": row.key,
            }
            if row.bank_account_id.bank_bic:
                payment["BIC"] = row.bank_account_id.bank_bic
            transfers.add_payment(payment)
        return transfers.export(validate=True)
