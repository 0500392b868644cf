from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """The line of a credit note that keeps something of an item's price."""

    _inherit = "account.move.line"

    rma_deduction_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Deducted For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_protected_names(self):
        """Override: which item it is kept of is written by the program."""
        return super()._get_protected_names() | {"rma_deduction_id"}

    def _copy_data_extend_business_fields(self, values):
        """Override of `account`: the reversal of a credit note undoes the deduction too."""
        super()._copy_data_extend_business_fields(values)
        if self.rma_deduction_id:
            values["rma_deduction_id"] = self.rma_deduction_id.id
            self._carry_link("rma_deduction_id")
