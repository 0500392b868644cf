from odoo import api, models
from odoo.exceptions import UserError

from ...tools.quantity_field import format_quantity


class SaleRmaRefund(models.AbstractModel):
    """Credit notes of returns may be edited while they are drafts: to give back less, not more."""

    _inherit = "sale.rma.refund"

    @api.model
    def _check_refund(self, move):
        """Check a credit note of a return that is to be posted (R2, R2b). Lines that credit no
        sold line (fee, adjustment, what accounting adds) are free as far as the order's invoices
        leave something.

        :raise UserError: another currency than its invoice's, more units than asked for or
            invoiced, more money than they cost, or more than was invoiced in all
        """
        self._check_currency(move)
        self._check_posted_ceiling(move)
        self._check_units_asked(move)
        billed = self._get_billed_lines(move.rma_id.order_id, without=move)
        weights = self._get_discount_weights(billed)
        before = {discount: self._get_part_credited(lines) for discount, lines in weights.items()}
        given = self._get_given(move, billed)
        for line, (quantity, amount) in given.items():
            if line not in weights:
                start = line.credited
                line.taken += quantity
                self._check_given(move, line, amount, start, start + quantity)
        for discount, lines in weights.items():
            amount = given.get(discount, (0.0, 0.0))[1]
            after = self._get_part_credited(lines)
            if discount.is_one_of_many:
                part = self._get_part_of_left(before[discount], after)
                self._check_allowed(move, discount, amount, discount.remaining.total * part)
                continue
            start, end = discount.quantity * before[discount], discount.quantity * after
            self._check_given(move, discount, amount, start, end)

    @api.model
    def _check_currency(self, move):
        """What a unit cost is told in the invoice's currency: the same figure in another one
        would give back more, or less, than was paid."""
        invoice = move.reversed_entry_id
        if invoice and move.currency_id != invoice.currency_id:
            raise UserError(
                self.env._(
                    "The credit note of %(rma)s is in %(currency)s, but its invoice %(invoice)s is "
                    "in %(invoiced)s. Set its currency to %(invoiced)s again.",
                    rma=move.rma_id.name,
                    currency=move.currency_id.name,
                    invoice=invoice.name,
                    invoiced=invoice.currency_id.name,
                )
            )

    @api.model
    def _check_units_asked(self, move):
        for rma_line in move.invoice_line_ids.rma_line_id:
            credited = rma_line._get_qty_credited()
            if rma_line.product_uom_id.compare(credited, rma_line.quantity) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(quantity)s are credited on %(rma)s, but only %(asked)s "
                        "were asked for. Lower the quantity on the credit note.",
                        product=rma_line.product_id.display_name,
                        quantity=format_quantity(self.env, credited),
                        rma=rma_line.rma_id.name,
                        asked=format_quantity(self.env, rma_line.quantity),
                    )
                )

    @api.model
    def _get_given(self, move, billed):
        """Return {`BilledLine`: (units, amount with tax) that a draft credit note takes off it}.

        :raise UserError: more units than are invoiced and not credited
        """
        given = {}
        for line in move.invoice_line_ids.filtered("sale_line_ids"):
            sold = line.sale_line_ids[:1]
            lines = billed.get(sold, [])
            own = [one for one in lines if one.line.move_id == move.reversed_entry_id] or lines
            for index, one in enumerate(own):
                unit = one.line.product_uom_id
                wanted = line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
                is_last = index == len(own) - 1
                if not is_last and wanted > one.left - given.get(one, (0.0, 0.0))[0]:
                    continue  # the invoice bills it in several lines: the one that has room
                units, amount = given.get(one, (0.0, 0.0))
                # a discount may be shared by invoices in different currencies
                rate = line.move_id._get_rate_into(one.line.move_id)
                given[one] = units + wanted, amount + line.price_total * rate
                if not sold._is_order_discount() and unit.compare(given[one][0], one.left) > 0:
                    raise UserError(self._get_over_credit_message(move, one))
                break
        return given

    @api.model
    def _get_over_credit_message(self, move, billed):
        return self.env._(
            "%(product)s: only %(possible)s on %(invoice)s are not credited yet. Lower the "
            "quantity on the credit note of %(rma)s.",
            product=billed.line.product_id.display_name,
            possible=format_quantity(self.env, billed.line.product_uom_id.round(billed.left)),
            invoice=billed.line.move_id.name,
            rma=move.rma_id.name,
        )

    @api.model
    def _check_given(self, move, billed, amount, start, end):
        """Check the amount given back for a part of an invoice line.

        It may be what the part costs, or what is missing to what all credits together should be.

        :param float amount: in the invoice's currency, tax included
        :param float start: units credited before, in the invoice line's unit; `end`: with these
        """
        credited = billed.credited_before.total
        target = self._compute_amounts(billed, end).total
        costs = target - self._compute_amounts(billed, start).total
        most = None
        if not billed.sold._is_order_discount():
            most = billed.amounts.total - credited
        self._check_allowed(move, billed, amount, max(costs, target - credited), most)

    @api.model
    def _check_allowed(self, move, billed, amount, paid, most=None):
        """Check an amount against what was paid, but for cents of rounding.

        :param float most: what it may not exceed by a cent
        """
        currency = billed.line.currency_id
        allowed = paid + currency.rounding * (len(billed.credits) + 1)
        if most is not None:
            allowed = min(allowed, most)
        if currency.compare_amounts(amount, allowed) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: %(amount)s are given back on the credit note of %(rma)s, but at "
                    "most %(allowed)s were paid for it. Put a goodwill on a line of its own.",
                    name=billed.line.name or billed.line.product_id.display_name,
                    amount=currency.format(amount),
                    rma=move.rma_id.name,
                    allowed=currency.format(paid),
                )
            )
