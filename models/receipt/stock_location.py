from odoo import models


class StockLocation(models.Model):
    """Where goods that came back wait for what becomes of them."""

    _name = "stock.location"
    _inherit = ["stock.location", "sale.rma.cached"]
    # what is in a warehouse is kept in memory (`stock.warehouse._get_rma_places_for_sale`)
    _cached_by = frozenset({"location_id"})

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
