from odoo import models


class SaleOrder(models.Model):
    """Which orders their customers are offered to return."""

    _inherit = "sale.order"

    def _get_return_kinds(self):
        """Return {order: what can be asked for: `return`, else `claim` where something is wrong,
        or nothing where no item can be sent back any more}. The offers themselves decide: who is
        led to the form finds something there."""
        kinds = dict.fromkeys(self, "")
        # sudo: products and transfers, of which only yes or no gets out
        left = self.sudo().filtered(
            lambda order: order.state in ("sale", "cancel") and order.is_returnable
        )
        for kind in ("return", "claim"):
            lines = left.order_line.filtered(self.env["sale.rma.request"]._is_shown)
            offers = lines._get_return_offers(kind)
            possible = left.browse(
                {line.order_id.id for line, offer in offers.items() if offer.is_possible}
            )
            kinds.update(dict.fromkeys(self.browse(possible.ids), kind))
            left -= possible
        return kinds

    def _get_return_mail_url(self):
        """Return the address of the form with the customer's key, for mails to the customer."""
        self.ensure_one()
        # sudo: as `portal` does, whoever may post may have the customer's link made
        order = self.sudo()
        return (
            f"{self.get_base_url()}/my/orders/{self.id}/return"
            f"?access_token={order._portal_ensure_token()}"
        )

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail`: the mails about a confirmed order lead its customer to the form."""
        values = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        if len(self) == 1 and self.state == "sale":
            values["return_customer_url"] = self._get_return_mail_url()
        return values

    def _get_return_form_url(self, kind="return"):
        """Return the address of the form for the customer who is logged in or holds the link."""
        self.ensure_one()
        query = "&kind=claim" if kind == "claim" else None
        return self.get_portal_url(suffix="/return", query_string=query)
