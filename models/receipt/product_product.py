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
        # sudo: where goods are kept is asked by whoever may ask how many there are
        warehouses = self.env["stock.warehouse"].sudo()
        views = warehouses.search_fetch(
            [("view_location_id", "in", list(location_ids))], ["view_location_id"]
        ).view_location_id
        returns = warehouses._get_rma_locations()
        if not views or not returns:
            return location_ids
        children = returns.with_context(active_test=False)._search(
            [("location_id", "in", views.ids), ("id", "not in", returns.ids)]
        )
        return (set(location_ids) - set(views.ids)) | set(children)

    def _read_for_pages(self):
        """Read at once what customers' pages show of these products: names and small pictures.
        Odoo reads each picture by itself where it is shown."""
        self.fetch(["image_variant_128"])
        self.product_tmpl_id.fetch(["name", "image_128"])
