from odoo import models

from ...tools.quantity_field import format_quantity

# What says that the parcel is on its way.
PROOFS = {"date_proof", "tracking_ref", "proof_attachment_ids"}


class SaleRma(models.Model):
    """Goods that a customer wants instead are kept for him from a moment on that the shop chooses
    (issue 17.7): reserved by a move of their own, which the exchange order takes the place of."""

    _inherit = "sale.rma"

    # === WHEN === #

    def _on_accepted(self):
        """Override: what is wanted instead may be kept now."""
        super()._on_accepted()
        self._sync_exchange_hold()

    def _on_goods_received(self):
        """Override: as when accepted."""
        super()._on_goods_received()
        self._sync_exchange_hold()

    def _on_reopened(self):
        """Override: as when accepted."""
        super()._on_reopened()
        self._sync_exchange_hold()

    def _on_refused(self):
        """Override: nothing is kept for what is not to be."""
        super()._on_refused()
        self._sync_exchange_hold()

    def _on_cancelled(self):
        """Override: as when refused."""
        super()._on_cancelled()
        self._sync_exchange_hold()

    def _on_expired(self):
        """Override: as when refused."""
        super()._on_expired()
        self._sync_exchange_hold()

    def _on_done(self):
        """Override: what was not sent instead is no longer kept."""
        super()._on_done()
        self._sync_exchange_hold()

    def write(self, vals):
        """Extend the ORM: that the parcel was posted may be what was waited for."""
        result = super().write(vals)
        if PROOFS & vals.keys():
            self._sync_exchange_hold()
        return result

    # === WHAT === #

    def _is_exchange_kept(self):
        """Whether what is wanted instead is kept for the customer by now."""
        self.ensure_one()
        if self.state not in self._get_receiving_states():
            return False
        # sudo: a setting
        moment = self.company_id.sudo().rma_exchange_hold
        if moment == "proof":
            return bool(self.date_received) or self._is_posting_shown()
        return moment == "accepted" or (moment == "received" and bool(self.date_received))

    def _sync_exchange_hold(self):
        """Keep what is wanted instead, neither more nor less, for returns that it is time for."""
        # sudo: goods are kept by the shop's rule, whoever accepts or receives (R9)
        lines = self.sudo().line_ids.filtered(lambda line: line.resolution == "exchange")
        if lines:
            lines._sync_exchange_hold()

    def _log_exchange_kept(self, moves):
        """Write to the history what is kept for the exchange, and what is not there to keep.

        :param moves: new `stock.move`s that keep it
        """
        for rma, own in moves.grouped(lambda move: move.rma_hold_line_id.rma_id).items():
            for move in own:
                text = self.env._(
                    "Kept for the exchange: %(kept)s of %(wanted)s %(product)s",
                    kept=format_quantity(self.env, move.quantity),
                    wanted=format_quantity(self.env, move.product_uom_qty, move.product_uom),
                    product=move.product_id.display_name,
                )
                rma._log_history("exchanged", {rma.id: text})
