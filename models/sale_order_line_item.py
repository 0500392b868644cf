from odoo import api, fields, models
from odoo.fields import Domain

WITH_SERVICES = ("claim", "withdrawal")


class SaleOrderLine(models.Model):
    """Which sold lines are something a customer can give back (R1): the one rule, for lines and
    for searches."""

    _inherit = "sale.order.line"

    is_rma_item = fields.Boolean(
        string="Can Be Given Back",
        compute="_compute_is_rma_item",
        search="_search_is_rma_item",
        help="Goods or a service, no discount, delivery, down payment or text.",
    )

    def _compute_is_rma_item(self):
        for line in self:
            line.is_rma_item = line._is_returnable("claim")

    def _search_is_rma_item(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_returnable_domain("claim")
        return domain if True in value else ~domain

    def _filter_returnable(self, rma_type="return"):
        """Return the lines that a return of this type can take back."""
        return self.filtered(lambda line: line._is_returnable(rma_type))

    def _is_returnable(self, rma_type="return"):
        """Whether the line is something a customer can give back (R1): goods, for claims services
        too, and for withdrawals as far as not performed; no section, down payment, delivery,
        discount or payment reward."""
        self.ensure_one()
        return bool(
            self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.is_expense
            and not self._is_delivery()
            and not self._is_order_discount()  # a reward that is a product is goods
            and self.product_id.type != "combo"
            and (self.product_id.type != "service" or rma_type in WITH_SERVICES)
        )

    def _is_order_discount(self):
        """Whether the line takes something off other lines (global discount, reward)."""
        self.ensure_one()
        return bool(
            self._is_global_discount()
            or self._is_discount_line()
            or (self.reward_id and self.reward_id.reward_type != "product")
        )

    @api.model
    def _get_returnable_domain(self, rma_type="return"):
        """Return the domain of `_is_returnable`."""
        # `any!`: customers, who may not read products and rewards, are told nothing of them here
        kinds = ["combo"] if rma_type in WITH_SERVICES else ["combo", "service"]
        goods = Domain("product_id", "any!", Domain("type", "not in", kinds))
        gifts = Domain("reward_id", "any!", Domain("reward_type", "=", "product"))
        # sudo: products only, which nobody is shown
        companies = self.env["res.company"].sudo()
        discounts = companies.search([("sale_discount_product_id", "!=", False)])
        return (
            Domain("display_type", "=", False)
            & Domain("is_downpayment", "=", False)
            & Domain("is_expense", "=", False)
            & Domain("is_delivery", "=", False)
            & goods
            & (Domain("reward_id", "=", False) | gifts)
            & Domain("product_id", "not in", discounts.sale_discount_product_id.ids)
        )
