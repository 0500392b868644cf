from odoo import models

from . import withdrawal_texts
from .product_template_withdrawal import GROUNDS_SEEN_ON_ARRIVAL


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

    def _get_withdrawal_hints(self, lines):
        """Return what may stand against the right of withdrawal, for colleagues: the machine
        never refuses (law-eu.md L12, L27).

        :param lines: sold lines that are withdrawn from
        :return: list of (text, whether a colleague can decide it before the goods arrive)
        """
        self.ensure_one()
        hints = []
        if (buyer := self.partner_id.commercial_partner_id).is_company:
            hints.append(
                (
                    self.env._(
                        "%(buyer)s is a company: by law only consumers have this right; look at "
                        "what was agreed.",
                        buyer=buyer.display_name,
                    ),
                    True,
                )
            )
        field = self.env["product.template"]._fields["rma_withdrawal_ground"]
        labels = dict(field._description_selection(self.env))
        for product in lines.product_id.filtered("rma_withdrawal_ground"):
            ground = product.rma_withdrawal_ground
            is_to_decide = ground not in GROUNDS_SEEN_ON_ARRIVAL
            text = (
                self.env._("%(product)s: %(ground)s.")
                if is_to_decide
                else self.env._("%(product)s: %(ground)s. Look at it when it arrives.")
            )
            names = {"product": product.display_name, "ground": labels[ground]}
            hints.append((text % names, is_to_decide))
        return hints

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
