from odoo import api, models
from odoo.exceptions import UserError

from ...tools.quantity_field import format_quantity, is_countable, round_units
from .proposal import get_qty_in_returns, get_qty_kept, get_qty_to_exchange
from .sale_rma_plan_values import QUANTITIES


class SaleRmaPlan(models.AbstractModel):
    """Limits of what can be done with returns, whoever planned it."""

    _inherit = "sale.rma.plan"

    @api.model
    def _check(self, plans):
        """:raise UserError: a quantity over its limit, with product, limit and what to do; or the
        return is not any more what the plan was made for (R6)"""
        limits = self._get_refund_limits(plans)
        for plan in plans:
            self._check_up_to_date(plan)
            self._check_carrier(plan)
            for line in plan.lines:
                self._check_numbers(line)
                self._check_stock_limits(line)
                self._check_exchange_limits(line)
            for line in plan.lines:
                self._check_refund_limit(line)
                self._check_kept(line)
            self._check_paid(plan.lines, limits)

    @api.model
    def _check_up_to_date(self, plan):
        """R6: what a screen shows is done once."""
        if plan.process_count not in (None, plan.rma.process_count):
            raise UserError(
                self.env._(
                    "%(rma)s was processed meanwhile: open the screen again to see what is "
                    "left to do.",
                    rma=plan.rma.name,
                )
            )

    # === NUMBERS === #

    @api.model
    def _get_label(self, name):
        return {
            "received": self.env._("Came Back"),
            "restock": self.env._("Back to Stock"),
            "refund": self.env._("Refund"),
            "exchange_qty": self.env._("Exchanged"),
            "exchange_price": self.env._("Exchange Price"),
        }[name]

    @api.model
    def _get_number_message(self, rma_line, name):
        return self.env._(
            "%(product)s: %(field)s needs a quantity of zero or more.",
            product=rma_line.product_id.display_name,
            field=self._get_label(name),
        )

    @api.model
    def _check_numbers(self, line):
        rma_line = line.rma_line
        for name in QUANTITIES:
            value = getattr(line, name)
            if not is_countable(value) or rma_line.product_uom_id.compare(value, 0.0) < 0:
                raise UserError(self._get_number_message(rma_line, name))
            if not self._is_whole_enough(line, name):
                raise UserError(
                    self.env._(
                        "%(product)s: %(field)s takes whole pieces, %(quantity)s is none.",
                        product=rma_line.product_id.display_name,
                        field=self._get_label(name),
                        quantity=format_quantity(self.env, value),
                    )
                )
        price = line.exchange_price
        if price is not None and not (is_countable(price) and price >= 0):
            raise UserError(
                self.env._(
                    "%(product)s: %(field)s needs an amount of zero or more.",
                    product=rma_line.product_id.display_name,
                    field=self._get_label("exchange_price"),
                )
            )

    @api.model
    def _is_whole_enough(self, line, name):
        """Whether a quantity is one of whole pieces; the rest of what Odoo's own documents
        received or credited by parts is taken as it is."""
        value, rma_line = getattr(line, name), line.rma_line
        if not value or rma_line._is_whole_enough(value):
            return True
        rests = {
            "received": lambda: rma_line.qty_received,
            "restock": lambda: get_qty_in_returns(rma_line, line.received),
            "refund": lambda: rma_line._get_qty_refundable(),
        }
        return name in rests and not rma_line.product_uom_id.compare(value, rests[name]())

    # === LIMITS === #

    @api.model
    def _check_stock_limits(self, line):
        rma_line = line.rma_line
        uom, product = rma_line.product_uom_id, rma_line.product_id
        values = {
            "product": product.display_name,
            "asked": format_quantity(self.env, rma_line._get_qty_to_come_back()),
            "before": format_quantity(self.env, rma_line.qty_received),
            "received": format_quantity(self.env, line.received),
        }
        most = max(rma_line._get_qty_to_come_back(), rma_line.qty_received)
        if uom.compare(line.received, most) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(received)s came back, but only %(asked)s were asked for. "
                    "Raise the quantity on the return first.",
                    **values,
                )
            )
        if uom.compare(line.received, rma_line.qty_received) < 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(before)s have come back already, it cannot be less. To undo "
                    "that, return the receipt.",
                    **values,
                )
            )
        possible = line.received - rma_line.qty_restocked
        if uom.compare(line.restock, possible) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: at most %(possible)s can go back to stock, of %(received)s that "
                    "came back.",
                    possible=format_quantity(self.env, max(possible, 0.0)),
                    **values,
                )
            )
        moves_goods = uom.compare(line.received, rma_line.qty_received) or line.restock
        if moves_goods and product.type == "service":
            raise UserError(
                self.env._("%(product)s is a service: nothing of it can come back.", **values)
            )
        if moves_goods and not line.warehouse:
            raise UserError(self.env._("%(product)s: choose the warehouse.", **values))
        if moves_goods:
            rma_line.rma_id._check_warehouse_company(line.warehouse)

    @api.model
    def _check_refund_limit(self, line):
        rma_line, quantity = line.rma_line, line.refund
        # sudo: credit notes are accounting\'s; a number gets out
        asked_left = rma_line.quantity - rma_line.sudo()._get_qty_credited()
        if rma_line.product_uom_id.compare(quantity, asked_left) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to refund, but of the %(asked)s asked for only "
                    "%(left)s are not refunded yet.",
                    product=rma_line.product_id.display_name,
                    quantity=format_quantity(self.env, quantity),
                    asked=format_quantity(self.env, rma_line.quantity),
                    left=format_quantity(self.env, max(asked_left, 0.0)),
                )
            )

    @api.model
    def _check_kept(self, line):
        """What did not come back is refunded by decision only (R10)."""
        rma_line, quantity = line.rma_line, line.refund
        kept = get_qty_kept(rma_line, line.received, quantity)
        if kept and not line.keep:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to refund, but %(kept)s of them did not come back. "
                    "Tick 'Customer keeps it' if they are refunded all the same, or lower the "
                    "quantity to refund to %(most)s.",
                    product=rma_line.product_id.display_name,
                    quantity=format_quantity(self.env, quantity),
                    kept=format_quantity(self.env, kept),
                    most=format_quantity(self.env, max(quantity - kept, 0.0)),
                )
            )

    @api.model
    def _get_refund_limits(self, plans):
        """Return {sold line: its `RefundLimit`}, read once for all plans."""
        lines = self.env["sale.rma.line"]
        lines = lines.union(*(line.rma_line for plan in plans for line in plan.lines))
        return self.env["sale.rma.refund"]._get_refund_limits(lines.sale_line_id)

    @api.model
    def _check_paid(self, lines, limits):
        """:raise UserError: more is refunded than was paid and is not kept (R2)"""
        # {sold line: units come, kept, arriving}
        sums = {line.rma_line.sale_line_id: [0.0, 0.0, 0.0] for line in lines}
        for line in lines:
            rma_line = line.rma_line
            beyond = get_qty_kept(rma_line, line.received, line.refund)
            own = sums[rma_line.sale_line_id]
            own[0] += line.refund - beyond
            own[1] += beyond
            own[2] += line.received - rma_line.qty_received
        for sold, (come, kept, arriving) in sums.items():
            most = limits[sold].get_most(come, kept, arriving)
            is_paid = sold.product_uom_id.compare(come + kept, limits[sold].left) <= 0
            if is_paid and sold.product_uom_id.compare(come + kept, most) > 0:
                raise UserError(self._get_unpaid_message(sold, come + kept, most, arriving))

    @api.model
    def _get_unpaid_message(self, sold, quantity, most, arriving):
        staying = sold._get_qty_at_customer()[sold] - arriving
        return self.env._(
            "%(product)s: %(quantity)s to refund, but more was sent than was paid and the "
            "customer keeps %(staying)s of them: at most %(most)s can be refunded. Lower the "
            "quantity to refund.",
            product=sold.product_id.display_name,
            quantity=format_quantity(self.env, quantity),
            staying=format_quantity(self.env, round_units(sold.product_uom_id, staying)),
            most=format_quantity(self.env, round_units(sold.product_uom_id, most)),
        )

    @api.model
    def _check_exchange_limits(self, line):
        if not line.exchange:
            return
        rma_line = line.rma_line
        uom, product = rma_line.product_uom_id, rma_line.product_id.display_name
        if not line.exchange_product or uom.is_zero(line.exchange_qty):
            raise UserError(
                self.env._(
                    "%(product)s: choose what it is exchanged for and how many.", product=product
                )
            )
        self._check_exchange_product(line)
        possible = get_qty_to_exchange(rma_line, line.received, line.keep, line.refund)
        if uom.compare(line.exchange_qty, possible) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s to exchange, but only %(possible)s came back and "
                    "are not exchanged yet.",
                    product=product,
                    quantity=format_quantity(self.env, line.exchange_qty),
                    possible=format_quantity(self.env, max(possible, 0.0)),
                )
            )

    @api.model
    def _check_exchange_product(self, line):
        """What may be chosen on the screen, whoever chooses."""
        product, company = line.exchange_product, line.rma_line.rma_id.company_id
        is_sold = product.active and product.sale_ok and product.type != "combo"
        if not is_sold or product.company_id - company:
            raise UserError(
                self.env._(
                    "%(product)s cannot be exchanged for %(other)s, which is not for sale by "
                    "itself in %(company)s: choose another product.",
                    product=line.rma_line.product_id.display_name,
                    other=product.display_name,
                    company=company.name,
                )
            )

    @api.model
    def _check_carrier(self, plan):
        carrier, company = plan.exchange_carrier, plan.rma.company_id
        if carrier and carrier.company_id - company:
            raise UserError(
                self.env._(
                    "%(carrier)s is not a delivery method of %(company)s: choose another one for "
                    "the exchange of %(rma)s.",
                    carrier=carrier.name,
                    company=company.name,
                    rma=plan.rma.name,
                )
            )
