from odoo import api, fields, models


class SaleRma(models.Model):
    """What was given and what became of it, as the books say: on the return, in the mails and on
    the customer's page (issue 14.5). Posted documents only; tax included, in the order's currency.
    """

    _inherit = "sale.rma"

    amount_goods = fields.Monetary(
        string="Goods",
        compute="_compute_refund_parts",
        compute_sudo=True,  # the return's own totals, shown to whoever sees the return
        help="What the refunded items cost, after discounts, tax included.",
    )
    amount_shipping = fields.Monetary(
        string="Shipping", compute="_compute_refund_parts", compute_sudo=True
    )
    amount_fee = fields.Monetary(
        string="Refund Fee",
        compute="_compute_refund_parts",
        compute_sudo=True,
        help="Kept by the shop: lowers the refund.",
    )
    amount_adjustment = fields.Monetary(
        string="Refund Adjustment", compute="_compute_refund_parts", compute_sudo=True
    )
    amount_given_before = fields.Monetary(
        string="Given Before",
        compute="_compute_refund_parts",
        compute_sudo=True,
        help="Given on the order before beside its items, and taken off here.",
    )
    amount_exchange = fields.Monetary(
        string="Exchange",
        compute="_compute_settlement",
        compute_sudo=True,
        help="What the confirmed exchange orders cost.",
    )
    amount_against_invoice = fields.Monetary(
        string="Set Against the Invoice", compute="_compute_settlement", compute_sudo=True
    )
    amount_against_exchange = fields.Monetary(
        string="Set Against the Exchange", compute="_compute_settlement", compute_sudo=True
    )
    amount_paid_back = fields.Monetary(
        string="Paid Back", compute="_compute_settlement", compute_sudo=True
    )
    amount_to_pay_back = fields.Monetary(
        string="To Be Paid Back", compute="_compute_settlement", compute_sudo=True
    )
    amount_to_pay = fields.Monetary(
        string="To Be Paid by the Customer",
        compute="_compute_settlement",
        compute_sudo=True,
        help="What the exchange costs beyond the refund and is not paid yet.",
    )

    @api.depends("refund_ids.state", "refund_ids.amount_total")
    def _compute_refund_parts(self):
        engine = self.env["sale.rma.refund"]
        for rma in self:
            posted = rma._origin.refund_ids._filter_statement()
            currency = rma.currency_id or rma.env.company.currency_id  # no order yet
            parts = engine._get_posted_parts(posted, currency)
            rma.amount_goods = parts.goods
            rma.amount_shipping = parts.shipping
            rma.amount_fee = -parts.fee
            rma.amount_adjustment = parts.adjustment
            rma.amount_given_before = -parts.given_before

    @api.depends(
        "refund_ids.state",
        "refund_ids.amount_residual",
        "exchange_order_ids.state",
        "exchange_order_ids.invoice_ids.amount_residual",
        "exchange_order_ids.transaction_ids.state",
    )
    def _compute_settlement(self):
        for rma in self:
            currency = rma.currency_id or rma.env.company.currency_id  # no order yet
            exchanges = rma._origin.exchange_order_ids.filtered(lambda order: order.state == "sale")
            invoices = exchanges.invoice_ids._filter_statement()
            credits = rma._origin.refund_ids._filter_statement()
            used = credits._get_amounts_set_against(invoices, currency)
            left = sum(move._get_residual_in(currency) for move in credits)
            owed = sum(move._get_residual_in(currency) for move in invoices)
            cost = sum(exchanges.mapped("amount_total"))
            billed = sum(
                move._get_credit_direction_of_sale() * move._get_total_in(currency)
                for move in invoices
            )
            owed += max(cost - billed, 0.0)  # what is not invoiced yet is going to be
            pending = min(left, max(owed, 0.0))
            rma.amount_exchange = cost
            rma.amount_against_invoice = used["invoice"]
            rma.amount_against_exchange = used["exchange"] + pending
            rma.amount_paid_back = used["payment"]
            rma.amount_to_pay_back = currency.round(left - pending)
            prepaid = sum(order._get_amount_prepaid() for order in exchanges)
            rma.amount_to_pay = currency.round(max(owed - pending - prepaid, 0.0))

    def _get_statement_rows(self):
        """Return what customers are told of their money, in the caller's language: a list of
        `{"label", "amount", "is_total"}`; rows of nothing are left out."""
        self.ensure_one()
        parts = [
            (self.env._("Goods"), self.amount_goods),
            (self.env._("Shipping"), self.amount_shipping),
            (self.env._("Refund fee"), -self.amount_fee),
            (self.env._("Adjustment"), self.amount_adjustment),
            (self.env._("Given before"), -self.amount_given_before),
        ]
        rows = [(label, amount, False) for label, amount in parts if amount]
        settled = [
            (self.env._("Price of your exchange"), self.amount_exchange),
            (self.env._("Set against your open invoice"), self.amount_against_invoice),
            (self.env._("Set against your exchange"), self.amount_against_exchange),
            (self.env._("Paid back to you"), self.amount_paid_back),
            (self.env._("Still to be paid back to you"), self.amount_to_pay_back),
            (self.env._("Still to be paid by you"), self.amount_to_pay),
        ]
        if rows or self.amount_refunded:
            rows.append((self.env._("Refunded"), self.amount_refunded, True))
        rows += [(label, amount, False) for label, amount in settled if amount]
        return [
            {"label": label, "amount": amount, "is_total": is_total}
            for label, amount, is_total in rows
        ]
