from odoo import fields, models

from ..tools.number_field import Count


class SaleRmaGround(models.Model):
    """A standard text that tells a customer why a return is refused or cancelled."""

    _name = "sale.rma.ground"
    _description = "Ground for Refusing or Cancelling"
    _inherit = ["sale.rma.incoming"]
    _rec_name = "text"
    _order = "sequence, id"

    text = fields.Text(
        required=True, translate=True, help="Sent to the customer, in the customer's language."
    )
    operation = fields.Selection(
        selection=[
            ("all", "Refusing and cancelling"),
            ("refuse", "Refusing"),
            ("cancel", "Cancelling"),
        ],
        string="Fits",
        required=True,
        default="all",
    )
    sequence = Count(default=10)
    active = fields.Boolean(default=True)

    def _get_text(self, lang):
        """Return the text in a language; the standard one where it has none."""
        self.ensure_one()
        return self.with_context(lang=lang or self.env.lang).text
