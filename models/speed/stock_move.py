from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from odoo.addons.stock_account.models.stock_move import VALUATION_DICT

from ...tools.read_ahead import get_names_ahead


class StockMove(models.Model):
    """What Odoo looks up move by move is asked once for all moves of returns: mostly there is
    nothing to find. Where there is something, Odoo goes on as ever."""

    _inherit = "stock.move"

    # the ORM reads it for many moves at once and keeps it true when a value is added
    rma_value_ids = fields.One2many(
        comodel_name="product.value",
        inverse_name="move_id",
        string="Values Set by Hand",
        groups=NO_ACCESS,
    )

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base`: the moves of a sold or returned line are read with their list."""
        names = get_names_ahead(self, field_names, ("rma_line_id", "sale_line_id"))
        return super().search_fetch(domain, names, offset, limit, order)

    def _get_rma_products_to_reorder(self):
        """Return the products of returns that have reordering rules, archived ones too. The ORM
        has read them when it computed what depends on the moves."""
        products = self.filtered("rma_line_id").product_id
        # sudo: all rules, as Odoo computes them
        return products.sudo().with_context(active_test=False).filtered("orderpoint_ids")

    def _update_orderpoints(self):
        """Override of `stock`, which searches the rules at each change of a move: products
        without any have none to compute anew."""
        to_reorder = self._get_rma_products_to_reorder()
        moves = self.filtered(lambda move: not move.rma_line_id or move.product_id in to_reorder)
        return super(StockMove, moves)._update_orderpoints()

    def _trigger_scheduler(self):
        """Override of `stock`: goods that leave a place no reordering rule looks after, as the
        customer's, call for none."""
        moves = self.filtered("rma_line_id")
        if to_reorder := self._get_rma_products_to_reorder():
            rules = self.env["stock.warehouse.orderpoint"].search(
                Domain("product_id", "in", to_reorder.ids)
                & Domain("trigger", "=", "auto")
                & Domain("location_id", "parent_of", moves.location_id.ids)
            )
            products = rules.product_id
            moves = moves.filtered(lambda move: move.product_id not in products)
        return super(StockMove, self - moves)._trigger_scheduler()

    def _push_apply(self):
        """Override of `stock`: nothing moves on from a location that no rule pushes from."""
        moves = self.filtered(lambda move: move.rma_line_id and not move.move_dest_ids)
        if moves:
            # sudo: of all companies, as Odoo looks in a warehouse of another one too
            rules = self.env["stock.rule"].sudo()
            rules = rules.search(
                Domain("location_src_id", "parent_of", moves.location_dest_id.ids)
                & Domain("action", "in", ("push", "pull_push"))
            )
            pushed_from = rules.location_src_id
            moves = moves.filtered(
                lambda move: not any(map(move.location_dest_id._child_of, pushed_from))
            )
        return super(StockMove, self - moves)._push_apply()

    def _get_manual_value(self, quantity, at_date=None):
        """Override of `stock_account`: without any value set by hand there is none to search."""
        # sudo: Odoo reads these values so too
        if self.rma_line_id and not self.sudo().rma_value_ids:
            return dict(VALUATION_DICT)
        return super()._get_manual_value(quantity, at_date)
