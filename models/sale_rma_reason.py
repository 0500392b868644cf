from odoo import fields, models

from ..tools.number_field import Count


class SaleRmaReason(models.Model):
    _name = "sale.rma.reason"
    _description = "Return Reason"
    _inherit = ["sale.rma.incoming"]
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
    restock = fields.Boolean(
        string="Goods can be sold again",
        default=True,
        help="What comes back for this reason is proposed to be put back for sale; otherwise it "
        "stays in Returns.",
    )
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "Each return reason needs a code of its own.")

    def _fits(self, rma_type):
        """Whether it is a reason for a kind of return."""
        self.ensure_one()
        return self.rma_types in ("all", rma_type)

    def _get_missing(self, note, photos):
        """Return what the reason asks for and is not there: the one rule, whoever asks.

        :param photos: returns them, where the reason asks for some
        :return: list of `note`, `photo`
        """
        missing = []
        if self.note_required and not (note or "").strip():
            missing.append("note")
        if self.photo_required and not photos():
            missing.append("photo")
        return missing
