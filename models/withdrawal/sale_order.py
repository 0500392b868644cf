from odoo import models

from .product_template import GROUNDS_SEEN_ON_ARRIVAL


class SaleOrder(models.Model):
    """The withdrawal function on orders and in their mails (docs/law.md L2, L3)."""

    _inherit = "sale.order"

    def _is_withdrawal_offered(self):
        """Whether the order and its mails link to the function."""
        self.ensure_one()
        # sudo: a setting that shows on every page
        return bool(self.company_id.sudo().rma_withdrawal_link and self._filter_withdrawable())

    def _filter_withdrawable(self):
        """Return the orders that consumers can withdraw from: concluded at a distance, and not
        wholly withdrawn. However late: a late statement is taken too, and judged by a person (L2,
        L7)."""
        # sudo: returns of the customer's own order, of which nothing but this is told
        return self.filtered(
            lambda order: (
                order.state == "sale"
                and order.rma_is_distance_contract
                and not order.sudo()._is_wholly_withdrawn()
            )
        )

    def _is_wholly_withdrawn(self):
        """Whether withdrawals cover all that was ordered."""
        self.ensure_one()
        lines = self._get_withdrawal_lines()
        return bool(lines) and all(
            line.product_uom_id.compare(line._get_qty_withdrawn(), line.product_uom_qty) >= 0
            for line in lines
        )

    def _get_withdrawal_offer(self, language):
        """Return what the form for returns says of the right of withdrawal while it runs, in one
        of the languages with words: (sentence, label of the button); nothing afterwards."""
        self.ensure_one()
        if not self._is_withdrawal_offered():
            return None
        period = self.env["sale.rma.period"]._get_periods(self)[self]
        if not period.is_open:
            return None
        words = self.env["sale.rma.withdrawal.words"]
        texts = words._get_texts(language)
        if not period.end:
            return texts["also_now"], texts["withdraw"]
        day = words._format_day(period.end, language)
        return texts["also_until"] % {"date": day}, texts["withdraw"]

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
        """Return when the order was concluded, in a language with words."""
        self.ensure_one()
        day = self.env["sale.rma.clock"]._get_consumer_day(
            self.partner_id, self.company_id, self.date_order
        )
        return self.env["sale.rma.withdrawal.words"]._format_day(day, language)

    def _describe_arrival(self, language):
        """Return when the last delivery was sent and received, in a language
        with words; nothing where it is not known."""
        self.ensure_one()
        arrival = self.env["sale.rma.period"]._get_periods(self)[self].arrival
        if not arrival:
            return ""
        words = self.env["sale.rma.withdrawal.words"]
        texts = words._get_texts(language)
        key = "sent_and_arrived" if arrival.recorded else "sent_and_expected"
        return texts[key] % {
            "sent": words._format_day(arrival.sent, language),
            "day": words._format_day(arrival.day, language),
        }

    def _get_withdrawal_hints(self, lines):
        """Return what may stand against the right of withdrawal, for colleagues: the machine
        never refuses (docs/law.md L12, L27).

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
        elif not self.rma_is_distance_contract:
            text = self.env._(
                "%(order)s is marked as no consumer's distance contract in the European Union: "
                "look at what was agreed.",
                order=self.name,
            )
            hints.append((text, True))
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
        """Override of `mail`: the layouts link to the function.

        The link with the order's token goes only where the mail's button has it too.
        """
        values = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        if len(self) == 1 and self._is_withdrawal_offered():
            words = self.env["sale.rma.withdrawal.words"]
            language = words._find_language(values.get("lang")) or "en"
            # sudo: as `portal` does, whoever may post may have the customer's link made
            order_sudo = self.sudo()
            base_url = self.get_base_url()
            values["withdrawal_label"] = words._get_texts(language)["withdraw"]
            values["withdrawal_url"] = f"{base_url}/withdraw"
            values["withdrawal_customer_url"] = (
                f"{base_url}{order_sudo._get_withdrawal_url()}"
                f"&access_token={order_sudo._portal_ensure_token()}"
            )
        return values
