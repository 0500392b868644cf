from odoo import models

from ...tools.number_field import Count


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    rma_transit_days = Count(
        string="Days in Transit",
        help="Days from dispatch to the customer's door at most. A delivery whose arrival nobody "
        "records counts as received then: the right of withdrawal runs from that day. 0: as many "
        "as the company's settings say.",
    )

    _rma_transit_days_positive = models.Constraint(
        "CHECK (rma_transit_days >= 0)",
        "The days in transit cannot be negative.",
    )

    def _get_offered_price(self, order):
        """Return what this method would cost, nothing where that is not known. One that is
        free, such as to fetch it at the shop, is no standard delivery: in doubt the customer gets
        more back.

        :param order: `sale.order`, in whose currency the price is
        """
        self.ensure_one()
        rate = self.rate_shipment(order)
        if not rate.get("success"):
            return None
        return rate["price"] if rate["price"] > 0 else None
