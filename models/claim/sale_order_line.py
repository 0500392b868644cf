from odoo import api, fields, models
from odoo.tools import format_date

# Months that a repair adds to the guarantee, once (docs/law.md L31, N7).
REPAIR_MONTHS = 12
REPAIRED_STATES = ("accepted", "processing", "done")


class SaleOrderLine(models.Model):
    """How long customers can claim that something is wrong with what was sold (docs/law.md L29,
    L31)."""

    _inherit = "sale.order.line"

    rma_guarantee_end = fields.Date(
        string="Guarantee Until",
        compute="_compute_rma_guarantee_end",
        # of deliveries and claims, which not every reader of the order may read
        compute_sudo=True,
        help="Last day of the guarantee: the company's months from the day the customer got it, "
        "and twelve more once a repair was chosen instead of a replacement.",
    )

    @api.depends(
        "company_id.rma_guarantee_months",
        "move_ids.picking_id.rma_date_delivered",
        "move_ids.state",
        "rma_line_ids.resolution",
        "rma_line_ids.rma_id.rma_type",
        "rma_line_ids.rma_id.state",
    )
    def _compute_rma_guarantee_end(self):
        for line in self:
            start = line._get_guarantee_start()
            months = line.company_id.rma_guarantee_months + line._get_guarantee_months_added()
            line.rma_guarantee_end = start and fields.Date.add(start, months=months)

    def _get_guarantee_start(self):
        """Return the day the customer got the last of it; of a service, the day it was ordered.
        False where it has not been delivered."""
        self.ensure_one()
        if self.product_id.type == "service":
            return self._to_return_day(self.order_id.date_order)
        return self._get_arrival_day(self.move_ids._filter_first_deliveries()) or False

    def _get_guarantee_months_added(self):
        """Return the months that a repair adds: once, however often it is repaired."""
        self.ensure_one()
        repaired = self.rma_line_ids.filtered(
            lambda item: (
                item.resolution == "repair"
                and item.rma_id.rma_type == "claim"
                and item.rma_id.state in REPAIRED_STATES
            )
        )
        return REPAIR_MONTHS if repaired else 0

    # === WHAT CUSTOMERS ARE OFFERED === #

    def _get_return_window_end(self, travels, rma_type="return"):
        """Override: claims are open for the whole guarantee, whatever the commercial window."""
        if rma_type == "claim":
            return self.rma_guarantee_end or None
        return super()._get_return_window_end(travels, rma_type)

    def _get_late_message(self, until, rma_type="return"):
        """Override: what is over is the guarantee."""
        if rma_type == "claim":
            return self.env._("The guarantee ended on %(date)s.", date=format_date(self.env, until))
        return super()._get_late_message(until, rma_type)
