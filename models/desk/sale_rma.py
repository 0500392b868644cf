from odoo import fields, models


class SaleRma(models.Model):
    """Parcels of returns."""

    _inherit = "sale.rma"

    parcel_ids = fields.One2many(
        comodel_name="sale.rma.parcel", inverse_name="rma_id", string="Parcels", readonly=True
    )
