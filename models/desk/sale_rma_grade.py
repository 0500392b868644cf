from odoo import fields, models

from ...tools.number_field import Count


class SaleRmaGrade(models.Model):
    """In which condition a piece came back."""

    _name = "sale.rma.grade"
    _description = "Grade of Returned Goods"
    _inherit = ["sale.rma.incoming"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Scanned from a printed sheet as GRADE:<code>; used by programs."
    )
    key = fields.Char(size=1, help="The key that sets it at the returns desk.")
    disposition_id = fields.Many2one(
        comodel_name="sale.rma.disposition",
        string="Proposed Disposition",
        ondelete="restrict",
        help="Where a piece of this grade goes, as far as its reason and category allow it.",
    )
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is a grade with this code already: choose another one."
    )
