from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What is owed of a credit note changes with what it is set against."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: what accounting pays or sets off is planned no more."""
        partials = super().create(vals_list)
        refunds = partials._get_return_refunds()
        # what has no row yet is being posted: it is planned then
        refunds._filter_with_repayments()._plan_repayments()
        return partials

    def unlink(self):
        """Override of `account`: what is owed again is planned again."""
        refunds = self._get_return_refunds()
        result = super().unlink()
        refunds.exists()._plan_repayments()
        return result

    def _get_return_refunds(self):
        """Return the credit notes of returns among what is set off."""
        # sudo: which entries they are; who reconciles sees them
        moves = self.sudo().credit_move_id.move_id
        return moves.filtered(lambda move: move.rma_id and move.move_type == "out_refund")
