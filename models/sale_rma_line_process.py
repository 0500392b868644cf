from odoo import models
from odoo.fields import Command


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _prepare_process_lines(self):
        """Return commands that propose what the processing screen does: everything that came
        back (or, nothing yet, everything asked for) back to stock and refunded as far as it is
        invoiced and not credited."""
        refundable = self.env["sale.rma.refund"]._get_qty_refundable(self.sale_line_id)
        nothing_came = {rma for rma in self.rma_id if not any(rma.line_ids.mapped("qty_received"))}
        commands = []
        for line in self:
            is_service = line.product_id.type == "service"
            awaited = line.quantity if line.rma_id in nothing_came else line.qty_received
            received = 0.0 if is_service else awaited
            credited = line.sudo()._get_qty_credited()
            came = line.quantity if is_service else min(received, line.quantity)
            refund = min(came - credited, refundable.get(line.sale_line_id, 0.0))
            refundable[line.sale_line_id] = refundable.get(line.sale_line_id, 0.0) - max(refund, 0)
            commands.append(
                Command.create(
                    {
                        "rma_line_id": line.id,
                        "qty_received": received,
                        "qty_restock": max(received - line.qty_restocked, 0.0),
                        "warehouse_id": line.rma_id.warehouse_id.id,
                        "qty_refund": max(line.product_uom_id.round(refund), 0.0),
                        "exchange": line.resolution == "exchange",
                    }
                )
            )
        return commands
