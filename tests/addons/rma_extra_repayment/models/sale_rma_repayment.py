from odoo import api, fields, models


class SaleRmaRepayment(models.Model):
    """Paper vouchers, for who would like one."""

    _inherit = "sale.rma.repayment"

    way = fields.Selection(
        selection_add=[("voucher", "Paper voucher")],
        ondelete={"voucher": lambda rows: rows.sudo().write({"way": "manual"})},
    )

    @api.model
    def _get_chosen_ways(self):
        return *super()._get_chosen_ways(), "voucher"

    @api.model
    def _get_money_ways(self):
        return *super()._get_money_ways(), "voucher"

    def _prepare_rest_vals(self, refund, amount):
        values = super()._prepare_rest_vals(refund, amount)
        if refund.partner_id.ref == "voucher":
            values.update(way="voucher", bank_account_id=False)
        return values
