from odoo import api, models


class SaleRma(models.Model):
    """Telephone calls in the history."""

    _inherit = "sale.rma"

    @api.model
    def _get_history_subtypes(self):
        return {**super()._get_history_subtypes(), "called": "rma_extra_history.mt_called"}

    def action_log_call(self):
        """Write that the customer was called."""
        self.check_access("write")
        self._log_history("called", {rma.id: rma.partner_id.name for rma in self})
        return True
