from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sale_rma.tools.quantity_field import Quantity, format_quantity, is_countable


class SaleRmaWithdrawalRecordLine(models.TransientModel):
    """How many of an item a recorded withdrawal is about, in the sold line's unit."""

    _name = "sale.rma.withdrawal.record.line"
    _description = "Item of a Recorded Withdrawal"
    _inherit = ["sale.rma.incoming"]

    wizard_id = fields.Many2one(
        comodel_name="sale.rma.withdrawal.record", required=True, ondelete="cascade", index=True
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="sale_line_id.product_id")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    qty_ordered = fields.Float(related="sale_line_id.product_uom_qty", string="Ordered")
    quantity = Quantity(
        string="Withdrawn", digits="Product Unit", help="0: the consumer keeps this item."
    )

    def _check_declarable(self, order):
        """:raise UserError: an item of another order, no number, more than was ordered, nothing at
        all"""
        possible = order._get_withdrawal_lines()
        if self.sale_line_id - possible:
            raise UserError(self.env._("Only items of %(order)s can be chosen.", order=order.name))
        for line in self:
            unit = line.product_uom_id
            if (
                not is_countable(line.quantity)
                or unit.compare(line.quantity, 0.0) < 0
                or unit.compare(line.quantity, line.qty_ordered) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(product)s: %(ordered)s were ordered. Give a quantity from 0 to that.",
                        product=line.product_id.display_name,
                        ordered=format_quantity(self.env, line.qty_ordered),
                    )
                )
        if self and not any(self.mapped("quantity")):
            raise UserError(
                self.env._("Nothing is withdrawn: give a quantity of at least one item.")
            )

    def _prepare_items(self):
        """Return what is declared, as `sale.rma.withdrawal._submit` takes it; nothing where it is
        the whole order."""
        if not self:
            return []
        is_whole = self.sale_line_id == self.wizard_id.order_id._get_withdrawal_lines() and all(
            line.product_uom_id.compare(line.quantity, line.qty_ordered) == 0 for line in self
        )
        return [
            {
                "sale_line_id": line.sale_line_id.id,
                "quantity": line.quantity,
                "description": f"{format_quantity(self.env, line.quantity)} × "
                f"{line.product_id.display_name}",
            }
            for line in self
            if line.quantity and not is_whole
        ]
