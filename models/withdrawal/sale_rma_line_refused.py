from odoo import fields, models

from .product_template import GROUNDS


class SaleRmaLine(models.Model):
    """Items of a withdrawal that are not taken back (docs/law.md L28)."""

    _inherit = "sale.rma.line"

    refusal_ground = fields.Selection(
        selection=GROUNDS,
        copy=False,
        help="Ground of article 16 of Directive 2011/83/EU on which a withdrawn item is not taken "
        "back; the customer is told.",
    )

    def _filter_refused(self, decided=None):
        """Return the items that are not taken back.

        :param dict decided: {item: {field: value}} that is decided and not written yet
        """
        grounds = {line.id: values for line, values in (decided or {}).items()}
        return self.filtered(
            lambda line: grounds.get(line.id, {}).get("refusal_ground", line.refusal_ground)
        )

    def _get_refusal_label(self):
        """Return the ground in words, without its letter."""
        self.ensure_one()
        labels = dict(self._fields["refusal_ground"]._description_selection(self.env))
        return labels.get(self.refusal_ground, "").rpartition(" (")[0]
