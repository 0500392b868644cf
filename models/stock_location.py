from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_with_customer(self):
        """Whether goods here are the customer's. As `_is_outgoing`, which asks the database each
        time: only for the transit location between companies there is need to."""
        self.ensure_one()
        return self.usage == "customer" or (self.usage == "transit" and self._is_outgoing())

    def _is_rma_returns(self, returns):
        """Whether goods here wait for what becomes of them: a Returns location or one inside it.

        :param returns: the Returns locations of all warehouses
        """
        self.ensure_one()
        return any(self.parent_path.startswith(location.parent_path) for location in returns)

    def _is_rma_for_sale(self, returns):
        """Whether goods here are back for sale: an internal location that is no Returns one.

        :param returns: the Returns locations of all warehouses
        """
        self.ensure_one()
        return self.usage == "internal" and not self._is_rma_returns(returns)
