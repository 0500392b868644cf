from odoo import api, models


class SaleRma(models.Model):
    """Returns on the terms that applied when they were asked for."""

    _inherit = "sale.rma"

    # === STATES === #

    def _on_requested(self):
        """Extend: what applies is kept, whatever becomes of the rules."""
        super()._on_requested()
        self.line_ids._keep_decisions()

    def action_request(self):
        """Extend: what the rules accept is accepted at once."""
        result = super().action_request()
        self.filtered(lambda rma: rma.state == "requested")._accept_by_rule()
        return result

    def _accept_by_rule(self):
        """Accept returns all items of which a rule accepts by itself, and say which rule did."""
        for rma in self:
            decisions = [line.decision or {} for line in rma.line_ids]
            if decisions and all(
                decision.get("allowed") and decision.get("acceptance") == "auto"
                for decision in decisions
            ):
                # sudo: the shop's rule accepts it, whoever asks; the names are for colleagues
                accepted = rma.sudo()
                accepted.action_accept()
                accepted._message_log(
                    body=self.env._(
                        "Accepted by the rule %(names)s.",
                        names=", ".join(accepted.line_ids.policy_id.mapped("name")),
                    )
                )

    # === TERMS === #

    @api.depends("line_ids.decision")
    def _compute_return_cost_bearer(self):
        """Extend: a rule may say who pays the way back."""
        super()._compute_return_cost_bearer()
        for rma in self:
            bearers = {
                line.decision["cost_bearer"] for line in rma.line_ids.sudo() if line.policy_id
            }
            if bearers:
                rma.return_cost_bearer = "shop" if "shop" in bearers else "customer"
