from odoo import models


class SaleOrder(models.Model):
    """Who does on the customer's pages what the customer does."""

    _inherit = "sale.order"

    def _may_act_for_rma_customer(self):
        """Whether the user may ask for a return of the order, or withdraw from it, in the
        customer's name: customers, whose access the page checks; of colleagues those who may make
        returns and change the order. To read it, or to hold its link, is not enough for them: many
        may read orders, and the link is on them."""
        self.ensure_one()
        if not self.env.user._is_internal():
            return True
        # sudo: taken away: the user's own rights are asked
        order = self.sudo(False)
        return order.env["sale.rma"].has_access("create") and order.has_access("write")
