from odoo import models


class SaleRma(models.Model):
    _inherit = "sale.rma"

    def _has_nothing_arrived(self):
        """Whether goods have to come back of which nothing has come back."""
        self.ensure_one()
        goods = self.line_ids.filtered(
            lambda line: line.product_id.type != "service" and line._get_qty_to_come_back() > 0
        )
        return bool(goods) and not any(goods.mapped("qty_received"))


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _prepare_process_lines(self):
        """Return the values of the processing screen's lines: everything that came back or,
        nothing yet, everything asked for that was sent. What follows the lines propose (R10)."""
        nothing_came = {rma for rma in self.rma_id if not rma._has_arrivals()}
        vals_list = []
        for line in self:
            is_service = line.product_id.type == "service"
            asked = line._get_qty_to_come_back()
            awaited = asked if line.rma_id in nothing_came else line.qty_received
            vals_list.append(
                {
                    "rma_line_id": line.id,
                    "qty_received": 0.0 if is_service else awaited,
                    "warehouse_id": line.rma_id.warehouse_id.id,
                    "exchange": line.resolution == "exchange",
                }
            )
        return vals_list

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
