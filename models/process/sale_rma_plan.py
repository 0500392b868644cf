from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.quantity_field import is_countable, round_units
from .plan import Plan, PlanLine
from .proposal import ProcessProposal

QUANTITIES = ("received", "restock", "refund", "exchange_qty")
NUMBERS = (*QUANTITIES, "exchange_price", "fee", "adjustment", "process_count")
RECORDS = {
    "warehouse": "stock.warehouse",
    "exchange_product": "product.product",
    "exchange_carrier": "delivery.carrier",
}
SWITCHES = ("keep", "exchange", "refund_shipping", "close")
LINE_KEYS = {"rma_line", *QUANTITIES, "exchange_price", "warehouse", "exchange_product"}
LINE_KEYS |= {"keep", "exchange"}
PLAN_KEYS = {"rma", "lines", "refund_shipping", "fee", "adjustment", "adjustment_reason"}
PLAN_KEYS |= {"exchange_carrier", "close", "process_count"}
# what follows from the others (R10)
FOLLOWING = {"keep", "refund", "restock", "exchange_qty"}


class SaleRmaPlan(models.AbstractModel):
    """Plans of what is done with returns, read from plain data; what they leave out is proposed
    (R10), as the screen proposes it. Where a plan comes from does not matter: screen, bulk
    operation, program."""

    _name = "sale.rma.plan"
    _description = "What Is Done with Returns"

    @api.model
    def _read(self, plans):
        """Return the `Plan`s of plain data, whole; see `sale.rma._process`.

        :raise UserError: what was said is not understood, an item of another return, a return
            twice
        :raise AccessError: a record is named that its user may not read
        """
        for values in plans:
            self._check_values(values, PLAN_KEYS, "rma")
        # together, so that what is read of one return is read of all
        rmas = self.env["sale.rma"].browse(values["rma"] for values in plans)
        result = [self._read_plan(*pair) for pair in zip(rmas, plans, strict=True)]
        if len({plan.rma for plan in result}) != len(result):
            raise UserError(self.env._("A return can be processed only once at a time."))
        self._complete([line for plan in result for line in plan.lines])
        for plan, values in zip(result, plans, strict=True):
            if "fee" not in values:
                plan.fee = plan.rma._get_fee_proposed(plan)
            if "exchange_carrier" not in values and plan.exchange_items:
                plan.exchange_carrier = plan.rma._get_exchange_carrier_proposed()
        return result

    @api.model
    def _read_plan(self, rma, values):
        given = {
            name: self._read_value(name, value)
            for name, value in values.items()
            if name not in ("rma", "lines")
        }
        if "refund_shipping" not in given:
            given["refund_shipping"] = rma._is_shipping_refund_proposed()
        lines = values.get("lines")
        if lines is None:
            lines = [{"rma_line": line.id} for line in rma.line_ids]
        elif not isinstance(lines, (list, tuple)):
            raise UserError(rma._get_value_message("lines", lines, "item"))
        return Plan(rma, [self._read_line(rma, line) for line in lines], **given)

    @api.model
    def _read_line(self, rma, values):
        self._check_values(values, LINE_KEYS, "rma_line")
        rma_line = rma.line_ids.filtered(lambda line: line.id == values["rma_line"])
        if not rma_line:
            raise UserError(self.env._("An item of another return cannot be processed here."))
        given = {
            name: self._read_value(name, value, rma)
            for name, value in values.items()
            if name != "rma_line"
        }
        if not given.get("warehouse"):
            given["warehouse"] = rma.warehouse_id
        for name in QUANTITIES:
            if given.get(name):  # parts of packs as the pieces that are meant
                given[name] = self._round_typed(rma_line, given[name])
        return PlanLine(
            rma_line.with_prefetch(rma.line_ids._prefetch_ids), frozenset(values), **given
        )

    @api.model
    def _round_typed(self, rma_line, quantity):
        """Return a quantity with parts of packs as the pieces that are meant; another one as it
        is, for the checks to refuse it."""
        if not is_countable(quantity):
            return quantity
        rounded = round_units(rma_line.product_uom_id, quantity)
        return quantity if rma_line.product_uom_id.compare(rounded, quantity) else rounded

    @api.model
    def _check_values(self, values, known, needed):
        """:raise UserError: no dict, or keys that say nothing, or not what it is about"""
        rmas = self.env["sale.rma"]
        record_id = values.get(needed) if isinstance(values, dict) else None
        if not isinstance(record_id, int) or isinstance(record_id, bool):
            raise UserError(rmas._get_value_message(needed, record_id, "id"))
        if unknown := values.keys() - known:
            raise UserError(
                self.env._(
                    "%(keys)s: not known. Possible: %(known)s.",
                    keys=", ".join(sorted(map(str, unknown))),
                    known=", ".join(sorted(known)),
                )
            )

    @api.model
    def _read_value(self, name, value, rma=None):
        """Return one value of a plan as the engine takes it."""
        rmas = self.env["sale.rma"]
        if name in RECORDS:
            model = self.env[RECORDS[name]]
            if not value:
                return model
            if rma and name == "warehouse" and value == rma.warehouse_id.id:
                return rma.warehouse_id
            return rmas._read_record(name, model._name, value)
        if name in SWITCHES:
            if not isinstance(value, bool):
                raise UserError(rmas._get_value_message(name, value, "boolean"))
            return value
        if name in NUMBERS:
            if value is None and name in ("exchange_price", "process_count"):
                return None
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise UserError(rmas._get_value_message(name, value, "number"))
            return value
        if value and not isinstance(value, str):
            raise UserError(rmas._get_value_message(name, value, "text"))
        return value or ""

    # === PROPOSAL === #

    @api.model
    def _complete(self, lines):
        """Propose what the plans of some items leave out (R10)."""
        rma_lines = self.env["sale.rma.line"]
        open_lines = rma_lines.union(*(o.rma_line for o in lines if "received" not in o.given))
        received = open_lines._get_qty_proposed_received()
        for line in lines:
            if "received" not in line.given:
                line.received = received[line.rma_line]
            if "exchange" not in line.given:
                line.exchange = self._is_exchanged(line)
            if line.exchange and "exchange_product" not in line.given:
                line.exchange_product = line.rma_line._get_exchange_proposal()
        incomplete = [line for line in lines if not line.given >= FOLLOWING]
        if not incomplete:
            return
        proposal = ProcessProposal(rma_lines.union(*(line.rma_line for line in incomplete)))
        # {sold line: units that the items before refund, that all items bring now}
        refunds, arriving = defaultdict(float), defaultdict(float)
        for line in lines:
            arriving[line.rma_line.sale_line_id] += line.arriving
        for line in lines:
            sold = line.rma_line.sale_line_id
            if not line.given >= FOLLOWING:
                names = (*FOLLOWING, "received", "exchange")
                following, _proposed = proposal.follow(
                    line.rma_line,
                    {name: getattr(line, name) for name in names},
                    line.given,
                    others=refunds[sold],
                    others_arriving=arriving[sold] - line.arriving,
                )
                for name, value in following.items():
                    setattr(line, name, value)
            refunds[sold] += line.refund if is_countable(line.refund) else 0.0

    @api.model
    def _is_exchanged(self, line):
        """Whether an item is exchanged: as it is said, else as the customer wishes."""
        for name in ("exchange_qty", "exchange_product"):
            if name in line.given:
                return bool(getattr(line, name))
        return line.rma_line.resolution == "exchange"

    # === WHAT IT GIVES === #

    @api.model
    def _prepare_credits(self, plan):
        """Return the `Credit`s of what is planned: what is shown before, and posted (R3).

        :raise UserError: more than is invoiced and not credited, or was paid (R2, R2b)
        """
        rma = plan.rma
        if rma.currency_id.compare_amounts(plan.fee, 0.0) < 0:
            raise UserError(
                self.env._(
                    "The refund fee cannot be below zero: to give more, use a positive adjustment."
                )
            )
        if plan.refund_shipping:
            _amount, message = rma._get_refundable_shipping()
            if message:
                raise UserError(message)
        engine = self.env["sale.rma.refund"]
        credits = engine._prepare_credits(
            rma,
            plan.refunds,
            refund_shipping=plan.refund_shipping,
            fee=plan.fee,
            adjustment=plan.adjustment,
        )
        engine._check_totals(credits, rma.currency_id)
        engine._check_ceiling(rma, credits, plan.adjustment_reason)
        return credits

    @api.model
    def _get_figures(self, plan, credits):
        """Return what `Credit`s of a plan give, tax included, in the order's currency."""
        rma, engine = plan.rma, self.env["sale.rma.refund"]
        company = rma.company_id or self.env.company
        currency = rma.currency_id or company.currency_id
        totals = engine._get_tax_totals(credits, currency, company)
        parts = engine._get_credit_parts(credits, currency)
        return {
            "tax_totals": totals,
            "amount_total": totals["total_amount_currency"],
            "tax_amount": totals["tax_amount_currency"],
            "amount_goods": parts.goods,
            "amount_given_before": -parts.given_before,
            "parts_message": parts.describe(self.env, currency),
        }
