from odoo import fields, models


class SaleRmaParcelStep(models.Model):
    """A step at the desk: done once, however often it is sent, and undone from the last."""

    _name = "sale.rma.parcel.step"
    _description = "Step of a Parcel"
    _inherit = ["sale.rma.incoming"]
    _order = "id desc"

    parcel_id = fields.Many2one(
        comodel_name="sale.rma.parcel", required=True, readonly=True, index=True, ondelete="cascade"
    )
    token = fields.Char(readonly=True)
    kind = fields.Char(required=True, readonly=True)
    # what it needs to be undone
    data = fields.Json(readonly=True)
    # what else than the state it answered
    answer = fields.Json(readonly=True)
    is_undone = fields.Boolean(readonly=True)

    _token_once = models.UniqueIndex(
        "(create_uid, token) WHERE token IS NOT NULL", "This step was done already."
    )
