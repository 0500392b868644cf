from odoo import models


class SaleRma(models.Model):
    """The items of a return as mails show them: one table for all."""

    _inherit = "sale.rma"

    def _get_mail_items(self, told="asked"):
        """Return the table of the items in the reader's language, as HTML.

        :param told: `asked`, how many, the customer's wish and what was paid; `arrived`, how many
            are expected and have arrived; `done`, how many were received and refunded; `recall`,
            how many, and by what the very piece is known
        """
        self.ensure_one()
        return self.env["ir.qweb"]._render("sale_rma.mail_items", {"rma": self, "told": told})
