from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_round, frozendict

from ...tools.quantity_field import format_quantity, round_units
from .refund_lines import EPSILON, Credit, CreditLine
from .rounding import compensate


class SaleRmaRefund(models.AbstractModel):
    """What a return gives back, told from the invoices (R2, R3, R4).

    The processing screen shows and the credit note posts what `_prepare_credits` returns, so they
    cannot differ. A unit is worth what its own invoice line says, less its share in what the
    order's discount lines took off. With every credit the sum so far is what the tax engine says
    for as many units, and with the last unit it is the invoice's own amounts.
    """

    _name = "sale.rma.refund"
    _description = "Refund of Customer Returns"

    # === WHAT IS CREDITED NOW === #

    @api.model
    def _prepare_credits(
        self, rma, quantities, refund_shipping=False, fee=0.0, adjustment=0.0, decided=None
    ):
        """Return the `Credit`s that give these units back.

        :param rma: the `sale.rma`
        :param dict quantities: {return line: units to credit, in the sold line's unit}
        :param refund_shipping: give back what is left of the delivery lines; a number below 1: so
            much of them as this part is more than what was given back before
        :param float fee: kept by the shop, tax included, in the order's currency
        :param float adjustment: given more (or, negative, less), tax included, same currency
        :param dict decided: {return line: {field: value}} that is decided and not written yet
        :raise UserError: more than is invoiced and not credited (R2), a total below zero, or
            something kept where the law lets nothing be kept
        """
        self._check_nothing_kept(rma, fee, adjustment)
        billed = self._get_billed_lines(rma.order_id)
        weights = self._get_discount_weights(billed)
        before = {discount: self._get_part_credited(lines) for discount, lines in weights.items()}
        credits = {}
        for rma_line, quantity in quantities.items():
            for line, part in self._take(rma_line, quantity, billed):
                self._add_unit_line(credits, line, part, rma_line)
        if refund_shipping:
            self._add_shipping_lines(credits, billed, float(refund_shipping))
        if credits:
            for discount, lines in weights.items():
                after = self._get_part_credited(lines)
                self._add_share_lines(credits, discount, before[discount], after)
        self._set_off_goodwill(rma, credits, billed)
        self._add_extra_lines(rma, credits, fee, adjustment, billed, decided or {})
        for credit in credits.values():
            self._complete(credit)
            if credit.invoice.currency_id != credit.invoice.company_currency_id:
                self._align_signs(credit)
        return list(credits.values())

    @api.model
    def _check_nothing_kept(self, rma, fee, adjustment):
        """:raise UserError: a fee or a negative adjustment that the kind of return closes"""
        compare = rma.currency_id.compare_amounts
        refusal = compare(fee, 0.0) > 0 and self._get_no_fee_message(rma)
        refusal = refusal or (compare(adjustment, 0.0) < 0 and self._get_no_lowering_message(rma))
        if refusal:
            raise UserError(refusal)

    @api.model
    def _get_no_fee_message(self, rma):
        """Return why no fee may be kept on a return, if it is so; rooms extend it."""
        return False

    @api.model
    def _get_no_lowering_message(self, rma):
        """Return why a refund may not be lowered, if it is so; rooms extend it."""
        return False

    @api.model
    def _take(self, rma_line, quantity, billed):
        """Choose the invoice lines that units of a sold line are credited on, newest first.

        :return: list of (`BilledLine`, quantity in its unit)
        """
        sold = rma_line.sale_line_id
        parts = []
        remaining = quantity
        for line in billed.get(sold, []):
            wanted = sold.product_uom_id._compute_quantity(
                remaining, line.line.product_uom_id, round=False
            )
            part = min(wanted, line.left)
            if part > 0:
                parts.append((line, part))
                remaining -= line.to_sold_unit(part)
        if sold.product_uom_id.compare(remaining, 0.0) > 0:
            raise UserError(self._get_over_refund_message(rma_line, quantity, quantity - remaining))
        return parts

    @api.model
    def _get_over_refund_message(self, rma_line, quantity, possible):
        values = {
            "product": rma_line.product_id.display_name,
            "order": rma_line.order_id.name,
            "quantity": format_quantity(self.env, quantity),
            "possible": format_quantity(
                self.env, max(round_units(rma_line.product_uom_id, possible), 0.0)
            ),
        }
        if not self._is_invoiced(rma_line.sale_line_id):
            return self.env._(
                "%(product)s on %(order)s was not invoiced: there is nothing to refund. Post its "
                "invoice first, or set the quantity to refund to 0.",
                **values,
            )
        return self.env._(
            "%(product)s: %(quantity)s to refund, but only %(possible)s on %(order)s are invoiced "
            "and not credited yet. Lower the quantity to refund.",
            **values,
        )

    # === LINES OF CREDIT NOTES === #

    @api.model
    def _add_shipping_lines(self, credits, billed, part=1.0):
        """:param float part: of the delivery lines that is to be given back in all, 0 to 1"""
        for sold, lines in billed.items():
            for line in lines if sold._is_delivery() else []:
                units = line.left
                if part < 1.0:
                    rounding = line.line.product_uom_id.rounding
                    units = line.quantity * part - line.credited
                    units = float_round(units, precision_rounding=rounding, rounding_method="UP")
                units = min(units, line.left)
                if units > EPSILON:
                    self._add_unit_line(credits, line, units)

    @api.model
    def _add_unit_line(self, credits, billed, part, rma_line=None):
        """Add the line that gives back units of an invoice line.

        :param float part: units in the invoice line's unit
        """
        start = billed.credited + billed.taken
        target = self._compute_amounts(billed, start)
        increment = self._compute_amounts(billed, start + part) - target
        goodwill = self._get_goodwill_left(billed, target)
        set_off = self._get_set_off(billed, part, increment, goodwill)
        amounts = self._claim(billed, increment - set_off, target + goodwill)
        billed.taken += part
        vals = self._prepare_line_vals(billed, part)
        if set_off.total:
            # the line says what is given, not what it cost
            vals["price_unit"] *= 1 - set_off.total / increment.total
        if rma_line:
            vals["rma_line_id"] = rma_line.id
        invoice = billed.line.move_id
        credit = credits.setdefault(invoice, Credit(invoice))
        self._append(credit, vals, amounts, given_before=set_off.total)

    @api.model
    def _claim(self, billed, increment, target):
        """Take amounts off an invoice line, no more than is left of it; return them.

        :param Amounts increment: what is credited now costs
        :param Amounts target: what was credited before should have given
        """
        currency, company_currency = billed.line.currency_id, billed.line.company_currency_id
        cent = currency.rounding
        rate = billed.line.move_id.invoice_currency_rate or 1.0
        company_cent = max(company_currency.rounding, cent / rate)
        roundings = len(billed.credits) + 0.5

        def get_tolerance(key):
            return roundings * (cent if key.endswith("_currency") else company_cent)

        amounts = compensate(
            increment, target, billed.credited_amounts, billed.amounts, get_tolerance
        ).rounded(currency, company_currency)
        billed.taken_amounts += amounts
        return amounts

    @api.model
    def _prepare_line_vals(self, billed, part):
        """Return the values of a credit note line: the invoice line's own (R2).

        :param float part: units in the invoice line's unit; where that cannot say them exactly,
            the credit note says them in the sold line's or the product's (a piece of a pack)
        """
        line = billed.line
        uom, price = line.product_uom_id, line.price_unit
        for unit in billed.sold.product_uom_id | line.product_id.uom_id:
            is_exact = abs(uom.round(part) - part) <= EPSILON
            if not is_exact and uom._has_common_reference(unit):
                part = uom._compute_quantity(part, unit, round=False)
                price = uom._compute_price(price, unit)
                uom = unit
        return {
            "name": line.name,
            "product_id": line.product_id.id,
            "product_uom_id": uom.id,
            "quantity": uom.round(part),
            "price_unit": price,
            "discount": line.discount,
            "tax_ids": [(6, 0, line.tax_ids.ids)],
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution,
            "sale_line_ids": [(6, 0, line.sale_line_ids.ids)],
        }

    @api.model
    def _append(self, credit, vals, amounts, given_before=0.0):
        """Add a line with exactly these amounts to a credit note."""
        if given_before:
            vals["rma_given_before"] = credit.invoice.currency_id.round(given_before)
        credit.lines.append(CreditLine(vals, amounts, given_before))

    @api.model
    def _check_totals(self, credits, order_currency):
        """:param order_currency: the adjustment's
        :raise UserError: the units' share in a discount is more than what they cost, as when
        an amount was taken off an order of which only a part was delivered"""
        for credit in credits:
            currency = credit.invoice.currency_id
            if currency.compare_amounts(credit.total, 0.0) >= 0:
                continue
            raise UserError(
                self.env._(
                    "What is refunded on %(invoice)s cost less than its share in the order's "
                    "discount: the total cannot be below zero. Raise the adjustment by "
                    "%(missing)s, refund the shipping too, or set the quantities to refund to 0.",
                    invoice=credit.invoice.name,
                    missing=order_currency.format(-credit.get_total_in(order_currency)),
                )
            )

    @api.model
    def _align_signs(self, credit):
        """See `Credit.align_signs`; which tax amounts become one journal item, Odoo says: a tax
        that stands by itself and in a group of taxes is two."""
        base_lines = [line.base_line for line in credit.lines]
        self.env["account.tax"]._add_accounting_data_in_base_lines_tax_details(
            base_lines, credit.invoice.company_id
        )
        for line in credit.lines:
            for tax_data in line.base_line["tax_details"]["taxes_data"]:
                tax_id = tax_data["tax"].id * (-1 if tax_data["is_reverse_charge"] else 1)
                for tax_rep_data in tax_data["tax_reps_data"][:1]:
                    line.tax_items[tax_id] = frozendict(tax_rep_data["grouping_key"])
        credit.align_signs()
        self._complete(credit)

    @api.model
    def _complete(self, credit):
        """Have each line's values say its amounts, to the journal and to the tax engine."""
        currency = credit.invoice.currency_id
        rate = credit.invoice.invoice_currency_rate or 1.0
        for line in credit.lines:
            vals = line.vals
            vals["extra_tax_data"] = line.amounts.to_extra_tax_data(vals, currency, rate)
            line.base_line = self._prepare_base_line(credit, vals, currency, rate)

    @api.model
    def _prepare_base_line(self, credit, vals, currency, rate):
        """Return the tax engine's base line of a credit note line's values."""
        base_line = self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {},
            product_id=self.env["product.product"].browse(vals["product_id"]),
            product_uom_id=self.env["uom.uom"].browse(vals["product_uom_id"]),
            account_id=self.env["account.account"].browse(vals.get("account_id")),
            analytic_distribution=vals.get("analytic_distribution"),
            tax_ids=self.env["account.tax"].browse(vals["tax_ids"][0][2]),
            price_unit=vals["price_unit"],
            quantity=vals["quantity"],
            discount=vals["discount"],
            extra_tax_data=vals["extra_tax_data"],
            currency_id=currency,
            rate=rate,
            is_refund=True,
        )
        self._round_base_line(base_line, credit.invoice.company_id)
        return base_line
