from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models


class Arrival(NamedTuple):
    """When the customer received a delivery: dates.

    `day` is what counts: `recorded` if somebody, a carrier or another program said so, else `sent`
    and the days in transit.
    """

    sent: object
    recorded: object
    day: object


class StockPicking(models.Model):
    """When deliveries reach the customer (docs/law.md L14)."""

    _inherit = "stock.picking"

    rma_date_delivered = fields.Date(
        string="Delivered On",
        copy=False,
        tracking=True,
        help="Day the customer received the goods, where it is known: written by hand, by the "
        "carrier or by another program. Empty: the day they were sent and the days in transit "
        "of the delivery method. The right of withdrawal runs from that day.",
    )

    def _get_rma_transit_days(self):
        """Return the days the delivery takes: its delivery method's, else the company's."""
        self.ensure_one()
        return self.carrier_id.rma_transit_days or self.company_id.rma_transit_days

    def _get_rma_arrival(self, moment=None):
        """Return the `Arrival` of a done delivery.

        :param datetime moment: when it was sent, in UTC, where the transfer does not say it
        """
        self.ensure_one()
        clock = self.env["sale.rma.clock"]
        sent = clock._get_company_day(self.company_id, self.date_done or moment)
        recorded = self.rma_date_delivered or None
        return Arrival(
            sent, recorded, recorded or sent + timedelta(days=self._get_rma_transit_days())
        )
