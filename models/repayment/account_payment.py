from odoo import models


class AccountPayment(models.Model):
    """A payment that accounting takes back was none."""

    _inherit = "account.payment"

    def write(self, vals):
        """Override of `account`: what was paid by transfer or by hand is owed again once its
        payment is cancelled or rejected. What a provider gave back is the provider's to say."""
        result = super().write(vals)
        if vals.get("state") in ("canceled", "rejected"):
            # sudo: what is owed follows from the books, whoever changes them
            rows = self.env["sale.rma.repayment"].sudo()
            domain = [
                ("payment_id", "in", self.ids),
                ("state", "=", "done"),
                ("way", "in", ("bank", "manual")),
            ]
            for row in rows.search(domain):
                row._change_state("failed", message=self.env._("Cancelled in accounting."))
                row._open_again(was_done=False)
        return result
