from odoo import api, models
from odoo.fields import Command


class SaleRma(models.Model):
    """A new return in the form: the order's returnable lines, to fill in the quantities."""

    _inherit = "sale.rma"

    @api.model
    def default_get(self, fields_list):
        """Propose the order's returnable lines at quantity 0 when the order is known."""
        values = super().default_get(fields_list)
        if "line_ids" in fields_list and values.get("order_id") and not values.get("line_ids"):
            order = self.env["sale.order"].browse(values["order_id"])
            values["line_ids"] = self._prepare_proposed_lines(order)
        return values

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if not self._origin and self.order_id:
            self.line_ids = [Command.clear(), *self._prepare_proposed_lines(self.order_id)]

    @api.model
    def _prepare_proposed_lines(self, order):
        return [
            Command.create(line._prepare_rma_line_vals())
            for line in order.order_line._filter_returnable()
            if line.qty_returnable > 0
        ]

    def web_save(self, vals, *args, **kwargs):
        """Override of `web`: lines left at zero in the form fall away."""
        if vals.get("line_ids"):
            vals = {**vals, "line_ids": self._drop_zero_lines(vals["line_ids"])}
        return super().web_save(vals, *args, **kwargs)

    @api.model
    def _drop_zero_lines(self, commands):
        kept = []
        for command in commands:
            code, line_id, line_vals = (*command, None)[:3]
            is_zero = isinstance(line_vals, dict) and line_vals.get("quantity") == 0
            if is_zero and code == Command.UPDATE:
                kept.append(Command.delete(line_id))
            elif not (is_zero and code == Command.CREATE):
                kept.append(command)
        return kept
