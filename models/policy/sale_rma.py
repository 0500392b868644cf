from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """Returns on the terms that applied when they were asked for."""

    _inherit = "sale.rma"

    policy_message = fields.Text(
        string="Against the Rules",
        compute="_compute_policy_message",
        help="What the rules refuse and a colleague may accept nevertheless.",
    )
    policy_override_reason = fields.Char(
        string="Accepted Nevertheless Because",
        copy=False,
        tracking=True,
        help="Why it is accepted although the rules say no; kept in the history.",
    )

    @api.depends("line_ids.decision")
    def _compute_policy_message(self):
        for rma in self:
            rma.policy_message = "\n".join(
                f"{line.product_id.display_name}: {(line.decision or {}).get('explanation')}"
                for line in rma.line_ids._filter_refused_by_rule()
            )

    # === STATES === #

    def _on_requested(self):
        """Extend: what applies is kept, whatever becomes of the rules."""
        super()._on_requested()
        self.line_ids._keep_decisions()

    def action_accept(self):
        """Extend: what the rules refuse is accepted with a reason.

        :raise UserError: no reason is given
        """
        for rma in self.filtered("policy_message"):
            if not (rma.policy_override_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(rma)s is refused by the return rules:\n%(refused)s\nTo accept it "
                        "nevertheless write why under Accepted Nevertheless Because.",
                        rma=rma.name,
                        refused=rma.policy_message,
                    )
                )
        return super().action_accept()

    def action_request(self):
        """Extend: what the rules accept is accepted at once."""
        result = super().action_request()
        self.filtered(lambda rma: rma.state == "requested")._accept_by_rule()
        return result

    def _accept_by_rule(self):
        """Accept returns all items of which a rule accepts by itself, and say which rule did."""
        # sudo: the shop's rule accepts it, whoever asks; the names are for colleagues
        accepted = self.sudo().filtered(lambda rma: rma.line_ids._are_accepted_by_rule())
        if not accepted:
            return
        accepted.action_accept()
        accepted._message_log_batch(
            bodies={
                rma.id: self.env._(
                    "Accepted by the rule %(names)s.",
                    names=", ".join(rma.line_ids.policy_id.mapped("name")),
                )
                for rma in accepted
            }
        )

    # === TERMS === #

    @api.depends("line_ids.decision")
    def _compute_return_cost_bearer(self):
        """Extend: a rule may say who pays the way back."""
        super()._compute_return_cost_bearer()
        for rma in self:
            # sudo: what the rule said when the return was asked for; who pays gets out
            bearers = {
                line.decision["cost_bearer"] for line in rma.line_ids.sudo() if line.policy_id
            }
            if bearers:
                rma.return_cost_bearer = "shop" if "shop" in bearers else "customer"

    def _is_shipping_refund_proposed(self):
        """Extend: rules may give the shipping of an order back that comes back as a whole."""
        if super()._is_shipping_refund_proposed():
            return True
        # sudo: what was decided for the return, whoever may process it
        lines = self.sudo().line_ids
        return (
            self.rma_type == "return"
            and bool(lines.policy_id)
            and all((line.decision or {}).get("refund_shipping") for line in lines)
            and self._is_whole_order()
            and not self._get_refundable_shipping()[1]
        )

    def _get_fee_proposed(self, plan):
        """Override: what the rules that applied keep of what is refunded now. Nothing is kept of
        what is exchanged; an amount is kept once, never more than the goods cost."""
        if self.env["sale.rma.refund"]._get_no_fee_message(self):
            return 0.0  # by what it is now, whatever it was when the rule decided
        # sudo: what was decided for the return, whoever may process it
        refunds = {
            line.rma_line.sudo(): line.refund
            for line in plan.lines
            if line.rma_line.sudo()._has_fee_by_rule()
            and line.rma_line.product_uom_id.compare(line.refund, 0.0) > 0
            and not (line.exchange and line.exchange_product)
        }
        if not refunds:
            return 0.0
        sold = self.env["sale.order.line"].union(*(line.sale_line_id for line in refunds))
        prices = self.env["sale.rma.refund"]._get_prices_paid(sold.sudo())
        goods = sum(prices[line.sale_line_id] * units for line, units in refunds.items())
        fees = [
            prices[line.sale_line_id] * units * line.decision["fee_percent"] / 100
            for line, units in refunds.items()
        ]
        amounts = [0.0]
        for line in refunds:
            amount = line.decision["fee_amount"]
            if line.decision["fee_per"] == "return":
                amounts.append(amount)
            elif not line._get_qty_credited():
                fees.append(amount)
        if not self.sudo().amount_fee:  # nothing was kept before
            fees.append(max(amounts))
        return self.currency_id.round(min(sum(fees), goods))
