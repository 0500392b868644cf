from odoo import api, models


class SaleRmaPolicy(models.Model):
    """Rules of common trades, to begin with: drafts, which are edited, tried and switched on."""

    _inherit = "sale.rma.policy"

    @api.model
    def action_load_examples(self):
        """Make the example rules that are not there yet, and return the list of them.

        :raise AccessError: no right to make rules
        """
        self.check_access("create")
        company = self.env.company
        known = set(self.search([("company_id", "=", company.id)]).mapped("name"))
        examples = [vals for vals in self._prepare_examples() if vals["name"] not in known]
        rules = self.create([{**vals, "company_id": company.id} for vals in examples])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Example Rules"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", rules.ids)] if rules else [],
        }

    @api.model
    def _prepare_examples(self):
        """Return the values of the example rules; what they are for is to be chosen."""
        small = self.env["sale.rma.reason"].search([("code", "in", ("wrong_size", "changed_mind"))])
        return [
            {
                "name": self.env._("Clothing: size swaps at once, refunds for 30 days"),
                "sequence": 10,
                "reason_ids": small.ids,
                "window_days": 30,
                "acceptance": "auto",
                "cost_bearer": "customer",
            },
            {
                "name": self.env._("Underwear and swimwear: not once worn"),
                "sequence": 20,
                "returnable": False,
                "explanation": self.env._(
                    "For hygienic reasons we take this item back only if something is wrong with "
                    "it."
                ),
            },
            {
                "name": self.env._("Electronics: 14 days, with the accessories"),
                "sequence": 30,
                "window_days": 14,
                "note_required": True,
                "explanation": self.env._("Please send all accessories back, too."),
            },
            {
                "name": self.env._("Food: not once opened"),
                "sequence": 40,
                "returnable": False,
                "explanation": self.env._("We take food back only if something is wrong with it."),
            },
            {
                "name": self.env._("Made to order: kept"),
                "sequence": 50,
                "returnable": False,
                "explanation": self.env._(
                    "This item was made for you: we take it back only if something is wrong with "
                    "it."
                ),
            },
            {
                "name": self.env._("Reduced by half: exchange only"),
                "sequence": 60,
                "discount_min": 50,
                "allow_refund": False,
                "window_days": 14,
            },
        ]
