from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_recall(self):
        """Open the screen that recalls these lots.

        :return: act_window on `sale.rma.recall`
        """
        action = self.product_id[:1].action_recall()
        action["context"]["default_lot_ids"] = self.ids
        return action
