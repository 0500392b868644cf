from odoo import api, models

from ...tools.quantity_field import round_units
from .refund_lines import EPSILON, BilledLine, DocumentAmounts
from .rounding import Amounts


class SaleRmaRefund(models.AbstractModel):
    """What the invoices of an order billed, and what credit notes took off them already."""

    _inherit = "sale.rma.refund"

    @api.model
    def _get_billed_lines(self, orders, without=None):
        """Return {sold line: its `BilledLine`s, newest invoice first} of these orders.

        :param without: credit notes that are not to be counted
        """
        documents = DocumentAmounts()
        result = {}
        for sold in orders.sudo().order_line:  # invoices are accounting's; only amounts get out
            lines = sold.invoice_lines
            billing = lines.filtered(self._is_billing)
            # what is read of one line is read for those of all orders that are worked on together
            billing = billing.with_prefetch(lines._prefetch_ids)
            if billing:
                newest_first = billing.sorted(
                    lambda line: (line.move_id.invoice_date or line.move_id.date, line.id),
                    reverse=True,
                )
                result[sold] = [
                    BilledLine(sold, line, documents, len(newest_first) > 1)
                    for line in newest_first
                ]
                credits = sold.invoice_lines.filtered(lambda line: line.move_id != without)
                self._subtract_credits(result[sold], credits)
        return result

    @api.model
    def _is_billing(self, line):
        """Whether a journal item is a posted invoice's that bills units."""
        move = line.move_id
        return (
            move.state == "posted"
            and move.move_type == "out_invoice"
            and not move._get_credit_sign()
            and line.display_type == "product"
            and line.quantity > 0
        )

    @api.model
    def _is_invoiced(self, sold):
        """Whether a posted invoice bills the sold line."""
        # sudo: whether there is an invoice, no more
        return any(self._is_billing(line) for line in sold.sudo().invoice_lines)

    @api.model
    def _subtract_credits(self, billed_lines, lines):
        """Take off what credit notes gave back already: on the invoice they reverse, else on the
        newest. Drafts count, their units are spoken for; what undoes a credit, once posted."""
        for line in lines:
            move = line.move_id
            sign = move._get_credit_sign()
            states = ("posted",) if sign < 0 else ("draft", "posted")
            if move.state not in states or line.display_type != "product":
                continue
            if sign:
                origin = move.reversed_entry_id
                if undone := move._get_undone():
                    origin = undone.reversed_entry_id
            elif line.quantity < 0:  # an invoice that takes off units beside billing others
                sign, origin = -1, move
            else:
                continue
            own = [billed for billed in billed_lines if billed.line.move_id == origin]
            items = line.browse([billed.line.id for billed in own or billed_lines])
            if self._is_goodwill(line, items):
                self._add_goodwill(own or billed_lines, line, sign)
            else:
                self._spread_credit(own or billed_lines, line, sign)

    @api.model
    def _spread_credit(self, billed_lines, line, sign):
        """Count one line of a credit note on invoice lines, as far as they have units for it.

        :param int sign: -1 where the line undoes a credit
        """
        if not line.quantity:  # an amount without units
            billed_lines[0].add_credit(line, 0.0, sign)
            return
        remaining = line.quantity * sign
        for index, billed in enumerate(billed_lines):
            unit = billed.line.product_uom_id
            wanted = line.product_uom_id._compute_quantity(remaining, unit, round=False)
            if wanted < 0:
                part = max(wanted, -billed.credited)
            elif index < len(billed_lines) - 1:
                part = min(wanted, billed.left)
            else:
                part = wanted
            if not part:
                continue
            units = unit._compute_quantity(part, line.product_uom_id, round=False)
            billed.add_credit(line, part, units / line.quantity)
            remaining -= units

    @api.model
    def _get_qty_refundable(self, sold_lines):
        """Return {sold line: units invoiced and not credited}, in the sold line's unit (R2)."""
        billed = self._get_billed_lines(sold_lines.order_id)
        return {
            sold: round_units(
                sold.product_uom_id,
                sum(line.to_sold_unit(line.left) for line in billed.get(sold, [])),
            )
            for sold in sold_lines
        }

    @api.model
    def _get_prices_paid(self, sold_lines):
        """Return {sold line: what one of its units costs the customer}, tax included, after line
        and order discounts, in the order's currency. A gift card or eWallet pays it, and lowers it
        not. What is not invoiced costs what the order says."""
        paid = self._get_unit_amounts(sold_lines, lambda line: line.amounts.total)
        prices = {}
        for sold in sold_lines:
            ordered = sold.price_total / sold.product_uom_qty if sold.product_uom_qty else 0.0
            prices[sold] = sold.currency_id.round(paid.get(sold, ordered))
        return prices

    @api.model
    def _get_unit_amounts(self, sold_lines, get_amount):
        """Return {invoiced sold line: amount of one unit after discounts}, not rounded, in the
        order's currency.

        :param get_amount: returns the amount meant (untaxed, total) of a `BilledLine`
        """
        billed = self._get_billed_lines(sold_lines.order_id)
        shares = self._share(self._get_discount_weights(billed, payments=False), get_amount)
        amounts = {}
        for sold in sold_lines:
            lines = billed.get(sold, [])
            units = sum(line.to_sold_unit(line.quantity) for line in lines)
            if units:
                amounts[sold] = sum(get_amount(line) * line.rate + shares[line] for line in lines)
                amounts[sold] /= units
        return amounts

    # === AMOUNTS OF A PART OF AN INVOICE LINE === #

    @api.model
    def _compute_amounts(self, billed, quantity):
        """Return the amounts of so many units of an invoice line, in its unit: what the tax engine
        says for them, with their share in what the line differs from that (a tax edited on the
        invoice, the rounding of the whole document). For all units, the line's own amounts; for
        none, nothing."""
        if quantity >= billed.quantity - EPSILON:
            return billed.amounts
        if abs(quantity) < EPSILON:
            return Amounts()
        if billed.difference is None:
            billed.difference = billed.amounts - self._evaluate(billed, billed.quantity)
        if quantity not in billed.computed:
            part = self._evaluate(billed, quantity)
            share = quantity / billed.quantity
            billed.computed[quantity] = part.combine(billed.difference, share).rounded(
                billed.line.currency_id, billed.line.company_currency_id
            )
        return billed.computed[quantity]

    @api.model
    def _evaluate(self, billed, quantity):
        """Return what the tax engine says for so many units at the invoice line's price."""
        line = billed.line
        base_line = self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            line,
            quantity=quantity,
            rate=line.move_id.invoice_currency_rate or 1.0,
            extra_tax_data={},
        )
        return self._round_base_line(base_line, line.company_id)

    @api.model
    def _round_base_line(self, base_line, company):
        """Put a base line through the tax engine; return its `Amounts`."""
        engine = self.env["account.tax"]
        engine._add_tax_details_in_base_line(base_line, company)
        engine._round_base_lines_tax_details([base_line], company)
        return Amounts.from_base_line(base_line)
