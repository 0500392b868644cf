from odoo import api, models


class SaleRma(models.Model):
    """What happens to the goods at each step of a return."""

    _inherit = "sale.rma"

    @api.model
    def _get_states_allowing(self, action):
        """Override: receipts are planned anew while goods are awaited."""
        if action == "plan_receipt":
            return self._get_receiving_states()
        return super()._get_states_allowing(action)

    def _on_requested(self):
        """Override: what came back already is the returns' that ask for it."""
        super()._on_requested()
        self.line_ids._claim_arrived()

    def _on_accepted(self):
        """Override: receipts are planned."""
        super()._on_accepted()
        self._plan_receipts()

    def _on_reopened(self):
        """Override: what remains is awaited again."""
        super()._on_reopened()
        self._plan_receipts()

    def _on_awaited_changed(self):
        """Override: receipts are planned again."""
        super()._on_awaited_changed()
        self._replan_receipts()

    def _release_claims(self):
        """Override: goods that were here already are no return's again."""
        super()._release_claims()
        self.line_ids._release_arrived()
