from odoo import api, fields, models

from ...tools.quantity_field import format_quantity, round_units

OFF_SALE = ("returns", "refurbish", "quarantine", "scrap", "supplier", "customer")


class SaleRmaLine(models.Model):
    """What the desk found of an item."""

    _inherit = "sale.rma.line"

    inspection_ids = fields.One2many(
        comodel_name="sale.rma.inspection",
        inverse_name="rma_line_id",
        string="Returned Pieces",
        readonly=True,
    )
    desk_summary = fields.Char(
        string="Found at the Desk",
        compute="_compute_desk_summary",
        compute_sudo=True,  # what was found is told to whoever sees the item
    )
    desk_photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Photos of the Desk",
        compute="_compute_desk_summary",
        compute_sudo=True,
    )

    @api.depends("inspection_ids.grade_id", "inspection_ids.disposition_id")
    def _compute_desk_summary(self):
        for line in self:
            pieces = line._get_placed()
            line.desk_photo_ids = pieces.attachment_ids
            line.desk_summary = "; ".join(
                self.env._(
                    "%(quantity)s %(grade)s: %(disposition)s",
                    quantity=format_quantity(self.env, piece.quantity),
                    grade=piece.grade_id.name,
                    disposition=piece.disposition_id.name,
                )
                + (f" ({piece.note})" if piece.note else "")
                for piece in pieces
            )

    def _get_placed(self):
        """Return the pieces that the desk has placed, the oldest first; of another serial number
        none."""
        return self.inspection_ids.filtered(
            lambda piece: piece.date_end and not piece.is_other
        ).sorted("id")

    def _get_sold_lots(self):
        """Return the lots and serial numbers that were sent for the item."""
        # sudo: lots of the item itself, shown to whoever unpacks it
        moves = self.sudo().sale_line_id.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id._is_with_customer()
        )
        return moves.move_line_ids.lot_id

    def _is_other_lot(self, lot_name):
        """Whether a lot or serial number is none that the item waits for, by the rule of receipts
        (`stock.move._get_other_serials`)."""
        self.ensure_one()
        names = self._get_sold_lots().mapped("name") if lot_name else []
        if not names:
            return False
        item = self.sudo()  # numbers of the item itself
        free = {item: item._get_qty_serials_unnamed()}
        return lot_name not in names or not item._takes_serial(lot_name, free)

    def _get_qty_off_sale(self):
        """Extend: what the desk put elsewhere is not proposed for sale."""
        quantity = super()._get_qty_off_sale()
        # sudo: numbers only
        for piece in self.sudo()._get_placed():
            if piece.action in OFF_SALE:
                quantity += piece.quantity
        return round_units(self.product_uom_id, quantity)

    def _get_qty_sent_back(self):
        """Return the units that were refused and go back to the customer, in the sold unit."""
        self.ensure_one()
        # sudo: numbers only
        pieces = self.sudo()._get_placed().filtered(lambda piece: piece.action == "customer")
        return sum(pieces.mapped("quantity"))

    def _get_qty_to_come_back(self):
        """Extend: what was refused and sent back to the customer is not waited for."""
        left = super()._get_qty_to_come_back()
        return max(left - self._get_qty_sent_back(), 0.0)
