from odoo import api, models
from odoo.tools import SQL


class StockLocation(models.Model):
    """Whether goods are with the customer: the one rule, in Python and in SQL."""

    _inherit = "stock.location"

    def _is_outgoing(self):
        """Override of `stock`, which asks the database each time whether the transit location
        between companies is still there: that is of use only for what is inside it."""
        self.ensure_one()
        transit_id = self._get_inter_company_id()
        if self.usage != "customer" and f"/{transit_id}/" not in f"/{self.parent_path}":
            return False
        return super()._is_outgoing()

    def _is_with_customer(self):
        """Whether goods here are the customer's. As `_is_outgoing`, but of what is inside the
        transit location between companies only transit locations."""
        self.ensure_one()
        return self.usage == "customer" or (self.usage == "transit" and self._is_outgoing())

    @api.model
    def _get_with_customer_sql(self, alias):
        """Return SQL for `_is_with_customer`: the same rule for many locations.

        :param str alias: of `stock_location` in the query
        """
        location = SQL.identifier(alias)
        between = f"%/{self._get_inter_company_id() or 0}/%"
        return SQL(
            "(%(location)s.usage = 'customer' OR (%(location)s.usage = 'transit'"
            " AND '/' || %(location)s.parent_path LIKE %(between)s))",
            location=location,
            between=between,
        )

    @api.model
    def _get_inter_company_id(self):
        # not env.ref, which asks the database each time
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
