from odoo import models


class SaleRmaLine(models.Model):
    """Returned items as programs read them."""

    _inherit = "sale.rma.line"

    def _describe(self):
        """Return the item as programs read it; quantities in the sold line's unit."""
        self.ensure_one()
        return {
            "rma_line": self.id,
            "sale_line_id": self.sale_line_id.id,
            "product_id": self.product_id.id,
            "sku": self.product_id.default_code or "",
            "quantity": self.quantity,
            "received": self.qty_received,
            "restocked": self.qty_restocked,
            "refunded": self.qty_refunded,
            "exchanged": self.qty_exchanged,
            "unit": self.product_uom_id.name,
            "reason": self.reason_id.code or None,
            "resolution": self.resolution,
        }
