from odoo import fields, models


class SaleRma(models.Model):
    """Parcels of returns."""

    _inherit = "sale.rma"

    parcel_ids = fields.One2many(
        comodel_name="sale.rma.parcel", inverse_name="rma_id", string="Parcels", readonly=True
    )
    desk_process_count = fields.Integer(
        readonly=True,
        copy=False,
        help="How many of the processings were the returns desk's, which gives no money.",
    )

    def _get_technical_names(self):
        """Extend: what only the program needs."""
        return super()._get_technical_names() | {"desk_process_count"}

    def _is_processed_by_clerk(self):
        """Whether a colleague decided something: the returns desk receives and places only."""
        self.ensure_one()
        return self.process_count > self.desk_process_count
