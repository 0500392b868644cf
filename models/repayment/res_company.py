from odoo import fields, models


class ResCompany(models.Model):
    """Settings of store credit."""

    _inherit = "res.company"

    rma_credit_bonus = fields.Float(
        string="Bonus on Store Credit",
        digits=(5, 2),
        help="Percent that a customer gets on top who takes store credit instead of his money.",
    )

    _rma_credit_bonus_range = models.Constraint(
        "CHECK (rma_credit_bonus >= 0 AND rma_credit_bonus <= 100)",
        "The bonus on store credit is a percentage from 0 to 100.",
    )
