from odoo import fields, models


class SaleRmaReason(models.Model):
    _name = "sale.rma.reason"
    _description = "Return Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Short stable name used by imports and the API, such as wrong_size."
    )
    rma_types = fields.Selection(
        selection=[
            ("all", "Any return"),
            ("return", "Commercial return"),
            ("claim", "Claim"),
        ],
        string="Fits",
        default="all",
        required=True,
        help="Kind of return this reason is offered for. A withdrawal never asks for one.",
    )
    photo_required = fields.Boolean(help="The customer has to add a photo.")
    note_required = fields.Boolean(string="Comment required", help="A comment has to be given.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "Each return reason needs a code of its own.")
