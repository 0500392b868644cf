from odoo import models
from odoo.tools import format_date


class SaleRmaRepayment(models.Model):
    """What customers are told of their money: never that it is there before it is."""

    _inherit = "sale.rma.repayment"

    def _get_customer_text(self):
        """Return what the customer is told of a row; nothing of what another row replaces."""
        self.ensure_one()
        if self.state in ("failed", "cancel"):
            return ""
        values = {
            "amount": self.currency_id.format(self.amount),
            "way": self._get_customer_way(),
            "date": self._get_customer_date(),
        }
        if self.way == "exchange":
            if self.state == "done":
                return self.env._("%(amount)s were set against your exchange.", **values)
            return self.env._("%(amount)s are kept for your exchange.", **values)
        if self.way == "wallet":
            return self._get_customer_credit_text(values)
        if self.way == "card" and self.state == "done":
            return self.env._("%(amount)s are on your %(way)s since %(date)s.", **values)
        if self.state == "planned" and self.way == "manual":
            return self.env._(
                "%(amount)s will go back to you: on the page of your return you can say to which "
                "bank account.",
                **values,
            )
        if self.state == "planned" or (self.state == "sent" and not self.date_sent):
            return self.env._("%(amount)s will go back to you: %(way)s.", **values)
        if self.state == "done":
            return self._get_customer_done_text(values)
        if self.state == "pending":
            return self.env._(
                "%(amount)s were sent on %(date)s: %(way)s. This usually takes 3 to 5 days, up to "
                "10.",
                **values,
            )
        return self.env._("We are checking whether %(amount)s reached you: %(way)s.", **values)

    def _get_customer_credit_text(self, values):
        """Return what the customer is told of store credit, with its bonus.

        :param dict values: `amount`, `date`
        """
        total = self.currency_id.format(self._get_credit_total())
        if self.state == "done":
            return self.env._(
                "%(total)s of credit for your next order are on your eWallet since %(date)s.",
                total=total,
                date=values["date"],
            )
        return self.env._("You will get %(total)s as credit for your next order.", total=total)

    def _get_customer_done_text(self, values):
        """Return what the customer is told of money that went back.

        :param dict values: `amount`, `way`, `date`
        """
        if self.way == "transaction":
            return self.env._(
                "%(amount)s went back on %(date)s: %(way)s. Your bank usually shows it after 3 to "
                "5 days, up to 10.",
                **values,
            )
        return self.env._("%(amount)s were paid back to you on %(date)s: %(way)s.", **values)

    def _get_customer_way(self):
        """Name the way to the customer."""
        self.ensure_one()
        if self.way == "transaction":
            return self.env._("to your %(card)s", card=self._get_way_text())
        if self.way == "bank":
            return self.env._("by bank transfer")
        if self.way == "card":
            return self.loyalty_card_id._get_label()
        return self.env._("by another way")

    def _get_customer_date(self):
        """Return the day that counts for the customer."""
        self.ensure_one()
        moment = self.date_done or self.date_sent
        if not moment:
            return ""
        day = self.env["sale.rma.clock"]._get_company_day(self.company_id, moment)
        return format_date(self.env, day)
