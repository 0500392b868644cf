from odoo import fields, models

# Methods whose price can be asked without asking the carrier.
PRICED_HERE = ("fixed", "base_on_rule")


class SaleOrder(models.Model):
    """What the chosen delivery cost more than the cheapest one that was offered (docs/law.md
    L20)."""

    _inherit = "sale.order"

    rma_shipping_supplement = fields.Float(
        string="Delivery Supplement",
        readonly=True,
        copy=False,
        digits="Product Price",
        help="What the chosen delivery cost more than the cheapest that was offered when the order "
        "was confirmed, as the delivery line says its price: not owed after a withdrawal.",
    )

    def action_confirm(self):
        """Extend `sale`: what was offered is known now, and may be another thing later."""
        result = super().action_confirm()
        # sudo: the prices of delivery methods are no secret of their order's seller
        for order in self.sudo().filtered("carrier_id"):
            if supplement := order._get_shipping_supplement():
                order.rma_shipping_supplement = supplement
        return result

    def _get_shipping_supplement(self):
        """Return what the delivery costs more than the cheapest other method offered, in the
        order's currency, as prices of its lines are."""
        self.ensure_one()
        lines = self.order_line.filtered("is_delivery")
        paid = sum(line.price_unit * line.product_uom_qty for line in lines)
        if self.currency_id.compare_amounts(paid, 0.0) <= 0:
            return 0.0
        prices = [carrier._get_offered_price(self) for carrier in self._get_offered_carriers()]
        cheapest = min((price for price in prices if price is not None), default=paid)
        return max(paid - cheapest, 0.0)

    def _get_offered_carriers(self):
        """Return the other delivery methods the customer could have chosen."""
        carriers = self.env["delivery.carrier"].search(
            [
                *self.env["delivery.carrier"]._check_company_domain(self.company_id),
                ("delivery_type", "in", PRICED_HERE),
                ("id", "!=", self.carrier_id.id),
            ]
        )
        if "website_published" in carriers._fields:
            carriers = carriers.filtered("website_published")
        return carriers.filtered(lambda carrier: carrier._is_available_for_order(self))
