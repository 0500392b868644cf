from odoo import api, models
from odoo.exceptions import UserError

from ..refund.refund_lines import EPSILON


class SaleRmaRefund(models.AbstractModel):
    """What a withdrawal gives back is not lowered but by a deduction that says why (docs/law.md
    L23, L26): no fee, no negative adjustment."""

    _inherit = "sale.rma.refund"

    @api.model
    def _prepare_credits(
        self, rma, quantities, refund_shipping=False, fee=0.0, adjustment=0.0, decided=None
    ):
        """Extend: the share of the delivery that partial withdrawals give back."""
        if rma.rma_type == "withdrawal":
            refund_shipping = refund_shipping or rma._get_shipping_part(quantities, decided)
        return super()._prepare_credits(rma, quantities, refund_shipping, fee, adjustment, decided)

    @api.model
    def _get_no_fee_message(self, rma):
        return self._get_nothing_kept_message(rma) or super()._get_no_fee_message(rma)

    @api.model
    def _get_no_lowering_message(self, rma):
        return self._get_nothing_kept_message(rma) or super()._get_no_lowering_message(rma)

    @api.model
    def _get_nothing_kept_message(self, rma):
        return rma.rma_type == "withdrawal" and self.env._(
            "%(rma)s is a withdrawal: the law allows no fee, and nothing is kept of what was paid "
            "but a deduction on an item, with its ground and a photo. Set fee and adjustment to 0 "
            "and enter the deduction on the item.",
            rma=rma.name,
        )

    # === DEDUCTIONS === #

    @api.model
    def _add_extra_lines(self, rma, credits, fee, adjustment, billed, decided):
        """Override: what is deducted of items is told on lines of its own.

        :raise ValidationError: a deduction without ground or photo
        """
        super()._add_extra_lines(rma, credits, fee, adjustment, billed, decided)
        if rma.rma_type == "withdrawal":
            self._keep_supplement(rma, credits)
        for line in rma.line_ids:
            deduction = line._get_deduction(decided.get(line, {}))
            if not deduction.amount:
                continue
            # the photo may have been taken away since it was entered
            line._check_deduction_complete(deduction)
            rest = deduction.amount - line._get_amount_deducted_before()
            if rma.currency_id.compare_amounts(rest, 0.0) > 0:
                amount = rma.currency_id.round(rest)
                self._add_deduction(rma, credits, line, amount, deduction.ground)

    @api.model
    def _add_deduction(self, rma, credits, line, amount, ground):
        """Keep an amount of an item that is credited now.

        :param float amount: tax included, in the order's currency
        :param str ground: told on the credit note
        :raise UserError: more than what is given back for the item
        """
        credited = {
            credit: [part for part in credit.lines if part.vals.get("rma_line_id") == line.id]
            for credit in credits.values()
        }
        worth = {
            credit: sum(part.amounts.total for part in parts)
            for credit, parts in credited.items()
            if parts
        }
        if not worth:
            return
        credit = max(worth, key=worth.get)
        kept = self._convert_extra(rma, credit, -amount)
        if credit.invoice.currency_id.compare_amounts(-kept, worth[credit]) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: a deduction of %(amount)s is more than the %(worth)s that are "
                    "given back for it.",
                    product=line.product_id.display_name,
                    amount=rma.currency_id.format(amount),
                    worth=credit.invoice.currency_id.format(worth[credit]),
                )
            )
        values = {"product": line.product_id, "ground": ground}
        self._append_kept(
            rma,
            credit,
            amount,
            credited[credit][0].vals,
            lambda env: env._(
                "Deduction for %(product)s: %(ground)s",
                product=values["product"].with_env(env).display_name,
                ground=values["ground"],
            ),
            rma_deduction_id=line.id,
        )

    @api.model
    def _append_kept(self, rma, credit, amount, credited, describe, **vals):
        """Append the line that keeps an amount of what another line credits: with its account and
        taxes, as it lowers what was paid for it.

        :param float amount: tax included, in the order's currency
        :param dict credited: values of the line that credits
        :param describe: returns the line's text in the language of the environment it is given
        """
        kept = self._convert_extra(rma, credit, -amount)
        product = self.env.ref("sale_rma.product_refund_adjustment")
        # sudo: the taxes of the line that credits; amounts get out
        taxes = self.env["account.tax"].browse(credited["tax_ids"][0][2]).sudo()
        amounts = self._split_total(credit.invoice, product, taxes, kept)
        if abs(credit.total + amounts.total) < EPSILON:
            # what takes all takes all in the company's currency too
            left = credit.company_total + amounts.company_total
            amounts[None, "total_excluded"] -= credit.invoice.company_currency_id.round(left)
        in_price = taxes and all(tax.price_include for tax in taxes)
        localized = self.with_context(lang=rma.partner_id.lang or self.env.lang)
        vals = {
            "name": describe(localized.env),
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": 1.0,
            "price_unit": kept if in_price else amounts.untaxed,
            "discount": 0.0,
            "tax_ids": credited["tax_ids"],
            "account_id": credited["account_id"],
            "analytic_distribution": credited["analytic_distribution"],
            **vals,
        }
        self._append(credit, vals, amounts)
