from odoo import api, fields, models

# Where consumers have the right of withdrawal (docs/law.md L12): the European Union with the
# regions that Odoo lists as countries, Iceland, Liechtenstein and Norway.
EEA_COUNTRIES = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "AX",
        "BL",
        "GF",
        "GP",
        "MF",
        "MQ",
        "PM",
        "RE",
        "YT",
        "IS",
        "LI",
        "NO",
    ]
)


class SaleOrder(models.Model):
    """Which orders are contracts that consumers can withdraw from (docs/law.md L12, L14)."""

    _inherit = "sale.order"

    rma_is_distance_contract = fields.Boolean(
        string="Right of Withdrawal",
        compute="_compute_rma_is_distance_contract",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="A consumer in the European Union or the EEA bought it at a distance: the order and "
        "its mails link to the withdrawal function. Off where the customer is a company or lives "
        "elsewhere; switch it off for what was sold over the counter.",
    )
    rma_is_regular_delivery = fields.Boolean(
        string="Regular Deliveries",
        compute="_compute_rma_is_regular_delivery",
        store=True,
        readonly=False,
        precompute=True,
        help="Goods are delivered regularly over a time that was agreed, as with a subscription: "
        "the right of withdrawal runs from the first delivery, else from the last.",
    )

    @api.depends("partner_id", "partner_shipping_id")
    def _compute_rma_is_distance_contract(self):
        """Follows who the customer is when the order is made, not what becomes of him later.

        Nobody's right is cut by what is not known: without a country it is a consumer's here.
        """
        for order in self:
            # sudo: the law asks where the customer lives, whoever writes the order
            buyer = order.partner_id.sudo()
            countries = (buyer | order.partner_shipping_id.sudo()).country_id
            is_here = not countries or bool(EEA_COUNTRIES & set(countries.mapped("code")))
            order.rma_is_distance_contract = is_here and not buyer.commercial_partner_id.is_company

    @api.depends(lambda self: ["is_subscription"] if "is_subscription" in self._fields else [])
    def _compute_rma_is_regular_delivery(self):
        """Odoo's own data tell a regular delivery from pieces of one order only where there are
        subscriptions; taking one for the other would shorten the period, so nothing is guessed."""
        for order in self:
            is_subscription = "is_subscription" in self._fields and order["is_subscription"]
            order.rma_is_regular_delivery = bool(is_subscription)
