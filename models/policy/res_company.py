from odoo import models

from ..withdrawal.sale_rma_period import STATUTORY_DAYS


class ResCompany(models.Model):
    """*Our returns policy*: what customers read is written from the rules, so that page and rules
    cannot differ."""

    _inherit = "res.company"

    def _get_policy_sections(self):
        """Return what the page says: list of (heading, sentences), what the law gives first."""
        self.ensure_one()
        # sudo: settings and rules that customers are told, without their names
        company = self.sudo()
        sections = []
        if company.rma_withdrawal_link:
            sections.append((self.env._("Right of withdrawal"), company._describe_withdrawals()))
        sections.append((self.env._("Something is wrong with it"), company._describe_claims()))
        sections.append((self.env._("Sending something back"), company._describe_returns()))
        return sections

    def _describe_withdrawals(self):
        days = max(self.rma_withdrawal_days, STATUTORY_DAYS)
        return [
            self.env._(
                "Consumers can withdraw from a purchase for %(days)s days after it arrived, "
                "without a reason and without a fee.",
                days=days,
            ),
            self._describe_cost_bearer(self.rma_return_cost_bearer_withdrawal),
        ]

    def _describe_claims(self):
        return [
            self.env._(
                "For %(months)s months after it arrived, what is faulty or not as described is "
                "repaired, replaced or paid back, free of charge.",
                months=self.rma_guarantee_months,
            ),
            self._describe_cost_bearer("shop"),
        ]

    def _describe_returns(self):
        """What rules say, in their order, and the settings for everything else."""
        rules = self.env["sale.rma.policy"]._get_active(self)
        rules = rules.with_context(lang=self.env.lang).filtered(
            lambda rule: rule.rma_types in ("all", "return")
        )
        sentences = [
            self.env._(
                "%(what)s: %(outcome)s",
                what=rule._describe_conditions() or self.env._("Everything"),
                outcome=rule._describe_outcome(),
            )
            for rule in rules
        ]
        days = self.rma_return_days
        outcome = (
            self.env._("Can be sent back for %(days)s days after it was delivered.", days=days)
            if days
            else self.env._("Can be sent back without a limit of time.")
        )
        rest = f"{outcome} {self._describe_cost_bearer(self.rma_return_cost_bearer_return)}"
        if rules:
            rest = self.env._("Everything else: %(outcome)s", outcome=rest)
        return [*sentences, rest]
