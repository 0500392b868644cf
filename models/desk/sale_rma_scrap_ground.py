from odoo import fields, models

from ...tools.number_field import Count


class SaleRmaScrapGround(models.Model):
    """Why goods are discarded. Those of Delegated Regulation (EU) 2026/296 are the only ones on
    which unsold clothing and shoes may be destroyed (docs/law.md N5)."""

    _name = "sale.rma.scrap.ground"
    _description = "Ground for Scrapping"
    _inherit = ["sale.rma.incoming"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Of article 2 of the Delegated Regulation, where it is one of those."
    )
    is_listed = fields.Boolean(
        string="Clothing and Shoes",
        help="One of the grounds on which unsold clothing and shoes may be destroyed.",
    )
    proof_required = fields.Boolean(help="A file that proves it has to be kept with the scrapping.")
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is a ground with this code already: choose another one."
    )
