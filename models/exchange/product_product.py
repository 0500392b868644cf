from odoo import api, models


class ProductProduct(models.Model):
    """What is looked for to be sent instead is mostly the same in another size or colour."""

    _inherit = "product.product"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Override of the ORM: with the product that came back in the context, its sister variants
        come first."""
        found = super().name_search(name, domain, operator, limit)
        sister = self.env.context.get("rma_sister_of")
        if not isinstance(sister, int) or isinstance(sister, bool):
            return found
        template = self.search([("id", "=", sister)]).product_tmpl_id
        own = [*(domain or []), ("product_tmpl_id", "=", template.id)]
        sisters = super().name_search(name, own, operator, limit) if template else []
        ids = {product_id for product_id, _name in sisters}
        return (sisters + [row for row in found if row[0] not in ids])[:limit]
