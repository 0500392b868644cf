from odoo import api, models


class SaleRma(models.Model):
    """What each state is. Who adds a state (`selection_add`) says here what it is like, and from
    which states each action starts (docs/rules.md)."""

    _inherit = "sale.rma"

    @api.model
    def _get_live_states(self):
        """Return the states in which a return waits for goods or for what becomes of them: its open
        units cannot be asked for again (R1)."""
        return "requested", "accepted", "processing"

    @api.model
    def _get_closed_states(self):
        """Return the states in which a return is history."""
        return "done", "refused", "expired", "cancel"

    @api.model
    def _get_states_allowing(self, action):
        """Return the states from which an action starts; none for one that is not known.

        :param str action: name of the method without `action_`
        """
        return {
            "request": ("draft",),
            "accept": ("draft", "requested"),
            "refuse": ("requested",),
            "cancel": ("draft", "requested", "accepted"),
            "draft": ("requested", "refused", "expired", "cancel"),
            "reopen": ("done",),
            "process": ("accepted", "processing"),
        }.get(action, ())

    @api.model
    def _get_state_hooks(self):
        """Return {state: name of the hook that is called once returns are in it, before anybody
        is told}."""
        return {
            "requested": "_on_requested",
            "accepted": "_on_accepted",
            "done": "_on_done",
            "refused": "_on_refused",
            "cancel": "_on_cancelled",
            "expired": "_on_expired",
        }
