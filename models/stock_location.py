from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_outgoing(self):
        """Override of `stock`, which asks the database each time whether the transit location
        between companies is still there: that is of use only for what is inside it."""
        self.ensure_one()
        transit_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        if self.usage != "customer" and f"/{transit_id}/" not in f"/{self.parent_path}":
            return False
        return super()._is_outgoing()

    def _is_with_customer(self):
        """Whether goods here are the customer's. As `_is_outgoing`, but of what is inside the
        transit location between companies only transit locations."""
        self.ensure_one()
        return self.usage == "customer" or (self.usage == "transit" and self._is_outgoing())
