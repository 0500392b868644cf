from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Returned Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _copy_data_extend_business_fields(self, values):
        """Override of `account`: the reversal of a credit note undoes it for the return too."""
        super()._copy_data_extend_business_fields(values)
        if self.rma_line_id:
            values["rma_line_id"] = self.rma_line_id.id
