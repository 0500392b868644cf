from odoo import api, models
from odoo.fields import Domain

from ...tools.read_ahead import get_names_ahead


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base`: what a move consists of is read with its list."""
        names = get_names_ahead(self, field_names, ("move_id",))
        return super().search_fetch(domain, names, offset, limit, order)

    def _action_done(self):
        """Override of `stock`: the quants that goods of returns go through are read and locked at
        once; Odoo finds them at once, but reads and locks them one by one."""
        returned = self.filtered("move_id.rma_line_id")
        if not returned:
            return super()._action_done()
        locations = returned.location_id | returned.location_dest_id
        # sudo: Odoo moves quants so too; lots as it looks them up: customers may have many
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search_fetch(
                Domain("product_id", "in", returned.product_id.ids)
                & Domain("location_id", "in", locations.ids)
                & Domain("lot_id", "in", [*returned.lot_id.ids, False])
            )
        )
        locked = quants._lock_for_rma()
        return super(StockMoveLine, self.with_context(rma_locked_quants=locked))._action_done()
