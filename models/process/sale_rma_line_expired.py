from odoo import models


class SaleRmaLine(models.Model):
    """Lots whose date is over (`product_expiry`, which is no dependency): they are not proposed
    for sale, and who puts them back all the same is asked, as at the dock."""

    _inherit = "sale.rma.line"

    def _is_fit_for_sale(self):
        """Override: what is expired is not proposed for sale."""
        return super()._is_fit_for_sale() and not self._get_expired_lots()

    def _get_expired_lots(self):
        """Return the lots of the item, come back or announced, whose date is over."""
        self.ensure_one()
        lots = self.env["stock.lot"].sudo()  # names and dates, whoever processes the return
        if self.product_id.tracking == "none" or "product_expiry_alert" not in lots._fields:
            return lots
        # sudo: as above
        lots = self.sudo().move_ids.filtered(lambda move: move.state != "cancel").lot_ids
        return lots.filtered("product_expiry_alert")
