from odoo import api, models
from odoo.exceptions import UserError


class SaleRmaRefund(models.AbstractModel):
    """R2b: all that is given back on an order is at most what its invoices billed.

    Counted by amount, tax included: credit notes of returns and those made by hand, drafts too,
    with whatever stands on them (units, shipping, goodwill, what accounting added). Nobody is kept
    from crediting by hand, but what is so credited is not left for returns.
    """

    _inherit = "sale.rma.refund"

    @api.model
    def _check_ceiling(self, rma, credits, reason=None):
        """Check what a return is about to give back.

        :param credits: the `Credit`s
        :param str reason: of a sales manager who gives more
        :raise UserError: more than the order's invoices left; it names the amount possible
        """
        currency = rma.currency_id
        total = sum(credit.get_total_in(currency) for credit in credits)
        left = self._get_amount_left(rma.order_id)
        if not self._is_over_ceiling(rma.order_id, total, left):
            return
        if not self._may_exceed_ceiling():
            raise UserError(self._get_over_ceiling_message(rma, total, left))
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(total)s is more than the %(left)s that are left of what %(order)s was "
                    "invoiced: give the reason, it is kept in the history.",
                    total=currency.format(total),
                    left=currency.format(max(left, 0.0)),
                    order=rma.order_id.name,
                )
            )

    @api.model
    def _check_posted_ceiling(self, move):
        """Check an edited credit note of a return that is to be posted.

        :raise UserError: as `_check_ceiling`
        """
        rma = move.rma_id
        total = move._get_total_in(rma.currency_id)
        left = self._get_amount_left(rma.order_id, without=move)
        if not self._is_over_ceiling(rma.order_id, total, left):
            return
        if rma.currency_id.compare_amounts(total, move.rma_amount_approved) <= 0:
            return
        if not (self._may_exceed_ceiling() and (move.rma_adjustment_reason or "").strip()):
            raise UserError(self._get_over_ceiling_message(rma, total, left))

    @api.model
    def _may_exceed_ceiling(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    @api.model
    def _is_over_ceiling(self, order, total, left):
        """:param float total: to be given back, in the order's currency, as `left`"""
        currency = order.currency_id
        invoices = self._get_order_moves(order)
        converted = len(invoices.filtered(lambda move: move.currency_id != currency))
        # where invoices are in another currency each document is rounded by itself
        tolerance = currency.rounding * converted
        return currency.compare_amounts(total, max(left, 0.0) + tolerance) > 0

    @api.model
    def _get_over_ceiling_message(self, rma, total, left):
        currency = rma.currency_id
        return self.env._(
            "%(rma)s would give back %(total)s, but of what %(order)s was invoiced only %(left)s "
            "are left: lower the adjustment or the quantities. A sales manager can give more on "
            "the processing screen, with a reason.",
            rma=rma.name,
            total=currency.format(total),
            order=rma.order_id.name,
            left=currency.format(max(left, 0.0)),
        )

    @api.model
    def _get_amount_left(self, order, without=None):
        """Return what the order's invoices billed less what was credited, tax included, in the
        order's currency.

        :param without: a credit note that is not to be counted
        """
        left = 0.0
        for move in self._get_order_moves(order):
            if move != without:
                left -= self._get_credit_direction(move) * self._get_order_part(move, order)
        return order.currency_id.round(left)

    @api.model
    def _get_order_moves(self, order):
        """Return the invoices and credit notes of an order, also those that are tied to it by
        nothing but the invoice they reverse."""
        # sudo: invoices are accounting's; only amounts get out
        moves = order.sudo().order_line.invoice_lines.move_id
        reversals = moves._get_undoing()
        if reversals - moves:
            reversals |= (reversals - moves)._get_undoing()
        return moves | reversals

    @api.model
    def _get_credit_direction(self, move):
        """Return 1 for what gives back, -1 for what bills (or undoes a credit), 0 for what does
        not count: drafts count as far as they give back."""
        if move.move_type == "out_refund":
            return 1 if move.state in ("draft", "posted") else 0
        if move.move_type == "out_invoice":
            return -1 if move.state == "posted" else 0
        return 0

    @api.model
    def _get_order_part(self, move, order):
        """Return what of a document's total is the order's, in its currency and without cash
        rounding, which no unit has. What stands on no order's line follows the lines that do, else
        the invoice that is reversed."""
        total = move._get_total_in(order.currency_id)
        if move.invoice_cash_rounding_id and move.amount_total:
            rounding = move.line_ids.filtered(lambda line: line.display_type == "rounding")
            rounded = move.direction_sign * sum(rounding.mapped("amount_currency"))
            total *= 1 - rounded / move.amount_total
        if move.rma_id:
            return total if move.rma_id.order_id == order else 0.0
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        orders = lines.sale_line_ids.order_id
        origin = move.reversed_entry_id or move._get_undone()
        if not orders and origin:
            whole = origin._get_total_in(order.currency_id)
            if not whole:  # nothing of it says whose it is but its lines
                owners = origin.line_ids.sale_line_ids.order_id
                return total / len(owners) if order in owners else 0.0
            share = min(self._get_order_part(origin, order) / whole, 1.0)
            return total * share
        if orders <= order:
            return total if orders else 0.0
        linked = lines.filtered("sale_line_ids")
        own = linked.filtered(lambda line: line.sale_line_ids.order_id == order)
        billed = sum(linked.mapped("price_total"))
        return total * sum(own.mapped("price_total")) / billed if billed else 0.0
