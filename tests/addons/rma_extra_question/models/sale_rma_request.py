from odoo import api, models


class SaleRmaRequest(models.AbstractModel):
    """Two questions more: one of each item, one of the return."""

    _inherit = "sale.rma.request"

    @api.model
    def _check_line(self, line):
        super()._check_line(line)
        if not line.posted.get("worn"):
            line.errors["worn"] = self.env._("Tell us whether it was worn.")

    @api.model
    def _prepare_line_vals(self, line):
        return {**super()._prepare_line_vals(line), "is_worn": line.posted["worn"] == "yes"}

    @api.model
    def _prepare_return_vals(self, asked, lines):
        values = super()._prepare_return_vals(asked, lines)
        return {**values, "pickup_floor": asked.posted.get("pickup_floor")}
