from odoo import api, models


class SaleRmaRefund(models.AbstractModel):
    """A supplement for a delivery dearer than the standard one is shown, and not owed (docs/law.md
    L20)."""

    _inherit = "sale.rma.refund"

    @api.model
    def _keep_supplement(self, rma, credits):
        """Take off the supplement on a line of its own, where the delivery is given back."""
        order = rma.order_id
        sold = order.order_line.filtered("is_delivery")
        if not order.rma_shipping_supplement:
            return
        parts = [
            (credit, part)
            for credit in credits.values()
            for part in credit.lines
            if part.vals.get("sale_line_ids")
            and set(part.vals["sale_line_ids"][0][2]) & set(sold.ids)
        ]
        given = sum(part.amounts.total for _credit, part in parts)
        if given <= 0:
            return
        price = sum(line.price_unit * line.product_uom_qty for line in sold)
        gross, paid = self._get_shipping_paid(order)
        standard = gross * (1 - min(order.rma_shipping_supplement / price, 1.0))
        kept = (paid - min(paid, standard)) * (given / gross)
        if rma.currency_id.compare_amounts(kept, 0.0) <= 0:
            return
        credit, part = max(parts, key=lambda one: one[1].amounts.total)
        self._append_kept(
            rma,
            credit,
            rma.currency_id.round(kept),
            part.vals,
            lambda env: env._("Supplement for %(carrier)s, not owed", carrier=sold[:1].name),
        )

    @api.model
    def _get_shipping_paid(self, order):
        """Return what the delivery cost, before and after what discounts took off it; tax
        included, in the invoices' currency."""
        billed = {sold: list(lines) for sold, lines in self._get_billed_lines(order).items()}
        for lines in billed.values():
            for line in lines:  # asked for the whole, whatever was given back
                line.credited, line.credits = 0.0, []
        weights = self._get_discount_weights(billed)
        credits = {}
        before = {discount: self._get_part_credited(lines) for discount, lines in weights.items()}
        self._add_shipping_lines(credits, billed)
        gross = sum(credit.total for credit in credits.values())
        for discount, lines in weights.items() if credits else ():
            after = self._get_part_credited(lines)
            self._add_share_lines(credits, discount, before[discount], after)
        return gross, sum(credit.total for credit in credits.values())
