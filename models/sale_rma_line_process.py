from odoo import models
from odoo.fields import Command


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _prepare_process_lines(self):
        """Return commands that propose what the processing screen does: everything that came
        back (or, nothing yet, everything asked for) back to stock and refunded as far as it is
        invoiced and not credited, nor settled by what the order is not billed any more. What was
        withdrawn before it was sent is refunded without coming back."""
        refundable = self.env["sale.rma.refund"]._get_qty_refundable(self.sale_line_id)
        settled = self._get_qty_settled_uninvoiced()
        nothing_came = {rma for rma in self.rma_id if not any(rma.line_ids.mapped("qty_received"))}
        commands = []
        for line in self:
            is_service = line.product_id.type == "service"
            asked = line._get_qty_to_come_back()
            awaited = asked if line.rma_id in nothing_came else line.qty_received
            received = 0.0 if is_service else awaited
            credited = line.sudo()._get_qty_credited()
            came = line.quantity if is_service else min(received, asked) + line.qty_unsent
            came -= settled[line]
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

    def _get_qty_settled_uninvoiced(self):
        """Return {return line: units that came back when nothing of them could be credited, and
        that the order does not bill any more}: a draft invoice was lowered to what was kept. To
        credit them too would bill them again (R5). In the sold line's unit."""
        settled = dict.fromkeys(self, 0.0)
        processed = self.filtered("rma_id.process_count")
        left = {}
        for sold in processed.sudo().sale_line_id:
            credited = sold._get_qty_credited_by_returns()
            left[sold.id] = sold._get_qty_returned_uninvoiced(credited)
        for line in processed:
            given_up = line.qty_received + line.qty_unsent
            uncredited = max(given_up - line.sudo()._get_qty_credited(), 0.0)
            settled[line] = min(uncredited, left[line.sale_line_id.id])
            left[line.sale_line_id.id] -= settled[line]
        return settled
