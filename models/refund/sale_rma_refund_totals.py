from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    """What credit notes come to, as the screen shows it."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_tax_totals(self, credits, currency, company):
        """Return Odoo's tax totals of all credit notes together, for the screen (R3).

        :param currency: the order's; an invoice that accounting moved to another is converted
        """
        base_lines = []
        for credit in credits:
            if credit.invoice.currency_id == currency:
                base_lines += [line.base_line for line in credit.lines]
            else:
                base_lines += self._convert_base_lines(credit, currency)
        return self.env["account.tax"]._get_tax_totals_summary(base_lines, currency, company)

    @api.model
    def _convert_base_lines(self, credit, currency):
        rate = credit.invoice._get_company_rate(currency)
        base_lines = []
        for line, amounts in zip(credit.lines, credit.get_amounts_in(currency), strict=True):
            extra_tax_data = amounts.to_extra_tax_data(line.vals, currency, rate)
            vals = {**line.vals, "extra_tax_data": extra_tax_data}
            base_lines.append(self._prepare_base_line(credit, vals, currency, rate))
        return base_lines
