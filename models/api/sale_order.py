from collections import defaultdict

from odoo import models
from odoo.tools import format_date

from ...tools.quantity_field import round_units
from ..sale_order_line_return_window import ReturnOffer


class SaleOrder(models.Model):
    """What the statutory right of withdrawal covers, told as what can be returned is told."""

    _inherit = "sale.order"

    def _get_withdrawal_offers(self):
        """Return {sold line: `ReturnOffer`} of the right of withdrawal; of lines it does not cover
        an offer of none. A statement after the last day is taken too, and judged by a person."""
        self.ensure_one()
        offers = defaultdict(ReturnOffer)
        if not self._filter_withdrawable():
            return offers
        period = self.env["sale.rma.period"]._get_periods(self)[self]
        code, message = ("", "")
        if not period.is_open:
            day = format_date(self.env, period.end)
            code, message = "late", self.env._("Could be withdrawn from until %(date)s.", date=day)
        for line in self._get_withdrawal_lines():
            # sudo: quantities that withdrawals of this order cover
            left = line.product_uom_qty - line.sudo()._get_qty_withdrawn()
            quantity = max(round_units(line.product_uom_id, left), 0.0) if period.is_open else 0.0
            offers[line] = ReturnOffer(quantity, code, message, period.end)
        return offers
