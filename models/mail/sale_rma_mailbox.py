from odoo import models


class SaleRmaMailbox(models.AbstractModel):
    """Documents whose mails are answered to the company's address for returns."""

    _name = "sale.rma.mailbox"
    _description = "Answered to the Address for Returns"

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Override of `mail`: answers go to the company's address for returns, where a reference
        in the subject brings them home when the mail's headers do not."""
        addresses = {
            document.id: address
            for document in self
            if (address := document.company_id._get_rma_reply_to())
        }
        if self and len(addresses) == len(self):
            return addresses
        reply_to = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        return {**reply_to, **addresses}
