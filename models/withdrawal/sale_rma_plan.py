from odoo import api, models
from odoo.exceptions import UserError

from ...tools.number_field import check_number

DECISIONS = ("amount_deducted", "deduction_ground", "deduction_attachment_ids", "refusal_ground")


class SaleRmaPlan(models.AbstractModel):
    """What is kept of an item, and what is not taken back, is decided where the return is
    processed: on the screen, in bulk and by programs alike (docs/law.md L26, L28)."""

    _inherit = "sale.rma.plan"

    @api.model
    def _get_decision_names(self):
        return (*super()._get_decision_names(), *DECISIONS)

    @api.model
    def _read_value(self, name, value, rma=None):
        """Extend: decisions, as they are written to the item."""
        rmas = self.env["sale.rma"]
        if name == "amount_deducted":
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise UserError(rmas._get_value_message(name, value, "number"))
            return check_number(self.env, name, value)
        if name == "refusal_ground":
            return bool(value) and rmas._read_choice(self.env["sale.rma.line"], name, value)
        if name == "deduction_attachment_ids":
            if not isinstance(value, (list, tuple)):
                raise UserError(rmas._get_value_message(name, value, "id"))
            return [rmas._read_record(name, "ir.attachment", one).id for one in value]
        return super()._read_value(name, value, rma)

    @api.model
    def _complete(self, lines):
        """Extend: what is refused is not refunded, unless somebody says so (R10)."""
        super()._complete(lines)
        for line in lines:
            if "refund" not in line.given and line.rma_line._filter_refused(
                {line.rma_line: line.decided}
            ):
                line.refund = 0.0
