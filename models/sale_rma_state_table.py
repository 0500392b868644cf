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
    def _get_receiving_states(self):
        """Return the states in which goods are awaited or here."""
        return "accepted", "processing"

    @api.model
    def _get_progress(self):
        """Return the way of a return that goes well, as its customer sees it: (state, name of the
        step, field that says when it was reached)."""
        return [
            ("requested", self.env._("Requested"), "date_requested"),
            ("accepted", self.env._("Accepted"), "date_accepted"),
            ("processing", self.env._("Arrived"), "date_received"),
            ("done", self.env._("Finished"), "date_done"),
        ]

    @api.model
    def _get_template_xmlid(self, key):
        """Return the XML id of the mail template that tells customers of a state.

        :param str key: the state, or a kind of mail of its own (`_get_template_key`)
        """
        return f"sale_rma.mail_template_rma_{key}"

    def _is_closed_without(self):
        """Whether the return is a draft, or was closed without anything done: nobody waits for
        it."""
        self.ensure_one()
        return self.state == "draft" or (
            self.state in self._get_closed_states() and self.state != "done"
        )

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
