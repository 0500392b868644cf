from odoo import fields, models


class StockMove(models.Model):
    """Moves that keep goods for an exchange: of no transfer, so that nobody sends them, and
    cancelled when the exchange order takes their place."""

    _inherit = "stock.move"

    rma_hold_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Kept for the Exchange Of",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        check_company=True,
    )

    def _get_protected_names(self):
        """Override: only the program keeps goods for an exchange."""
        return super()._get_protected_names() | {"rma_hold_line_id"}

    def _keeps(self, vals):
        """Whether the move keeps what other values would, see
        `sale.rma.line._prepare_hold_vals`."""
        self.ensure_one()
        return bool(vals) and (
            self.product_id.id == vals["product_id"]
            and self.product_uom.id == vals["product_uom"]
            and self.location_id.id == vals["location_id"]
            and self.product_uom.compare(self.product_uom_qty, vals["product_uom_qty"]) == 0
        )

    def _get_source_document(self):
        """Override of `stock`: the forecast names the return that goods are kept for."""
        return self.rma_hold_line_id.rma_id or super()._get_source_document()
