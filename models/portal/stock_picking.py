from odoo import models


class StockPicking(models.Model):
    """Mails about a delivery lead the customer to the form for returns."""

    _inherit = "stock.picking"

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail`: as for the mails about an order. What is sent to the order's customer
        only: a delivery may go to somebody else."""
        values = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        if len(self) != 1 or self.picking_type_code != "outgoing":
            return values
        # sudo: of the delivery's own order, the link its customer has in the order's mails
        order = self.sudo().sale_id
        people = message.sudo().partner_ids
        if order.state == "sale" and people and people <= order.partner_id:
            values["return_customer_url"] = order._get_return_mail_url()
            values["is_return_customer"] = True
        return values
