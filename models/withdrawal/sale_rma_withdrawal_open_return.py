from odoo import api, models


class SaleRmaWithdrawal(models.Model):
    """A statement on units that wait on an open commercial return: nobody has to withdraw a second
    time, nor to send anything back twice (docs/law.md L4, L16)."""

    _inherit = "sale.rma.withdrawal"

    @api.model
    def _turn_returns(self, order, items, at):
        """Make the withdrawal of the commercial return that the statement covers whole; units of
        others are given up there.

        :param list items: see `_submit`; empty: the whole order
        :param datetime at: when the statement was submitted
        :return: the `sale.rma` that was turned, if one was
        """
        asked = {item["sale_line_id"]: item["quantity"] for item in items or []}
        # sudo: other people's returns of the order wait for the same units
        returns = (
            order.sudo()
            .rma_ids.sorted("id")
            .filtered(
                lambda rma: (
                    rma.rma_type == "return"
                    and rma.state in rma._get_live_states()
                    and not (rma.refund_ids or rma.exchange_order_ids)
                )
            )
        )
        turned = returns.browse()
        for rma in returns:
            if not turned and rma.state != "requested" and self._is_covered(rma, asked):
                turned = rma
                rma._turn_into_withdrawal(at)
            else:
                self._give_up_items(rma, asked)
        return turned.with_env(self.env)

    @api.model
    def _is_covered(self, rma, asked):
        """Whether a statement is about all items of a return.

        :param dict asked: {id of a sold line: units withdrawn from}; empty: all of the order
        """
        if not asked:
            return True
        return all(
            sold.product_uom_id.compare(asked.get(sold.id, 0.0), sum(lines.mapped("quantity"))) >= 0
            for sold, lines in rma.line_ids.grouped("sale_line_id").items()
        )

    @api.model
    def _give_up_items(self, rma, asked):
        """Take the units that are withdrawn from off a commercial return, as far as they have not
        come back; what is left without items is cancelled."""
        left = dict(asked)
        for line in rma.line_ids:
            sold = line.sale_line_id
            part = line._get_qty_open()
            if asked:
                part = min(part, left.get(sold.id, 0.0))
                left[sold.id] = left.get(sold.id, 0.0) - part
            if sold.product_uom_id.compare(part, 0.0) <= 0:
                continue
            if sold.product_uom_id.compare(part, line.quantity) < 0:
                line.quantity -= part
            elif len(rma.line_ids) > 1:
                line.unlink()
            else:
                localized = self.with_context(lang=rma.partner_id.lang or self.env.lang)
                reason = localized.env._("You have withdrawn from the contract instead.")
                rma.action_cancel(reason=reason)

    @api.model
    def _get_qty_on(self, rma, sold, asked):
        """Return the units of a sold line that the statement covers on the return that was turned,
        in its unit.

        :param dict asked: {id of a sold line: units withdrawn from}; empty: all that the customer
            has
        """
        lines = rma.line_ids.filtered(lambda line: line.sale_line_id == sold)
        if asked:
            return sum(lines.mapped("quantity"))
        return sum(line._get_qty_open() for line in lines)
