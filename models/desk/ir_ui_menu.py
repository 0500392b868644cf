from odoo import models


class IrUiMenu(models.Model):
    """The returns desk in the menu of Sales."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Extend `base`: groups of a menu are alternatives; this one needs both, so that
        warehouse staff are not offered Sales and salespeople no desk that refuses them."""
        hidden = super()._load_menus_blacklist()
        if not self.env.user.has_group("stock.group_stock_user"):
            hidden.append(self.env.ref("sale_rma.sale_rma_desk_menu").id)
        return hidden
