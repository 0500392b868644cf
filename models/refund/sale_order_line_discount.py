from odoo import api, models


class SaleOrderLine(models.Model):
    """A discount that a return took back is given again with the units that are still to be
    invoiced (R5): it is theirs as far as it was given on them (R2).

    The first invoice has the whole discount of the order, also where it bills half of the goods;
    when these come back, their credit note takes all of it back.
    """

    _inherit = "sale.order.line"

    @api.depends("order_id.order_line.qty_delivered", "order_id.order_line.qty_invoiced")
    def _compute_qty_to_invoice(self):
        """Override of `sale` (R5)."""
        super()._compute_qty_to_invoice()
        for line in self._filter_discounts_taken_back():
            line.qty_to_invoice = line._get_discount_to_invoice()[0]

    def _filter_discounts_taken_back(self):
        """Return the discount lines that credit notes of returns took back something of. What a
        gift card or eWallet paid is on the card again, and pays anew what it is given for."""
        return self._filter_with_returns().filtered(
            lambda line: (
                line.rma_discount_shares
                and line.price_subtotal < 0
                and not line._is_card_payment()
                and line._get_qty_credited_by_returns() > 0
            )
        )

    def _get_discount_to_invoice(self):
        """Return (quantity, price of one) of the discount that is to be invoiced with the units
        that are: their share, as far as other units' invoices do not have it already."""
        self.ensure_one()
        due = max(self._get_discount_not_billed(), self._get_discount_of_due_units())
        unit = self.product_uom_id
        if due >= 0:
            return 0.0, self.price_unit
        exact = due / self.price_subtotal * self.product_uom_qty
        quantity = max(unit.round(exact), unit.rounding)
        return quantity, self.price_unit * exact / quantity

    def _get_discount_not_billed(self):
        """Return what the units that are kept or still to come have of the discount, and no
        invoice has: below zero, untaxed, in the order's currency; cents are rounding."""
        self.ensure_one()
        engine = self.env["sale.rma.refund"]
        billed = engine._get_billed_lines(self.order_id)
        lines = billed.get(self, [])
        have = sum(line.remaining.untaxed * line.rate for line in lines)
        drafts = self.sudo().invoice_lines.filtered(  # an amount gets out
            lambda item: item.parent_state == "draft" and item.move_type == "out_invoice"
        )
        have += sum(drafts.mapped("price_subtotal"))
        due = self.price_subtotal * (1 - self._get_part_of_units(billed)) - have
        tolerance = self.currency_id.rounding * (sum(len(line.credits) for line in lines) + 1.5)
        return due if due < -tolerance else 0.0

    def _get_part_of_units(self, billed):
        """Return which part of the discount is on units that were credited: 0 to 1."""
        credited = {
            str(sold.id): sum(line.to_sold_unit(line.credited) for line in lines)
            for sold, lines in billed.items()
        }
        return self._get_part_of_discount(credited)

    def _get_discount_of_due_units(self):
        """Return the share of the units that are to be invoiced: below zero, untaxed."""
        goods = self.order_id.order_line - self
        due = {str(line.id): max(line.qty_to_invoice, 0.0) for line in goods}
        return self.price_subtotal * self._get_part_of_discount(due)

    def _get_part_of_discount(self, units):
        """Return which part of the discount is on these units: 0 to 1.

        :param dict units: {id of a sold line as text: units, in its unit}
        """
        shares = self.rma_discount_shares
        total = sum(amount for amount, _units in shares.values())
        part = sum(
            amount * min(max(units.get(key, 0.0) / given, 0.0), 1.0)
            for key, (amount, given) in shares.items()
            if given
        )
        return part / total if total else 0.0

    def _prepare_invoice_line(self, **optional_values):
        """Override of `sale`: a part of a discount is invoiced to the cent, which its quantity of
        two decimals does not say."""
        vals = super()._prepare_invoice_line(**optional_values)
        if self._filter_discounts_taken_back():
            vals["price_unit"] = self._get_discount_to_invoice()[1]
        return vals
