from collections import defaultdict

from odoo import models


class SaleRma(models.Model):
    """What of the outbound delivery a withdrawal gives back: once, and surely (docs/law.md L17,
    L20, L21)."""

    _inherit = "sale.rma"

    def _get_shipping_part(self, quantities, decided=None):
        """Return which part of the delivery is owed with this withdrawal, told when it is posted.

        :param dict quantities: {item: units credited now}
        :param dict decided: {item: {field: value}} that is decided and not written yet
        :return: True for what is left of it, a number for the part that is to be given back in
            all, False
        """
        self.ensure_one()
        if self._is_whole_order(decided):
            return not self._get_shipping_reason()
        # sudo: a setting; the amount gets out
        if self.company_id.sudo().rma_withdrawal_shipping != "share":
            return False
        return self._get_shipping_share(quantities)

    def _get_shipping_reason(self):
        """Return in words why nothing is left of the shipping, nothing where something is."""
        self.ensure_one()
        engine = self.env["sale.rma.refund"]
        billed = engine._get_billed_lines(self.order_id)
        left = any(
            line.left for sold, lines in billed.items() if sold._is_delivery() for line in lines
        )
        return "" if left else self.env._("The shipping was refunded already.")

    def _is_whole_order(self, decided=None):
        """Whether all that the customer has of the order, and all that was not sent, is withdrawn
        from, by all withdrawals of the order together; then the newest that is open gives the
        delivery back, so that it is given once and surely."""
        self.ensure_one()
        # sudo: other people's withdrawals of the order count too
        order = self.sudo().order_id
        withdrawals = order.rma_ids.filtered(
            lambda rma: (
                rma.rma_type == "withdrawal" and rma.state in (*self._get_live_states(), "done")
            )
        )
        newer = withdrawals.filtered(lambda rma: rma.state != "done" and rma.id > self._origin.id)
        if newer:
            return False
        others = withdrawals - self.sudo()._origin
        items = others.line_ids | self.sudo().line_ids
        if items._filter_refused(decided):
            return False
        return self._covers(order, items)

    def _covers(self, order, items):
        """Whether these items are all that the customer has of an order, and all that was not
        sent."""
        asked, unsent_asked = defaultdict(float), defaultdict(float)
        for item in items:
            asked[item.sale_line_id._origin] += item._get_qty_to_come_back() - item.qty_received
            unsent_asked[item.sale_line_id._origin] += item.qty_unsent
        goods = order.order_line._filter_returnable()
        at_customer = goods._get_qty_at_customer()
        every = order.order_line._filter_returnable("withdrawal")
        unsent = every._get_qty_unsent()
        return all(
            line.product_uom_id.compare(asked[line], at_customer[line]) >= 0 for line in goods
        ) and all(
            line.product_uom_id.compare(unsent_asked[line], unsent[line]) >= 0 for line in every
        )

    def _get_shipping_share(self, quantities):
        """Return the part by value of what is withdrawn, with what was credited before.

        :param dict quantities: {item: units credited now}
        """
        order = self.sudo().order_id  # as in `_is_whole_order`
        units = defaultdict(float)
        withdrawals = order.rma_ids.filtered(lambda rma: rma.rma_type == "withdrawal")
        for item in withdrawals.line_ids:
            units[item.sale_line_id] += item._get_qty_credited()
        for item, quantity in quantities.items():
            units[item.sale_line_id._origin.sudo()] += quantity
        lines = order._get_withdrawal_lines()
        total = sum(lines.mapped("price_total"))
        taken = sum(
            line.price_total * min(units[line] / line.product_uom_qty, 1.0) for line in lines
        )
        return min(max(taken / total, 0.0), 1.0) if total > 0 else 0.0
