from odoo import api, models
from odoo.exceptions import ValidationError

# Kinds of returns of which goods are repaired and go back to the customer.
WITH_REPAIR = ("claim", "recall")


class SaleRmaLine(models.Model):
    """Items to be repaired: neither refunded nor put back for sale, unless somebody says so."""

    _inherit = "sale.rma.line"

    @api.constrains("resolution", "rma_id")
    def _check_repair_fits(self):
        """:raise ValidationError: a repair is wished for on a return of another kind"""
        for line in self:
            if line.resolution == "repair" and line.rma_id.rma_type not in WITH_REPAIR:
                raise ValidationError(
                    self.env._(
                        "%(product)s: only what a claim or a recall is about is repaired. Change "
                        "the type of the return, or choose a refund or an exchange.",
                        product=line.product_id.display_name,
                    )
                )

    def _is_given_back(self):
        """Override: what is repaired is not refunded."""
        return self.resolution != "repair" and super()._is_given_back()

    def _is_fit_for_sale(self):
        """Override: what is repaired goes back to the customer."""
        return self.resolution != "repair" and super()._is_fit_for_sale()
