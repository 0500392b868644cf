from odoo import api, fields, models
from odoo.tools.misc import groupby


class SaleRmaLine(models.Model):
    """Which rule applied when the item was asked for: a later change of the rules changes nothing
    for it."""

    _inherit = "sale.rma.line"

    policy_id = fields.Many2one(
        comodel_name="sale.rma.policy",
        string="Return Rule",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The rule that applied when the return was asked for; empty: the settings.",
    )
    decision = fields.Json(
        readonly=True, copy=False, help="What was decided when the return was asked for."
    )
    decision_text = fields.Text(
        string="Terms",
        compute="_compute_decision_text",
        help="What the rules and the law gave when the return was asked for.",
    )

    @api.depends("decision")
    def _compute_decision_text(self):
        for line in self:
            line.decision_text = "\n".join((line.decision or {}).get("sentences", ()))

    def _filter_refused_by_rule(self):
        """Return the items that a rule refused when they were asked for."""
        return self.filtered(lambda line: line.policy_id and not line.decision.get("allowed"))

    def _are_accepted_by_rule(self):
        """Whether rules accept all these items by themselves."""
        decisions = [line.decision or {} for line in self]
        return bool(decisions) and all(
            decision.get("allowed") and decision.get("acceptance") == "auto"
            for decision in decisions
        )

    def _has_fee_by_rule(self):
        """Whether a rule keeps something of the item's refund."""
        self.ensure_one()
        decision = self.decision or {}
        return bool(decision.get("fee_percent") or decision.get("fee_amount"))

    def _keep_decisions(self):
        """Write down what the rules and the law give now."""
        rules = self.env["sale.rma.policy"]
        # sudo: written by the program, whoever asks for the return
        ruled = self.sudo().filtered(lambda line: rules._get_active(line.company_id))
        for rma_type, items in groupby(ruled, lambda line: line.rma_id.rma_type):
            lines = ruled.browse().union(*items)
            for reason, with_reason in lines.grouped("reason_id").items():
                decisions = rules._evaluate(with_reason.sale_line_id, rma_type, reason or None)
                for line in with_reason:
                    decision = decisions[line.sale_line_id]
                    line.write({"policy_id": decision.policy.id, "decision": decision.to_data()})
