from odoo import fields, models


class StockScrap(models.Model):
    """Returned goods that are scrapped: on which ground, and with which proof."""

    _name = "stock.scrap"
    _inherit = ["stock.scrap", "sale.rma.protected"]

    rma_inspection_id = fields.Many2one(
        comodel_name="sale.rma.inspection",
        string="Returned Piece",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rma_ground_id = fields.Many2one(
        comodel_name="sale.rma.scrap.ground", string="Ground", copy=False, ondelete="restrict"
    )
    rma_proof_ids = fields.Many2many(
        related="rma_inspection_id.attachment_ids", string="Photos and Proof"
    )

    def _get_protected_names(self):
        """Override: which piece it was is written by the program only."""
        return super()._get_protected_names() | {"rma_inspection_id"}

    def _prepare_move_values(self):
        """Override of `stock`: what is scrapped does not wait in Returns any more."""
        values = super()._prepare_move_values()
        # sudo: which returned item it is, whoever scraps it
        piece = self.sudo().rma_inspection_id
        if piece and not piece.is_other:
            values["rma_line_id"] = piece.rma_line_id.id
        return values
