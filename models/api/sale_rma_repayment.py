from odoo import models


class SaleRmaRepayment(models.Model):
    """Returns whose money went back are told of."""

    _inherit = "sale.rma.repayment"

    def _change_state(self, state, **vals):
        """Extend: the last repayment of a return is an event."""
        # sudo: states only, whoever had one sent
        rmas = self.sudo().rma_id
        before = rmas.filtered(lambda rma: rma.repayment_state == "done")
        result = super()._change_state(state, **vals)
        repaid = rmas.filtered(lambda rma: rma.repayment_state == "done") - before
        self.env["sale.rma.event"]._note(repaid, "repaid")
        return result
