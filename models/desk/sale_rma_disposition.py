from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.number_field import Count

ACTIONS = [
    ("restock", "Back to stock"),
    ("returns", "Wait in Returns"),
    ("refurbish", "Refurbish"),
    ("quarantine", "Quarantine"),
    ("scrap", "Scrap"),
    ("supplier", "To the supplier"),
    ("customer", "Back to the customer"),
]
INSIDE = ("refurbish", "quarantine")
"""Actions whose goods wait in a place of their own inside Returns: not for sale."""


class SaleRmaDisposition(models.Model):
    """Where a piece that came back goes: names of the shop's own over fixed actions."""

    _name = "sale.rma.disposition"
    _description = "Disposition of Returned Goods"
    _inherit = ["sale.rma.incoming"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Scanned from a printed sheet as TO:<code>; used by programs."
    )
    key = fields.Char(size=1, help="The key that sets it at the returns desk.")
    action = fields.Selection(selection=ACTIONS, required=True, default="returns")
    location_id = fields.Many2one(
        comodel_name="stock.location",
        company_dependent=True,
        domain="[('usage', '=', 'internal')]",
        help="A place inside the Returns location of a warehouse. Empty: one is made there.",
    )
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is a disposition with this code already: choose another one."
    )

    @api.constrains("location_id", "action")
    def _check_location(self):
        """What is outside Returns counts as for sale (S13)."""
        returns = self.env["stock.warehouse"]._get_rma_locations()
        for disposition in self.filtered(lambda row: row.action in INSIDE and row.location_id):
            # sudo: where it is only
            if not disposition.sudo().location_id._is_rma_returns(returns):
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(location)s is not inside a Returns location, so what is there "
                        "would count as for sale. Choose one inside, or leave it empty.",
                        name=disposition.name,
                        location=disposition.sudo().location_id.display_name,
                    )
                )
