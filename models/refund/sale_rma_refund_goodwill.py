from odoo import api, models

from .refund_lines import EPSILON, DocumentAmounts, Goodwill
from .rounding import Amounts


class SaleRmaRefund(models.AbstractModel):
    """What was given before is not given twice (R2b).

    Money given on an order beside its units is a goodwill. It is set off when units come back:

    * A line of a credit note made by hand that is tied to a sold line at a lower price counts by
      its amount, not as a unit; it is set off on as many units of the line as it names.
    * A goodwill given by a return that credits no units (the customer keeps the goods) is set off
      on the units that this return names, shared by what they cost.
    * What is tied to nothing but the invoice is the whole order's: it is set off as soon as the
      invoices leave no more, on what comes back last.

    The first is part of the unit's own line; the others are lines of their own, with the account
    and taxes of the goodwill, so that all credits together are what was invoiced (R4).
    """

    _inherit = "sale.rma.refund"

    # === GOODWILL ON A SOLD LINE === #

    @api.model
    def _is_goodwill(self, line, billed_lines):
        """Whether a credit note's line gives an amount, and no unit: made by hand, and for less
        than its units were billed; cents are rounding.

        :param billed_lines: journal items that billed the same sold line
        """
        move = line.move_id
        if move.rma_id or line.quantity <= 0 or line.sale_line_ids[:1]._is_order_discount():
            return False
        first = billed_lines[:1]
        unit = first.product_uom_id
        units = sum(
            item.product_uom_id._compute_quantity(item.quantity, unit, round=False)
            for item in billed_lines
        )
        total = sum(item.price_total for item in billed_lines)
        quantity = line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
        cost = total / units * quantity if units else 0.0
        missing = cost - line.price_total * move._get_rate_into(first.move_id)
        rounding = first.currency_id.rounding * (quantity + 1.5)
        return missing > min(rounding, cost / 2) > 0

    @api.model
    def _add_goodwill(self, billed_lines, line, sign):
        """Count a goodwill on the first of these `BilledLine`s that has units left."""
        billed = next((one for one in billed_lines if one.left), billed_lines[0])
        units = line.product_uom_id._compute_quantity(
            line.quantity, billed.line.product_uom_id, round=False
        )
        billed.add_goodwill(line, units * sign, sign)

    @api.model
    def _get_goodwill_left(self, billed, target):
        """Return the `Amounts` of an invoice line's goodwill that are not set off yet: what its
        units gave less than they cost was.

        :param Amounts target: what the units credited before cost
        """
        goodwill = billed.goodwill
        if not goodwill.total:
            return Amounts()
        cent = billed.line.currency_id.rounding
        set_off = target.total + goodwill.total - billed.credited_amounts.total
        if set_off <= cent * (len(billed.credits) + 0.5):
            return goodwill
        return goodwill.scaled(max(1 - set_off / goodwill.total, 0.0))

    @api.model
    def _get_set_off(self, billed, part, increment, left):
        """Return what of a goodwill is set off on units that are credited now.

        :param float part: those units, in the invoice line's unit
        :param Amounts increment: what they cost
        :param Amounts left: the goodwill not set off yet
        """
        if not left.total:
            return Amounts()
        units = billed.goodwill_units * left.total / billed.goodwill.total
        is_last = billed.left <= part + EPSILON
        share = 1.0 if is_last or units <= part else part / units
        set_off = left.scaled(share)
        if set_off.total > increment.total:
            set_off = set_off.scaled(increment.total / set_off.total)
        return set_off.rounded(billed.line.currency_id, billed.line.company_currency_id)

    # === GOODWILL ON A RETURN OR AN ORDER === #

    @api.model
    def _get_goodwills(self, order):
        """Return the order's `Goodwill`s that stand on no sold line, newest first, with what is
        not set off yet."""
        goodwills = {}
        for move in self._get_order_moves(order).sorted("id", reverse=True):
            direction = self._get_credit_direction(move)
            for line in move.line_ids if direction else ():
                if line.display_type == "product" and not line.sale_line_ids:
                    source = self._get_goodwill_source(line)
                    if source not in goodwills:
                        goodwills[source] = Goodwill(source)
                    goodwills[source].add(line, direction, order.currency_id)
        return [
            goodwill
            for goodwill in goodwills.values()
            if goodwill.line and order.currency_id.compare_amounts(goodwill.amount, 0.0) > 0
        ]

    @api.model
    def _get_goodwill_source(self, line):
        """Return the document that gave what the line gives, sets off or undoes."""
        move = line.rma_set_off_id.move_id or line.move_id
        return move._get_undone() or move

    @api.model
    def _set_off_goodwill(self, rma, credits, billed):
        """Take off what was given before for what is credited now."""
        order, currency = rma.order_id, rma.currency_id
        if not credits:
            return
        goodwills = self._get_goodwills(order)
        for goodwill in goodwills:
            self._add_set_off_lines(rma, credits, goodwill, self._get_named(goodwill, billed))
        excess = sum(credit.get_total_in(currency) for credit in credits.values())
        excess -= max(self._get_amount_left(order), 0.0)
        if not self._is_over_ceiling(order, excess, 0.0):
            return
        for goodwill in goodwills:
            if currency.compare_amounts(excess, 0.0) > 0:
                excess -= self._add_set_off_lines(rma, credits, goodwill, excess)
        if self._is_over_ceiling(order, excess, 0.0):  # a unit credited by hand at a higher price
            adjustment = self.env.ref("sale_rma.product_refund_adjustment")
            self._spread_extra(rma, credits, adjustment, -currency.round(excess), is_given=True)

    @api.model
    def _get_named(self, goodwill, billed):
        """Return what of a goodwill is for the units credited now: of one that a return gave for
        the units it names, their share."""
        rma = goodwill.source.rma_id
        if not rma or goodwill.source.line_ids.sale_line_ids:
            return 0.0
        values, named = {}, {}
        for rma_line in rma.line_ids:
            sold = rma_line.sale_line_id
            lines = billed.get(sold, [])
            units = sum(line.to_sold_unit(line.quantity) for line in lines)
            open_units = rma_line.quantity - rma_line._get_qty_credited()
            if units and open_units > EPSILON:
                price = sum(line.amounts.total * line.rate for line in lines) / units
                named[sold] = named.get(sold, 0.0) + open_units
                values[sold] = values.get(sold, 0.0) + price * open_units
        total = sum(values.values())
        part = 0.0
        for sold, units in named.items():
            taken = sum(line.to_sold_unit(line.taken) for line in billed[sold])
            part += values[sold] / total * min(taken / units, 1.0) if total else 0.0
        return goodwill.given * part

    @api.model
    def _add_set_off_lines(self, rma, credits, goodwill, amount):
        """Set so much of a goodwill off, as far as there is; return how much it was.

        :param float amount: in the order's currency
        """
        currency = rma.currency_id
        remaining = amount = currency.round(min(amount, goodwill.amount))
        totals = {credit: credit.get_total_in(currency) for credit in credits.values()}
        for credit, total in sorted(totals.items(), key=lambda item: -item[1]):
            part = min(remaining, total)
            if currency.compare_amounts(part, 0.0) > 0:
                converted = self._convert_extra(rma, credit, -part)
                self._add_set_off_line(credit, goodwill.line, converted)
                remaining -= part
        goodwill.amount -= amount - remaining
        return amount - remaining

    @api.model
    def _add_set_off_line(self, credit, given, total):
        """Add the line that takes off what another document gave, with the same account and taxes.

        :param given: the journal item that gave it
        :param float total: below zero, tax included, in the currency of the credit note
        """
        invoice = credit.invoice
        if given.currency_id == invoice.currency_id and given.price_total:
            amounts = DocumentAmounts()[given].scaled(total / given.price_total)
            amounts = amounts.rounded(invoice.currency_id, invoice.company_currency_id)
            amounts[None, "total_excluded_currency"] += total - amounts.total
        else:
            amounts = self._split_total(invoice, given.product_id, given.tax_ids, total)
        if invoice.currency_id.is_zero(credit.total + amounts.total):
            rest = credit.company_total + amounts.company_total
            amounts[None, "total_excluded"] -= invoice.company_currency_id.round(rest)
        in_price = given.tax_ids and all(tax.price_include for tax in given.tax_ids)
        localized = self.with_context(lang=invoice.partner_id.lang or self.env.lang)
        vals = {
            "name": localized.env._(
                "Given before with %(document)s", document=given.move_id.display_name
            ),
            "product_id": given.product_id.id,
            "product_uom_id": given.product_uom_id.id,
            "quantity": 1.0,
            "price_unit": total if in_price else amounts.untaxed,
            "discount": 0.0,
            "tax_ids": [(6, 0, given.tax_ids.ids)],
            "account_id": given.account_id.id,
            "rma_set_off_id": given.id,
        }
        self._append(credit, vals, amounts, given_before=-amounts.total)

    # === FOR THE SCREEN === #

    @api.model
    def _get_goodwill_documents(self, order):
        """Return {document: what it gave beside units, tax included, in the order's currency},
        newest first."""
        given = {goodwill.source: goodwill.given for goodwill in self._get_goodwills(order)}
        for lines in self._get_billed_lines(order).values():
            for billed in lines:
                for line, sign in billed.goodwills:
                    amount = sign * line.price_total * billed.rate
                    amount *= line.move_id._get_rate_into(billed.line.move_id)
                    given[line.move_id] = given.get(line.move_id, 0.0) + amount
        return given
