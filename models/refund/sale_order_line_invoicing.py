from odoo import api, models

from ...tools.quantity_field import round_units


class SaleOrderLine(models.Model):
    """What is left to invoice of a sold line once returns took it back or credited it (R5)."""

    _inherit = "sale.order.line"

    def _get_qty_given_as_amount(self, states=("draft", "posted")):
        """Return the units that credit notes made by hand name at a lowered price: they give an
        amount and no unit (R2b). In the line's unit."""
        self.ensure_one()
        engine = self.env["sale.rma.refund"]
        lines = self.sudo().invoice_lines  # only quantities get out
        quantity = 0.0
        for line in lines:
            move = line.move_id
            sign = move._get_credit_sign()
            if not sign or move.rma_id or move.state not in states:
                continue
            if engine._is_goodwill(line, lines.filtered(engine._is_billing)):
                quantity += sign * line.product_uom_id._compute_quantity(
                    line.quantity, self.product_uom_id
                )
        return quantity

    def _get_qty_owed(self):
        """Extend: an amount given by hand is no unit that was given back (R2b)."""
        units = super()._get_qty_owed()
        if self._filter_credited_by_returns():  # it is in `qty_invoiced`
            return units
        return units + self._get_qty_given_as_amount()

    def _filter_credited_by_returns(self):
        # sudo: whether there is a credit note, no more
        return self.filtered(lambda line: line.sudo().invoice_lines.move_id.rma_id)

    @api.depends("invoice_lines.move_id.rma_id")
    def _compute_qty_invoiced(self):
        """Override of `sale` (R5): once a return has credited units, an amount given on the line
        before is none."""
        super()._compute_qty_invoiced()
        for line in self._filter_credited_by_returns():
            line.qty_invoiced += line._get_qty_given_as_amount() + line._get_qty_rounded_away()

    @api.depends("invoice_lines.move_id.rma_id")
    def _compute_qty_invoiced_posted(self):
        """Override of `sale`: as `qty_invoiced`."""
        super()._compute_qty_invoiced_posted()
        for line in self._filter_credited_by_returns():
            states = ("posted",)
            line.qty_invoiced_posted += line._get_qty_given_as_amount(states)
            line.qty_invoiced_posted += line._get_qty_rounded_away(states)

    def _get_qty_credited_by_returns(self, states=("draft", "posted")):
        """Return the units that credit notes of returns took off the line's invoices, drafts
        included as in `qty_invoiced`, in the line's unit."""
        return round_units(self.product_uom_id, self._sum_credits_of_returns(states, round=False))

    def _get_qty_rounded_away(self, states=("draft", "posted")):
        """Return by how much too much Odoo takes off for what returns credited: it rounds each
        credit note line up to the line's unit, so that six pieces are more than their pack."""
        as_odoo = self._sum_credits_of_returns(states)
        return as_odoo - self._get_qty_credited_by_returns(states)

    def _sum_credits_of_returns(self, states, **rounding):
        self.ensure_one()
        quantity = 0.0
        # sudo: quantities only
        for invoice_line in self.sudo().invoice_lines:
            move = invoice_line.move_id
            if move.state in states and move.rma_id:
                quantity += move._get_credit_sign() * invoice_line.product_uom_id._compute_quantity(
                    invoice_line.quantity, self.product_uom_id, **rounding
                )
        return quantity

    def _get_qty_sent_again(self):
        """Return the units that returns credited and that then went to the customer again, as when
        their receipt was returned: he owes them anew. In the line's unit."""
        self.ensure_one()
        quantity = 0.0
        # sudo: quantities only
        for rma_line in self.sudo().rma_line_ids:
            credits = rma_line.credit_line_ids.move_id.filtered(
                lambda move: move.move_type == "out_refund" and move.state in ("draft", "posted")
            )
            if not credits:
                continue
            since = min(credits.mapped("create_date")).replace(microsecond=0)  # as moves' dates
            again = rma_line.move_ids.filtered(
                lambda move, since=since: (
                    move.state == "done"
                    and move.date >= since
                    and move.location_dest_id._is_with_customer()
                )
            )
            sent = max(-again._get_rma_qty_received(self), 0.0) if again else 0.0
            quantity += min(sent, max(rma_line._get_qty_credited(), 0.0))
        return quantity

    def _get_qty_returned_uninvoiced(self, credited):
        """Return the units that came back through returns, or were withdrawn before they were
        sent, and were never invoiced: they are not to be invoiced any more. In the line's unit.

        :param float credited: units credited by returns, in the line's unit
        """
        self.ensure_one()
        returned = self._get_qty_given_up()
        if returned <= credited:
            return 0.0
        delivered = self.qty_delivered + returned
        invoiced = self.qty_invoiced + credited
        return min(returned - credited, max(delivered - invoiced, 0.0))

    def _get_qty_given_up(self):
        """Return the units that came back through returns or were withdrawn before they were sent,
        in the line's unit."""
        # sudo: quantities only
        received = sum(self.sudo().rma_line_ids.mapped("qty_received"))
        return received + self._get_qty_withdrawn_unsent()

    def _filter_with_returns(self):
        # sudo: whether there is a return, no more
        return self.filtered(lambda line: line.state == "sale" and line.order_id.sudo().rma_ids)

    @api.depends(
        "invoice_lines.move_id.rma_id",
        "move_ids.rma_line_id",
        # a combo is invoiced with its items
        "linked_line_ids.qty_delivered",
        "linked_line_ids.qty_invoiced",
        "linked_line_ids.move_ids.rma_line_id",
    )
    def _compute_qty_to_invoice(self):
        """Override of `sale` (R5): what a return credited is not invoiced again, what it took
        back uncredited is neither invoiced nor credited behind its back."""
        super()._compute_qty_to_invoice()
        with_returns = self._filter_with_returns()
        for line in with_returns:
            if line.display_type or line.is_downpayment or line.product_id.type == "combo":
                continue
            credited = line._get_qty_credited_by_returns()
            if credited > 0:
                credited -= line._get_qty_sent_again()
            returned = line._get_qty_given_up()
            if not line._filter_credited_by_returns():  # else it is in `qty_invoiced`
                line.qty_to_invoice -= line._get_qty_given_as_amount()
            # what returns account for never makes Odoo credit a unit by itself
            least = min(line.qty_to_invoice, 0.0)
            if line.product_id.invoice_policy == "delivery":
                quantity = max(line.qty_to_invoice - max(credited - returned, 0.0), least)
                if quantity < 0:
                    quantity = min(quantity + max(returned - credited, 0.0), 0.0)
            else:
                quantity = max(line.qty_to_invoice - credited, least)
                if quantity > 0:
                    quantity -= min(quantity, line._get_qty_returned_uninvoiced(credited))
            line.qty_to_invoice = round_units(line.product_uom_id, quantity)
        # Odoo told combos, which are invoiced with their items only, before the returns of these
        # were counted
        for combo, items in with_returns._get_combo_items().items():
            left = max(items.mapped("qty_to_invoice"), default=0.0)
            combo.qty_to_invoice = min(combo.qty_to_invoice, left)

    def _get_combo_items(self):
        """Return {line of a combo: lines of its items} of those that are combos."""
        return {
            line: line.linked_line_ids.filtered("combo_item_id")
            for line in self
            if line.product_id.type == "combo"
        }

    @api.depends("linked_line_ids.qty_to_invoice", "linked_line_ids.qty_invoiced")
    def _compute_invoice_status(self):
        """Override of `sale` (R5): a line whose rest was credited or came back uninvoiced has
        nothing left to invoice, as one that is invoiced whole."""
        super()._compute_invoice_status()
        with_returns = self._filter_with_returns()
        for line in with_returns:
            if line.invoice_status != "no" or line.display_type or line.is_downpayment:
                continue
            credited = line._get_qty_credited_by_returns()
            settled = line.qty_invoiced + credited + line._get_qty_returned_uninvoiced(credited)
            is_settled = line.product_uom_id.compare(settled, line.product_uom_qty) >= 0
            if is_settled and line.product_uom_id.compare(settled, 0.0) > 0:
                line.invoice_status = "invoiced"
        for combo, items in with_returns._get_combo_items().items():
            if combo.invoice_status == "no" and set(items.mapped("invoice_status")) == {"invoiced"}:
                combo.invoice_status = "invoiced"

    def _compute_untaxed_amount_to_invoice(self):
        """Override of `sale` (R5): follow the quantity that is really left to invoice."""
        super()._compute_untaxed_amount_to_invoice()
        for line in self._filter_with_returns():
            if line.product_uom_qty:
                unit_price = line.price_subtotal / line.product_uom_qty
                line.untaxed_amount_to_invoice = unit_price * line._get_qty_to_invoice_unposted()

    def _compute_amount_to_invoice(self):
        """Override of `sale` (R5): follow the quantity that is really left to invoice."""
        super()._compute_amount_to_invoice()
        for line in self._filter_with_returns():
            if line.product_uom_qty:
                unit_price = line.price_total / line.product_uom_qty
                line.amount_to_invoice = unit_price * line._get_qty_to_invoice_unposted()

    def _get_qty_to_invoice_unposted(self):
        """Return the units to invoice with those on draft invoices, in the line's unit."""
        self.ensure_one()
        in_draft = self.qty_invoiced - self.qty_invoiced_posted
        return self.qty_to_invoice + in_draft + self._get_qty_credited_by_returns(("draft",))
