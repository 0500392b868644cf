from odoo import models

from ...tools.number_field import Count


class ResCompany(models.Model):
    """Settings of the legal guarantee."""

    _inherit = "res.company"

    rma_guarantee_months = Count(
        string="Guarantee Period",
        default=24,
        help="Months from delivery in which customers can claim that something is wrong with an "
        "item, whatever the time to ask for a return. 24 is the least there is by law.",
    )

    _rma_guarantee_months_statutory = models.Constraint(
        "CHECK (rma_guarantee_months BETWEEN 24 AND 1200)",
        "The guarantee period cannot be shorter than the 24 months of the law.",
    )
