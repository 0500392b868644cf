from odoo import api, fields, models

from ...tools.quantity_field import format_quantity
from .plan import split_stock_quantities


class SaleRma(models.Model):
    """The engine: does with returns what was planned, whoever planned it."""

    _inherit = "sale.rma"

    @api.model
    def _process(self, plans):
        """Do what is planned, all or nothing (R7): receipt, putting back, credit notes, exchange,
        history and mail; then the return is done, or stays open with `close` off. What a plan
        leaves out is proposed as on the screen (R10); of the items it names, if it names some,
        only these are processed. What a plan says is checked before anything is done; an error
        that comes later leaves to the caller, who goes on, to roll back, as to any method.

        :param list plans: one dict for each return: `rma` (id), `lines`, `refund_shipping`, `fee`
            and `adjustment` (tax included, in the order's currency), `adjustment_reason`,
            `exchange_carrier` (id), `repay_by` (`paid`, `bank`, `wallet` or `manual`), `close`,
            `process_count` (of the return it was made for: R6);
            `lines` are dicts of `rma_line` (id), `received` (in all), `restock`, `warehouse` (id),
            `refund`, `keep`, `ahead` (what is kept is awaited all the same), `exchange`,
            `exchange_product` (id), `exchange_qty` (all in the sold line's unit),
            `exchange_price` (of one, in the order's currency, as its prices are told),
            `amount_deducted` (tax included), `deduction_ground`, `deduction_attachment_ids`
            and `refusal_ground` (as on the items)
        :return: the `sale.rma`s
        :raise UserError: wrong state, or a quantity over its limit; it names product and limit
        :raise AccessError: no right to change the returns, or to read what is named
        :raise LockError: somebody else processes the return at this moment (R6)
        """
        rmas = self.env["sale.rma.plan"]._get_returns(plans)._gather_history()
        rmas._lock()
        rmas._read_together()
        plans = rmas.env["sale.rma.plan"]._read(plans)
        rmas.env["sale.rma.plan"]._check(plans)
        credits = rmas._prepare_credits(plans)  # so that what it refuses is refused here
        old_states = {rma.id: rma.state for rma in rmas}
        rmas._start_processing()
        rmas._write_decided(plans)
        rmas._process_stock(plans)
        refunds = rmas._process_refunds(plans, credits)
        rmas._process_exchanges(plans)
        refunded = refunds.filtered(lambda move: move.state == "posted").rma_id
        rmas._finish(plans, old_states, refunded)
        rmas._write_gathered_history()
        return rmas.with_env(self.env)

    @api.model
    def _preview(self, plans):
        """Return what `_process` would do, and do nothing; parameters and errors are its own.

        :return: a list with one dict for each plan: `rma`, `amount_total`, `tax_amount`,
            `tax_totals`, `amount_goods`, `amount_given_before`, `amount_exchange` and
            `amount_difference` (tax included, in the order's currency), `parts_message` (what the
            total is made of), `missing` ({return line: units}) and `does_nothing`
        """
        engine = self.env["sale.rma.plan"]
        engine._get_returns(plans)
        plans = engine._read(plans)
        engine._check(plans)
        return [self._preview_plan(plan) for plan in plans]

    @api.model
    def _preview_plan(self, plan):
        engine = self.env["sale.rma.plan"]
        figures = engine._get_figures(plan, engine._prepare_credits(plan))
        items = plan.exchange_items
        exchange = plan.rma._get_exchange_amount(items)
        return {
            "rma": plan.rma,
            **figures,
            "amount_exchange": exchange,
            "amount_difference": exchange - figures["amount_total"] if items else 0.0,
            "missing": plan.missing,
            "does_nothing": plan.does_nothing,
        }

    # === STEPS === #

    def _write_decided(self, plans):
        """Write to the items what is decided of them."""
        for plan in plans:
            for line, decided in plan.decided.items():
                line.write(decided)

    def _process_stock(self, plans):
        lines = [line for plan in plans for line in plan.lines]
        arrivals, put_backs, restocked = split_stock_quantities(lines)
        self._receive(arrivals)
        self._put_back(put_backs)
        self._log_restocked(restocked)

    @api.model
    def _prepare_credits(self, plans):
        """Return {plan: its `Credit`s} of the first plan of each order: what those after it give
        depends on what it gave.

        :raise UserError: more than is invoiced and not credited, or was paid (R2, R2b)
        """
        first = list({plan.rma.order_id: plan for plan in reversed(plans)}.values())[::-1]
        return {plan: self.env["sale.rma.plan"]._prepare_credits(plan) for plan in first}

    def _process_refunds(self, plans, credits):
        """Credit in one go what does not depend on each other: of one order, return by return.

        :param dict credits: of `_prepare_credits`; goods that arrive do not change them (R3)
        :return: the credit notes
        """
        remaining, moves = list(plans), self.env["account.move"]
        while remaining:
            by_rma = {plan.rma: given for plan, given in credits.items()}
            reasons = {plan.rma: plan.adjustment_reason for plan in credits}
            moves |= self.browse().union(*by_rma)._create_refunds(by_rma, reasons)
            remaining = [plan for plan in remaining if plan not in credits]
            credits = self._prepare_credits(remaining)
        return moves

    def _process_exchanges(self, plans):
        items = {plan.rma: plan.exchange_items for plan in plans}
        carriers = {plan.rma: plan.exchange_carrier for plan in plans}
        self._log_exchanged(self._create_exchange_orders(items, carriers))

    def _finish(self, plans, old_states, refunded):
        """Close the returns or plan what is still awaited, and tell once what changed.

        :param dict old_states: {return id: state before}
        :param refunded: returns that gave something back now
        """
        closing = self.browse().union(*(plan.rma for plan in plans if plan.close))
        staying = self - closing
        closing._give_up_awaited()
        staying._plan_receipts()
        kept = [
            line.rma_line
            for plan in plans
            if not plan.close
            for line in plan.lines
            if line.keep and not line.ahead
        ]
        self.line_ids.browse().union(*kept)._stop_awaiting_kept()
        if closing:
            closing._write_state("done", date_done=fields.Datetime.now())
        changed = self.filtered(lambda rma: rma.state != old_states[rma.id])
        changed._notify_state_change({rma.id: old_states[rma.id] for rma in changed})
        kept_open = (self - changed).filtered(lambda rma: rma in refunded)
        kept_open._tell_refunds()

    # === WHAT IS PROPOSED === #

    def _is_shipping_refund_proposed(self):
        """A withdrawal of everything gives the standard delivery back (docs/law.md L17, L21)."""
        self.ensure_one()
        return (
            self.rma_type == "withdrawal"
            and self._is_whole_order()
            and not self._get_refundable_shipping()[1]
        )

    def _get_exchange_carrier_proposed(self):
        """Return the delivery method that is proposed for what is sent instead; a hook for the
        room that sends it."""
        return self.env["delivery.carrier"]

    def _get_fee_proposed(self, plan):
        """Return what is proposed to be kept of a refund, tax included, in the order's currency; a
        hook for who has rules for it.

        :param plan: the `Plan`, whose own fee is not looked at
        """
        return 0.0

    def _get_missing_text(self, missing):
        """Say how many of which items neither came back nor stay with the customer.

        :param dict missing: `Plan.missing`
        """
        return ", ".join(
            f"{format_quantity(self.env, quantity)} {line.product_id.display_name}"
            for line, quantity in missing.items()
        )

    def _has_nothing_arrived(self):
        """Whether goods have to come back of which nothing has come back."""
        self.ensure_one()
        goods = self.line_ids.filtered(
            lambda line: line.product_id.type != "service" and line._get_qty_to_come_back() > 0
        )
        return bool(goods) and not any(goods.mapped("qty_received"))
