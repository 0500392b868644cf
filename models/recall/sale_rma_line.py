from odoo import models


class SaleRmaLine(models.Model):
    _inherit = "sale.rma.line"

    def _is_fit_for_sale(self):
        """Override: what is recalled is not sold again."""
        return self.rma_id.rma_type != "recall" and super()._is_fit_for_sale()
