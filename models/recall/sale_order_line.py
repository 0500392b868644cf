import math

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_rma_recalled_units(self, lots):
        """Return the units of the line that these lots are in, in its unit; of kits, so many that
        none with a recalled part is left.

        :param dict lots: {`stock.lot`: units the customer has}, in the product's own unit
        """
        self.ensure_one()
        if not lots:
            return 0.0
        product = next(iter(lots)).product_id
        units = sum(lots.values()) / (self._get_rma_components().get(product) or 1.0)
        return float(math.ceil(units - 1e-6)) if self._is_kit() else units
