from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_domain_locations_new(self, location_ids):
        """Override of `stock`: goods waiting in a Returns location are not for sale (S13).

        A question about warehouses is answered for their locations but Returns; one about named
        locations (valuation, a location's own content) is answered as it was asked.
        """
        context = self.env.context
        if location_ids and not (context.get("location") or context.get("search_location")):
            location_ids = self._without_returns_locations(location_ids)
        return super()._get_domain_locations_new(location_ids)

    def _without_returns_locations(self, location_ids):
        """Replace the view locations of warehouses by what they contain except Returns."""
        warehouses = self.env["stock.warehouse"]
        if not warehouses._get_rma_location_ids():
            return location_ids
        places = warehouses._get_rma_places_for_sale()
        asked = set(location_ids)
        return (asked - places.keys()).union(*(places[view] for view in asked & places.keys()))

    def _read_for_pages(self):
        """Read at once what customers' pages show of these products: names and small pictures.
        Odoo reads each picture by itself where it is shown."""
        self.fetch(["image_variant_128"])
        self.product_tmpl_id.fetch(["name", "image_128"])
