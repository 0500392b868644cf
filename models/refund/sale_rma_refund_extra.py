from odoo import api, models
from odoo.exceptions import UserError

from .refund_lines import Credit


class SaleRmaRefund(models.AbstractModel):
    """Fee and adjustment: amounts that the total falls or rises by, exactly."""

    _inherit = "sale.rma.refund"

    @api.model
    def _add_extra_lines(self, rma, credits, fee, adjustment, billed, decided):
        """Add fee and adjustment, tax included, in the order's currency.

        :raise UserError: the total would be below zero, or there is no invoice to credit
        """
        currency = rma.currency_id
        extras = [
            ("sale_rma.product_refund_adjustment", currency.round(adjustment)),
            ("sale_rma.product_refund_fee", -currency.round(fee)),
        ]
        extras = [extra for extra in extras if not currency.is_zero(extra[1])]
        if extras and not credits:
            invoice = self._get_newest_invoice(rma, billed)
            credits[invoice] = Credit(invoice)
        for xmlid, amount in sorted(extras, key=lambda extra: -extra[1]):
            self._spread_extra(rma, credits, self.env.ref(xmlid), amount)

    @api.model
    def _get_newest_invoice(self, rma, billed):
        invoices = [line.line.move_id for lines in billed.values() for line in lines]
        if not invoices:
            raise UserError(
                self.env._(
                    "%(order)s has no posted invoice: nothing can be refunded, and no fee or "
                    "adjustment applied. Set both to 0.",
                    order=rma.order_id.name,
                )
            )
        return max(invoices, key=lambda move: (move.invoice_date, move.id))

    @api.model
    def _spread_extra(self, rma, credits, product, amount, is_given=False):
        """Put an amount on the largest credit note; what would take one below zero goes on.

        :param bool is_given: it is taken off because it was given before
        """
        remaining = amount
        totals = {credit: credit.get_total_in(rma.currency_id) for credit in credits.values()}
        for credit, total in sorted(totals.items(), key=lambda item: -item[1]):
            part = remaining if remaining > 0 else max(remaining, -total)
            if not rma.currency_id.is_zero(part):
                converted = self._convert_extra(rma, credit, part)
                self._add_extra_line(credit, product, converted, -converted if is_given else 0.0)
                remaining -= part
        if not rma.currency_id.is_zero(remaining):
            raise UserError(
                self.env._(
                    "%(product)s of %(amount)s is more than what %(rma)s gives back: the total "
                    "cannot be below zero. Lower it by %(excess)s.",
                    product=product.display_name,
                    amount=rma.currency_id.format(abs(amount)),
                    rma=rma.name,
                    excess=rma.currency_id.format(abs(remaining)),
                )
            )

    @api.model
    def _convert_extra(self, rma, credit, amount):
        """Return an amount in the order's currency in the invoice's: all of it for all of it."""
        invoice, currency = credit.invoice, rma.currency_id
        if invoice.currency_id == currency:
            return amount
        if currency.is_zero(amount + credit.get_total_in(currency)):
            return -credit.total
        rate = invoice.invoice_currency_rate / invoice._get_company_rate(currency)
        return invoice.currency_id.round(amount * rate)

    @api.model
    def _add_extra_line(self, credit, product, amount, given_before=0.0):
        """Add a line of a tax-included amount; its taxes are the product's, mapped."""
        invoice = credit.invoice
        # sudo: name, taxes and account of the shop's own fee or adjustment, for the credit note
        product = product.sudo().with_company(invoice.company_id)
        product = product.with_context(lang=invoice.partner_id.lang)
        taxes = invoice.fiscal_position_id.map_tax(
            product.taxes_id._filter_taxes_by_company(invoice.company_id)
        )
        amounts = self._split_total(invoice, product, taxes, amount)
        if invoice.currency_id.is_zero(credit.total + amounts.total):
            # what takes all takes all in the company's currency too, whatever cents rounding made
            rest = credit.company_total + amounts.company_total
            amounts[None, "total_excluded"] -= invoice.company_currency_id.round(rest)
        in_price = taxes and all(tax.price_include for tax in taxes)
        vals = {
            "name": product.display_name,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": 1.0,
            "price_unit": amount if in_price else amounts.untaxed,
            "discount": 0.0,
            "tax_ids": [(6, 0, taxes.ids)],
        }
        self._append(credit, vals, amounts, given_before)

    @api.model
    def _split_total(self, invoice, product, taxes, total):
        """Return the `Amounts` that make exactly this total, with these taxes in it.

        :param float total: tax included, in the invoice's currency
        """
        rate = invoice.invoice_currency_rate or 1.0
        base_line = self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {},
            product_id=product,
            tax_ids=taxes,
            price_unit=total,
            quantity=1.0,
            currency_id=invoice.currency_id,
            rate=rate,
            special_mode="total_included",
            is_refund=True,
        )
        amounts = self._round_base_line(base_line, invoice.company_id)
        company_currency = invoice.company_currency_id
        company_total = company_currency.round(total / rate)
        company_taxes = sum(amount for (_, key), amount in amounts.items() if key == "tax_amount")
        amounts[None, "total_excluded_currency"] += total - amounts.total
        amounts[None, "total_excluded"] = company_total - company_taxes
        return amounts.rounded(invoice.currency_id, company_currency)
