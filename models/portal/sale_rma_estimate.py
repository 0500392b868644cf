import math
from types import SimpleNamespace

from odoo import fields, models
from odoo.tools import SQL, float_repr

from .estimate import Estimate

PACE_DAYS = 90
PACE_LEAST = 5  # returns: fewer tell nothing
PACE_PART = 0.8  # of them were as quick: what "usually" means
PACES = {
    "answer": ("date_requested", "date_accepted"),
    "refund": ("date_received", "date_done"),
}


class SaleRma(models.Model):
    """What customers are told of their money and of time, before there is anything in the books."""

    _inherit = "sale.rma"

    def _get_customer_estimate(self):
        """Return the `Estimate` of what the return would give back now, told by what will also
        make the credit note (R3); of one that was never saved too."""
        self.ensure_one()
        rma = self.sudo()  # the return's own totals: its access was checked
        engine = self.env["sale.rma.refund"].sudo()
        quantities = rma._get_quantities_estimated()
        credits = engine._prepare_credits(rma, quantities)
        estimate = Estimate(rma.currency_id)
        estimate.refund = rma.currency_id.round(
            sum(credit.get_total_in(rma.currency_id) for credit in credits)
        )
        estimate.parts = rma._get_estimate_parts(credits)
        estimate.unbilled = [
            line._get_customer_name() for line in rma.line_ids if line not in quantities
        ]
        wanted = [
            (line, line.exchange_product_id, line.quantity, None)
            for line in rma.line_ids
            if line.resolution == "exchange" and line.exchange_product_id
        ]
        if wanted:
            estimate.has_exchange = True
            estimate.exchange = rma._get_exchange_amount(wanted)
        estimate.fee = rma._get_estimate_fee(quantities)
        estimate.way = rma._get_refund_way(estimate)
        return estimate

    def _get_estimate_parts(self, credits):
        """Return what the credit notes to be are made of, as (name, amount): each item, then what
        belongs to none, such as the order's discounts."""
        amounts = {}
        for credit in credits:
            in_order = credit.get_amounts_in(self.currency_id)
            for line, given in zip(credit.lines, in_order, strict=True):
                key = line.vals.get("rma_line_id")
                amounts[key] = amounts.get(key, 0.0) + given.total
        parts = [
            (
                f"{line._get_customer_name()} × "
                f"{self._format_quantity(line.quantity, line.product_uom_id)}",
                amounts.pop(line.id),
            )
            for line in self.line_ids
            if line.id in amounts
        ]
        rest = self.currency_id.round(sum(amounts.values()))
        return [*parts, (self.env._("Discounts"), rest)] if rest else parts

    def _get_estimate_fee(self, quantities):
        """Return what is kept of a refund of these quantities, as it will be proposed."""
        lines = [
            SimpleNamespace(
                rma_line=line,
                refund=units,
                exchange=line.resolution == "exchange",
                exchange_product=line.exchange_product_id,
            )
            for line, units in quantities.items()
        ]
        return self._get_fee_proposed(SimpleNamespace(rma=self, lines=lines))

    # === WHERE IT GOES === #

    def _get_refund_way(self, estimate):
        """Return in words where the money goes, or comes from."""
        self.ensure_one()
        if estimate.balance <= 0 and estimate.has_exchange:
            return self.env._("What you send back is set against your exchange.")
        order = self.order_id.sudo()  # how the customer paid, told to the customer
        owed = order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        if not order.currency_id.is_zero(sum(owed.mapped("amount_residual"))):
            return self.env._("It is set against your open invoice; the rest is paid back to you.")
        paid = order.transaction_ids.filtered(lambda tx: tx.state == "done")
        if method := paid[:1].payment_method_id.name:
            return self.env._("It goes back the way you paid: %(method)s.", method=method)
        return self.env._("It goes back the way you paid.")

    def _get_payable(self):
        """Return what the customer still has to pay for an exchange: its invoice, or its order
        before there is one; nothing where nothing is due."""
        self.ensure_one()
        if self.amount_to_pay <= 0:
            return None
        orders = self._get_customer_exchange_orders()
        owed = orders.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.amount_residual > 0
        )
        return owed[:1] or orders[:1]

    def _get_payable_url(self):
        """Return the link at which the customer pays what he owes for an exchange, for whoever
        looks; nothing where nothing is due, or it is not his to pay."""
        self.ensure_one()
        payable = self._get_payable()
        url = payable and self._get_document_url(payable)
        if not url or payable._name != "sale.order":
            return url or ""
        amount = float_repr(self.amount_to_pay, payable.currency_id.decimal_places)
        return f"{url}{'&' if '?' in url else '?'}payment_amount={amount}"

    # === PACE === #

    def _get_pace(self, what):
        """Return within how many days the shop usually does something, told from its own returns
        of the last 90 days; 0 where there are too few of them.

        :param str what: `answer` to a request, `refund` after the arrival
        """
        self.ensure_one()
        start, end = (SQL.identifier(name) for name in PACES[what])
        self.flush_model([*PACES[what], "company_id", "rma_type"])
        since = fields.Datetime.subtract(fields.Datetime.now(), days=PACE_DAYS)
        [(count, seconds)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*),
                       PERCENTILE_CONT(%(part)s) WITHIN GROUP (
                           ORDER BY EXTRACT(EPOCH FROM %(end)s - %(start)s)
                       )
                  FROM sale_rma
                 WHERE company_id = %(company)s
                   AND rma_type = %(kind)s
                   AND %(end)s >= %(since)s
                   AND %(start)s <= %(end)s
                """,
                part=PACE_PART,
                start=start,
                end=end,
                company=self.company_id.id,
                kind=self.rma_type,
                since=since,
            )
        )
        return max(math.ceil(seconds / 86400), 1) if count >= PACE_LEAST else 0

    def _get_pace_text(self, what):
        """Return in words what `_get_pace` says; nothing where it says nothing."""
        days = self._get_pace(what)
        if not days:
            return ""
        if what == "answer":
            if days == 1:
                return self.env._("We usually answer within one day.")
            return self.env._("We usually answer within %(days)s days.", days=days)
        if days == 1:
            return self.env._("We usually settle it within one day after it arrived.")
        return self.env._("We usually settle it within %(days)s days after it arrived.", days=days)
