from odoo import fields, models

REPAY_BY = [
    ("paid", "As it was paid"),
    ("bank", "Bank transfer"),
    ("wallet", "Store credit"),
    ("manual", "By hand"),
]


class SaleRma(models.Model):
    """The way that whoever processes a return chose for its money (issue 17.6)."""

    _inherit = "sale.rma"

    repay_by = fields.Selection(
        selection=REPAY_BY,
        string="Way of Repayment",
        default="paid",
        readonly=True,
        copy=False,
        help="Chosen when the return was processed; each repayment can be changed as long as it "
        "is planned.",
    )

    def _write_decided(self, plans):
        """Extend: the way is kept before credit notes are posted, which plan what they owe."""
        super()._write_decided(plans)
        for plan in plans:
            if plan.rma.repay_by != plan.repay_by:
                # sudo: written by the program; the right to process was checked
                plan.rma.sudo().repay_by = plan.repay_by

    def _get_repayment_proposal(self, amount, repay_by):
        """Return in words how an amount will go back, before there is a credit note.

        :param float amount: in the order's currency, tax included
        :param str repay_by: the way that is chosen
        """
        self.ensure_one()
        # sudo: how the order was paid, told to whoever processes the return (R9)
        rma = self.sudo()
        currency = rma.currency_id
        invoices = rma.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        owed = sum(abs(move._get_residual_in(currency)) for move in invoices)
        unpaid = currency.round(min(amount, owed))
        parts = []
        if unpaid > 0:
            parts.append((unpaid, self.env._("set against the open invoice")))
            amount = currency.round(amount - unpaid)
        for source in rma.order_id._get_repayment_sources(invoices) if repay_by == "paid" else ():
            part = source._get_amount_refundable(currency, amount)
            if part > 0:
                parts.append((part, source._get_repayment_label()))
                amount = currency.round(amount - part)
        if amount > 0:
            parts.append((amount, rma._get_other_way_text(repay_by)))
        return ", ".join(f"{currency.format(part)} {way}" for part, way in parts)

    def _get_other_way_text(self, repay_by):
        """Return in words where money goes that no payment gives back."""
        self.ensure_one()
        if repay_by == "wallet":
            return self.env._("as store credit")
        account = self._get_repayment_bank_account() if repay_by != "manual" else None
        if account:
            number = account._get_masked_number()
            return self.env._("by transfer to %(account)s", account=number)
        return self.env._("by hand; the customer is asked for a bank account on his page")
