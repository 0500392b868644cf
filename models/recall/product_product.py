from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_recall(self):
        """Open the screen that recalls the product.

        :return: act_window on `sale.rma.recall`
        """
        action = self.env["ir.actions.actions"]._for_xml_id("sale_rma.sale_rma_recall_action")
        action["context"] = {"default_product_id": self.id if len(self) == 1 else False}
        return action
