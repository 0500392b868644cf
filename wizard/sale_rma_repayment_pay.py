from odoo import api, fields, models


class SaleRmaRepaymentPay(models.TransientModel):
    """Tick repayments that were paid by transfer, in cash, by a marketplace: with the reference
    and the day of the payment."""

    _name = "sale.rma.repayment.pay"
    _description = "Mark Repayments as Paid"
    _inherit = ["sale.rma.incoming"]
    _incoming_rights = {"sale.rma.repayment": "write"}

    repayment_ids = fields.Many2many(
        comodel_name="sale.rma.repayment",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id", compute_sudo=True
    )
    has_provider_rows = fields.Boolean(compute="_compute_company_id", compute_sudo=True)
    reference = fields.Char(help="As on the statement: of the transfer, the receipt, the payout.")
    date = fields.Date(
        required=True, default=fields.Date.context_today, help="When the customer got it."
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        help="What it was paid from. Left empty: the first bank of the company.",
    )

    @api.depends("repayment_ids")
    def _compute_company_id(self):
        for wizard in self:
            rows = wizard.repayment_ids
            wizard.company_id = rows.company_id[:1]
            wizard.has_provider_rows = any(row.transaction_id for row in rows)

    def action_pay(self):
        """Say that these are paid.

        :raise AccessError: no right to pay
        :raise UserError: wrong state, a way that is not paid by people, a journal of another
            company's
        """
        self.ensure_one()
        self.repayment_ids._pay_by_people(self.reference, self.date, self.journal_id)
        return {"type": "ir.actions.act_window_close"}
