from odoo import api, models
from odoo.exceptions import UserError


class LoyaltyProgram(models.Model):
    """The eWallet that store credit is given on."""

    _inherit = "loyalty.program"

    @api.model
    def _get_credit_program(self, company, currency):
        """Return the company's eWallet program in a currency, none if there is none."""
        return self.search(
            [
                ("program_type", "=", "ewallet"),
                ("company_id", "in", [False, company.id]),
                ("currency_id", "=", currency.id),
            ],
            order="company_id, sequence, id",
            limit=1,
        )

    def _get_credit_accounts(self, order):
        """Return the accounts that spending the eWallet will debit on the customer's next order,
        and that its bonus costs.

        :param order: whose fiscal position counts
        :raise UserError: what is owed on it would not be a liability
        """
        self.ensure_one()
        product = self.payment_program_discount_product_id.with_company(order.company_id)
        accounts = product.product_tmpl_id.get_product_accounts(order.fiscal_position_id)
        liability = accounts["income"]
        if liability.internal_group != "liability":
            raise UserError(
                self.env._(
                    "What customers have on %(program)s is owed to them: choose a liability "
                    "account (such as Current Liabilities) as the income account of the product "
                    "%(product)s. Until then store credit cannot be given.",
                    program=self.name,
                    product=product.display_name,
                )
            )
        return liability, accounts["expense"]
