from odoo import api, fields, models


class SaleRma(models.Model):
    """A state between arrival and processing: somebody looked at the goods."""

    _inherit = "sale.rma"

    state = fields.Selection(
        selection_add=[("inspected", "Inspected"), ("done",)],
        ondelete={"inspected": lambda rmas: rmas.sudo().write({"state": "processing"})},
    )
    date_inspected = fields.Datetime(readonly=True, copy=False)
    inspected_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    def action_inspect(self):
        """Processing to inspected; the customer is told."""
        self._start_action("inspect")
        self._change_state("inspected", date_inspected=fields.Datetime.now())
        return True

    def _on_inspected(self):
        # sudo: nobody writes it by hand
        self.sudo().inspected_by_id = self.env.user

    @api.model
    def _get_live_states(self):
        return *super()._get_live_states(), "inspected"

    @api.model
    def _get_receiving_states(self):
        return *super()._get_receiving_states(), "inspected"

    @api.model
    def _get_states_allowing(self, action):
        if action == "inspect":
            return ("processing",)
        states = super()._get_states_allowing(action)
        return (*states, "inspected") if action == "process" else states

    @api.model
    def _get_state_hooks(self):
        return {**super()._get_state_hooks(), "inspected": "_on_inspected"}

    @api.model
    def _get_progress(self):
        progress = super()._get_progress()
        progress.insert(-1, ("inspected", self.env._("Inspected"), "date_inspected"))
        return progress

    @api.model
    def _get_template_xmlid(self, key):
        if key == "inspected":
            return "rma_extra_state.mail_template_inspected"
        return super()._get_template_xmlid(key)
