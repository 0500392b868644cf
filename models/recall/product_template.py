from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_recall(self):
        """Open the screen that recalls the product; of several variants one is chosen there.

        :return: act_window on `sale.rma.recall`
        """
        self.ensure_one()
        return self.product_variant_ids.action_recall()
