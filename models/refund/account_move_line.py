from odoo import api, fields, models

from ...tools.context_marks import OURS, ReconcilePlan


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "sale.rma.protected"]

    rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Returned Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    rma_set_off_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Given Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What another document gave and this line takes off (R2b).",
    )

    @api.model
    def _get_protected_names(self):
        """Override: what a line takes off is written by the program."""
        return super()._get_protected_names() | {"rma_given_before", "rma_set_off_id"}

    rma_given_before = fields.Monetary(
        string="Less for What Was Given Before",
        copy=False,
        readonly=True,
        currency_field="currency_id",
        help="What this line gives less because it was given before, tax included.",
    )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of the ORM, which takes an empty list for all fields. `account` asks at each
        write for the tracked ones among those written: mostly none, and all take their time."""
        if allfields == [] and self.env.context.get("rma_refund") is OURS:
            return {}
        return super().fields_get(allfields, attributes)

    def reconcile(self):
        """Override of `account`: leave it to the plan that is being gathered, if one is."""
        plan = self.env.context.get("rma_reconcile_plan")
        if not isinstance(plan, ReconcilePlan):
            return super().reconcile()
        plan.line_ids.append(self.ids)
        return None

    def _copy_data_extend_business_fields(self, values):
        """Override of `account`: the reversal of a credit note undoes it for the return too."""
        super()._copy_data_extend_business_fields(values)
        if self.rma_line_id:
            values["rma_line_id"] = self.rma_line_id.id
            self._carry_link("rma_line_id")
        if self.rma_set_off_id:
            values["rma_set_off_id"] = self.rma_set_off_id.id
            self._carry_link("rma_set_off_id")
