from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        """Override of `account`: the credit note that replaces a reversed one is the return's."""
        if origin_move.rma_id:
            origin_move._carry_link("rma_id")
        return {
            **super()._modify_default_reverse_values(origin_move),
            **(
                {
                    "rma_id": origin_move.rma_id.id,
                    "reversed_entry_id": origin_move.reversed_entry_id.id,
                }
                if origin_move.rma_id
                else {}
            ),
        }
