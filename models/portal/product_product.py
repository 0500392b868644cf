from odoo import models
from odoo.tools.misc import limited_field_access_token


class ProductProduct(models.Model):
    """Pictures of products on customers' pages."""

    _inherit = "product.product"

    def _get_rma_picture_url(self):
        """Return the address of the small picture, for whoever is shown the page; nothing without
        a picture. It is kept by browsers, which a picture within the page is not."""
        self.ensure_one()
        if not self.image_128:
            return ""
        token = limited_field_access_token(self, "image_128", scope="binary")
        return f"/web/image/product.product/{self.id}/image_128?access_token={token}"
