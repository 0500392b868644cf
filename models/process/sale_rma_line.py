from odoo import models

from ...tools.quantity_field import round_units
from .proposal import get_qty_come, get_qty_credited


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _prepare_process_lines(self):
        """Return the values of the processing screen's lines; what follows the lines propose
        (R10)."""
        received = self._get_qty_proposed_received()
        return [
            {
                "rma_line_id": line.id,
                "qty_received": received[line],
                "warehouse_id": line.rma_id.warehouse_id.id,
                "exchange": line.resolution == "exchange",
            }
            for line in self
        ]

    def _get_qty_proposed_received(self):
        """Return {return line: units that are proposed as come back}: everything that came back
        or, nothing yet, everything asked for that was sent. Where another serial number came,
        nothing is proposed until somebody decides."""
        nothing_came = {rma for rma in self.rma_id if not rma._has_arrivals()}
        quantities = {}
        for line in self:
            awaited = line.rma_id in nothing_came and not line._has_other_serials()
            quantity = line._get_qty_to_come_back() if awaited else line.qty_received
            quantities[line] = 0.0 if line.product_id.type == "service" else quantity
        return quantities

    def _get_qty_refundable(self):
        """Return the units that are asked for, invoiced and not credited."""
        self.ensure_one()
        sold = self.sale_line_id
        invoiced = self.env["sale.rma.refund"]._get_qty_refundable(sold).get(sold, 0.0)
        # sudo: credit notes are accounting's; a number gets out
        return max(min(self.quantity - self.sudo()._get_qty_credited(), invoiced), 0.0)

    def _stop_awaiting_kept(self):
        """Plan the receipts of items that the customer keeps for the rest of them only."""
        self._cancel_planned_moves()
        missing = {}
        for line in self:
            come = get_qty_come(line, line.qty_received)
            settled = max(come, get_qty_credited(line))
            quantity = round_units(line.product_uom_id, line.quantity - settled)
            if quantity > 0 and line.product_id.type != "service":
                # sudo: what a kit is made of, whoever processes
                components = line.sudo().sale_line_id._get_rma_components()
                missing[line, line.rma_id.warehouse_id] = {
                    product: needed * quantity for product, needed in components.items()
                }
        self.env["sale.rma"]._create_receipts(missing)

    def _get_qty_settled_uninvoiced(self):
        """Return {return line: units that came back when nothing of them could be credited, and
        that the order does not bill any more}: a draft invoice was lowered to what was kept. To
        credit them too would bill them again (R5). In the sold line's unit."""
        settled = dict.fromkeys(self, 0.0)
        processed = self.filtered("rma_id.process_count")
        left = {}
        # sudo: credit notes are accounting's; numbers get out
        for sold in processed.sudo().sale_line_id:
            credited = sold._get_qty_credited_by_returns()
            left[sold.id] = sold._get_qty_returned_uninvoiced(credited)
        for line in processed:
            given_up = line.qty_received + line.qty_unsent
            # sudo: as above
            uncredited = max(given_up - line.sudo()._get_qty_credited(), 0.0)
            settled[line] = min(uncredited, left[line.sale_line_id.id])
            left[line.sale_line_id.id] -= settled[line]
        return settled

    def _is_given_back(self):
        """Whether a refund is proposed for what comes back; a hook for rooms that settle it
        otherwise."""
        self.ensure_one()
        return True

    def _is_fit_for_sale(self):
        """Whether what comes back is proposed to be put back for sale; a hook for rooms by which
        more is unfit than by its reason."""
        self.ensure_one()
        return not self.reason_id or self.reason_id.restock

    def _get_qty_off_sale(self):
        """Return the units that came back and were put where they are not for sale, in the sold
        line's unit: they are not proposed to be put back; a hook for the room that puts them."""
        self.ensure_one()
        return 0.0
