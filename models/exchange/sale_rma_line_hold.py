from odoo import fields, models

WISH = {"exchange_product_id", "resolution", "quantity"}


class SaleRmaLine(models.Model):
    """What is kept for the exchange of one item."""

    _inherit = "sale.rma.line"

    hold_move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="rma_hold_line_id",
        string="Kept for the Exchange",
        readonly=True,
        copy=False,
    )

    def write(self, vals):
        """Extend the ORM: another wish, another thing that is kept."""
        result = super().write(vals)
        if WISH & vals.keys():
            # sudo: goods are kept by the shop's rule, whoever changes the wish (R9)
            self.sudo()._sync_exchange_hold()
        return result

    def unlink(self):
        """Extend the ORM: nothing is kept for what is no item any more."""
        # sudo: as in `_sync_exchange_hold`
        self.sudo()._get_hold_moves()._action_cancel()
        return super().unlink()

    def _get_hold_moves(self):
        """Return the moves that keep something now."""
        return self.hold_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _sync_exchange_hold(self):
        """Keep what these items' customers want instead, neither more nor less. Called as
        superuser."""
        wrong, missing = self.env["stock.move"], []
        for line in self:
            wanted = line._prepare_hold_vals() if line.rma_id._is_exchange_kept() else {}
            moves = line._get_hold_moves()
            kept = moves.filtered(lambda move, wanted=wanted: move._keeps(wanted))[:1]
            wrong |= moves - kept
            if wanted and not kept:
                missing.append(wanted)
        wrong._action_cancel()
        if missing:
            moves = self.env["stock.move"].create(missing)._action_confirm(merge=False)
            moves._action_assign()
            self.rma_id._log_exchange_kept(moves)

    def _prepare_hold_vals(self):
        """Return the values of the move that keeps what is wanted instead and was not sent yet;
        none where there is nothing to keep."""
        self.ensure_one()
        product = self._get_exchange_proposal() if self.resolution == "exchange" else None
        if not product or not product.is_storable:
            return {}
        is_same = product.product_tmpl_id == self.sale_line_id.product_id.product_tmpl_id
        uom = self.product_uom_id if is_same else product.uom_id
        quantity = uom.round(self.quantity - self.qty_exchanged)
        warehouse = self.rma_id.order_id._get_rma_warehouse()
        if quantity <= 0 or not warehouse:
            return {}
        return {
            "rma_hold_line_id": self.id,
            "company_id": self.rma_id.company_id.id,
            "product_id": product.id,
            "product_uom": uom.id,
            "product_uom_qty": quantity,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            "origin": self.rma_id.name,
            "partner_id": self.rma_id.partner_id.id,
        }
