from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """Whether a customer wants store credit instead of his money: never without his own word
    (docs/law.md L19)."""

    _inherit = "sale.rma"

    date_credit_consent = fields.Datetime(
        string="Agreed to Store Credit On",
        readonly=True,
        copy=False,
        help="When the customer said that he wants store credit instead of his money.",
    )

    def action_record_credit_consent(self):
        """Write down that the customers said they want store credit instead of their money.

        :raise AccessError: no right to change the returns
        """
        self.check_access("write")
        for rma in self:
            # sudo: the right to write was checked; the program keeps the day
            rma.sudo()._record_credit_consent(
                self.env._(
                    "%(user)s wrote down that the customer wants store credit.",
                    user=self.env.user.name,
                )
            )
        return True

    def _record_credit_consent(self, text):
        """Keep that the customer agreed, and what was said of it.

        :param str text: for the history
        """
        self.ensure_one()
        self.date_credit_consent = self.date_credit_consent or fields.Datetime.now()
        self._log_history("refunded", {self.id: text})

    def _check_credit_possible(self):
        """:raise UserError: the customer did not choose store credit, or there is no eWallet"""
        for rma in self:
            if not rma.date_credit_consent:
                raise UserError(
                    self.env._(
                        "%(rma)s: store credit is given only if the customer wants it. Write down "
                        "on the return that he said so, or let him choose it on his page.",
                        rma=rma.name,
                    )
                )
            # sudo: whether there is one
            programs = self.env["loyalty.program"].sudo()
            program = programs._get_credit_program(rma.company_id, rma.currency_id)
            if not program:
                raise UserError(
                    self.env._(
                        "%(company)s has no eWallet program in %(currency)s: make one under Sales, "
                        "or choose another way.",
                        company=rma.company_id.name,
                        currency=rma.currency_id.name,
                    )
                )
            program._get_credit_accounts(rma.order_id.sudo())  # its fiscal position only

    @api.model
    def _add_bonus(self, amount, company, currency):
        """Return what a customer gets as store credit for an amount."""
        # sudo: a setting
        bonus = company.sudo().rma_credit_bonus
        return currency.round(amount * (1 + bonus / 100))

    # === THE CUSTOMER'S PAGE === #

    def _get_rows_for_credit(self):
        """Return the repayments that the customer may take as store credit."""
        self.ensure_one()
        # sudo: the customer's own money
        rows = self.sudo().repayment_ids.filtered(
            lambda row: row.state == "planned" and row.way in ("transaction", "bank", "manual")
        )
        return rows.filtered(lambda row: row._get_credit_program())

    def _get_credit_offer(self):
        """Return in words what the customer gets who takes store credit; nothing where he cannot
        or took it."""
        self.ensure_one()
        return " + ".join(
            currency.format(self._add_bonus(sum(rows.mapped("amount")), self.company_id, currency))
            for currency, rows in self._get_rows_for_credit().grouped("currency_id").items()
        )

    def _customer_take_credit(self):
        """Take the customer's word that he wants store credit instead of his money.

        :return: in words what is wrong; nothing where it was taken
        """
        self.ensure_one()
        rows = self._get_rows_for_credit()
        if not rows:
            return self.env._("There is nothing that could become credit now.")
        try:
            # sudo: what the customer decides of his own money
            self.sudo()._record_credit_consent(
                self.env._("The customer chose store credit on his page.")
            )
            rows._choose_way({"way": "wallet"})
        except UserError as error:
            return str(error)
        return None
