from odoo import models

from . import withdrawal_texts


class SaleOrder(models.Model):
    """The withdrawal function on orders and in their mails (law-eu.md L2, L3)."""

    _inherit = "sale.order"

    def _is_withdrawal_open(self):
        """Whether the function has to be offered: the contract is concluded and its period runs,
        or is not known to be over."""
        self.ensure_one()
        if self.state != "sale" or not self.company_id.sudo().rma_withdrawal_link:
            return False
        return self.env["sale.rma.period"]._get_periods(self)[self].is_open

    def _get_withdrawal_url(self):
        """Return the path of the function for whoever may see the order, without a token."""
        self.ensure_one()
        return f"/withdraw?order_id={self.id}"

    def _get_withdrawal_lines(self):
        """Return the sold lines a consumer can withdraw from: goods and services, no delivery,
        discount, down payment or text."""
        self.ensure_one()
        lines = self.order_line._filter_returnable("claim")
        return lines.filtered(
            lambda line: line.product_uom_id.compare(line.product_uom_qty, 0.0) > 0
        )

    def _format_withdrawal_date(self, language):
        """Return when the order was concluded, in one of `withdrawal_texts.LANGUAGES`."""
        self.ensure_one()
        timezone = self.company_id.sudo()._get_rma_timezone()
        day = self.env["sale.rma.period"]._get_day(self.date_order, timezone)
        return withdrawal_texts.format_day(day, language)

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail`: the layouts link to the function while the period runs.

        The link with the order's token goes only where the mail's button has it too.
        """
        values = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        if len(self) == 1 and self._is_withdrawal_open():
            language = withdrawal_texts.get_language(values.get("lang")) or "en"
            # sudo: as `portal` does, whoever may post may have the customer's link made
            order_sudo = self.sudo()
            base_url = self.get_base_url()
            values["withdrawal_label"] = withdrawal_texts.WITHDRAW_LABELS[language]
            values["withdrawal_url"] = f"{base_url}/withdraw"
            values["withdrawal_customer_url"] = (
                f"{base_url}{order_sudo._get_withdrawal_url()}"
                f"&access_token={order_sudo._portal_ensure_token()}"
            )
        return values
