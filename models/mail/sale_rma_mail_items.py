from odoo import models


class SaleRma(models.Model):
    """The items of a return as mails show them: one table for all."""

    _inherit = "sale.rma"

    def _get_mail_items(self):
        """Return the table of the items in the reader's language: what, how many, the customer's
        wish and what was paid, as HTML."""
        self.ensure_one()
        return self.env["ir.qweb"]._render("sale_rma.mail_items", {"rma": self})
