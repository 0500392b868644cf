from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def button_validate(self):
        """Override of `stock`.

        :raise UserError: it sends an exchange of which something is to be paid first
        """
        self._check_exchange_paid()
        return super().button_validate()

    def _check_exchange_paid(self):
        """:raise UserError: see `button_validate`"""
        # sudo: a sum is told to whoever sends (R9)
        for order in self.sudo().sale_id.filtered("source_rma_id"):
            sending = self.filtered(
                lambda picking, order=order: (
                    picking.sudo().sale_id == order  # sudo: as above
                    and picking.location_dest_id._is_with_customer()
                )
            )
            if sending and (due := order._get_exchange_due()):
                raise UserError(
                    self.env._(
                        "%(order)s is an exchange that costs more than was given back: the "
                        "customer still has to pay %(amount)s, on the page of %(rma)s. To send it "
                        "before that, tick Send before it is paid on the order.",
                        order=order.name,
                        amount=order.currency_id.format(due),
                        rma=order.source_rma_id.name,
                    )
                )
