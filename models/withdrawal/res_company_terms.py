from odoo import api, fields, models

BEARERS = [("shop", "The shop"), ("customer", "The customer")]


class ResCompany(models.Model):
    """Who pays the way back, and how things are sent back, for each kind of return (docs/law.md
    L25)."""

    _inherit = "res.company"

    rma_return_cost_bearer_withdrawal = fields.Selection(
        selection=BEARERS,
        string="Way Back of Withdrawals",
        required=True,
        default="shop",
        help="Consumers bear it only if they were told so before they ordered: say it in your "
        "terms before you choose that.",
    )
    rma_return_cost_bearer_return = fields.Selection(
        selection=BEARERS, string="Way Back of Returns", required=True, default="customer"
    )
    rma_return_cost_bearer_claim = fields.Selection(
        selection=BEARERS,
        string="Way Back of Claims",
        required=True,
        default="shop",
        help="The seller's by law.",
    )
    rma_instructions_withdrawal = fields.Html(
        string="Instructions for Withdrawals",
        translate=True,
        help="Empty: those of all returns.",
    )
    rma_instructions_claim = fields.Html(
        string="Instructions for Claims", translate=True, help="Empty: those of all returns."
    )

    _rma_claim_cost_bearer = models.Constraint(
        "CHECK (rma_return_cost_bearer_claim = 'shop')",
        "Goods with a defect go back at the seller's cost.",
    )

    @api.model
    def _describe_cost_bearer(self, bearer):
        """Return in the reader's language who pays the way back.

        :param str bearer: one of `BEARERS`
        """
        if bearer == "customer":
            return self.env._("The cost of sending it back is yours.")
        return self.env._("We pay for sending it back.")

    def _get_withdrawal_information(self):
        """Return what the terms say of the right of withdrawal, ready to copy (docs/law.md L10):
        {language: (heading, paragraphs) pairs}, with the address of the withdrawal function."""
        self.ensure_one()
        partner = self.partner_id
        lines = partner._display_address(without_company=True).splitlines()
        parts = [self.name, *lines, self.email]
        words = self.env["sale.rma.withdrawal.words"]
        address = ", ".join(part.strip() for part in parts if part and part.strip())
        return {
            language: words._get_information(
                language,
                address,
                f"{self.get_base_url()}/withdraw",
                self.rma_withdrawal_days,
                self.rma_return_cost_bearer_withdrawal,
            )
            for language in words._get_languages()
        }
