import math

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError

from ...tools.number_field import check_number
from ...tools.quantity_field import is_countable, round_units
from .plan import Plan, PlanLine

QUANTITIES = ("received", "restock", "refund", "exchange_qty")
AMOUNTS = ("exchange_price", "fee", "adjustment")
NUMBERS = (*QUANTITIES, *AMOUNTS, "process_count")
RECORDS = {
    "warehouse": "stock.warehouse",
    "exchange_product": "product.product",
    "exchange_carrier": "delivery.carrier",
}
SWITCHES = ("keep", "ahead", "exchange", "refund_shipping", "close")
LINE_KEYS = {"rma_line", *QUANTITIES, "exchange_price", "warehouse", "exchange_product"}
LINE_KEYS |= {"keep", "ahead", "exchange"}
PLAN_KEYS = {"rma", "lines", "refund_shipping", "fee", "adjustment", "adjustment_reason"}
PLAN_KEYS |= {"exchange_carrier", "repay_by", "close", "process_count"}


class SaleRmaPlan(models.AbstractModel):
    """What anybody says in plans, read: what is wrong with it is told in words, with the key,
    before anything is done (R7)."""

    _inherit = "sale.rma.plan"

    @api.model
    def _get_returns(self, plans):
        """Return the `sale.rma`s that plans are for, which their user may process.

        :raise UserError: no list of plans, one that names no return, a return in a wrong state
        :raise AccessError: there is no such return, or its user may not read or change it
        """
        self._check_items("plans", plans, "rma")
        if not plans:
            raise UserError(self.env._("plans: there is none, so there is nothing to process."))
        for values in plans:
            self._check_values(values, PLAN_KEYS, "rma")
        rmas = self.env["sale.rma"].browse(dict.fromkeys(values["rma"] for values in plans))
        if not all(rmas._ids):  # the ORM takes it for a return that is not saved yet
            rmas._read_record("rma", rmas._name, 0)
        try:
            rmas._check_action("process")
        except (AccessError, MissingError):
            for rma in rmas:  # says which of the ids is none of this user's
                rmas._read_record("rma", rmas._name, rma.id)
            raise
        return rmas

    @api.model
    def _read(self, plans):
        """Return the `Plan`s of plain data, whole, of returns that `_get_returns` gave; see
        `sale.rma._process`.

        :raise UserError: what was said is not understood, an item of another return, a return or
            an item twice
        :raise AccessError: a record is named that its user may not read
        """
        # together, so that what is read of one return is read of all
        rmas = self.env["sale.rma"].browse(values["rma"] for values in plans)
        for rma in rmas if len(set(rmas)) < len(plans) else ():
            if rmas._ids.count(rma.id) > 1:
                raise UserError(
                    self.env._(
                        "rma: %(rma)s is named by two plans. A return can be processed only once "
                        "at a time.",
                        rma=rma.name,
                    )
                )
        result = [self._read_plan(*pair) for pair in zip(rmas, plans, strict=True)]
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
        self._check_items("lines", lines, "rma_line")
        read = {}
        for line_values in lines:
            line = self._read_line(rma, line_values)
            if line.rma_line in read:
                raise UserError(
                    self.env._(
                        "rma_line: %(product)s is named twice in the plan of %(rma)s. An item can "
                        "be processed only once at a time.",
                        product=line.rma_line.product_id.display_name,
                        rma=rma.name,
                    )
                )
            read[line.rma_line] = line
        return Plan(rma, list(read.values()), **given)

    @api.model
    def _read_line(self, rma, values):
        names = self._get_decision_names()
        self._check_values(values, LINE_KEYS | {*names}, "rma_line")
        rma_line = rma.line_ids.filtered(lambda line: line.id == values["rma_line"])
        if not rma_line:
            raise UserError(
                self.env._(
                    "rma_line: %(id)s is no item of %(rma)s. An item of another return cannot be "
                    "processed here.",
                    id=values["rma_line"],
                    rma=rma.name,
                )
            )
        given = {
            name: self._read_value(name, value, rma)
            for name, value in values.items()
            if name != "rma_line"
        }
        given["decided"] = {name: given.pop(name) for name in names if name in given}
        if not given.get("warehouse"):
            given["warehouse"] = rma.warehouse_id
        for name in QUANTITIES:
            if given.get(name):  # parts of packs as the pieces that are meant
                given[name] = self._round_typed(rma_line, given[name])
        return PlanLine(
            rma_line.with_prefetch(rma.line_ids._prefetch_ids), frozenset(values), **given
        )

    @api.model
    def _get_decision_names(self):
        """Return the fields of items that are decided with a plan; a hook for rooms with some."""
        return ()

    @api.model
    def _round_typed(self, rma_line, quantity):
        """Return a quantity with parts of packs as the pieces that are meant; another one as it
        is, for the checks to refuse it."""
        if not is_countable(quantity):
            return quantity
        rounded = round_units(rma_line.product_uom_id, quantity)
        return quantity if rma_line.product_uom_id.compare(rounded, quantity) else rounded

    # === VALUES === #

    @api.model
    def _check_items(self, name, items, needed):
        """:raise UserError: no list"""
        if not isinstance(items, (list, tuple)):
            raise UserError(
                self.env._(
                    "%(key)s: %(value)s is not what is expected: a list, each with %(needed)s.",
                    key=name,
                    value=self.env["sale.rma"]._format_value(items),
                    needed=needed,
                )
            )

    @api.model
    def _check_values(self, values, known, needed):
        """:raise UserError: no dict, or keys that say nothing, or not what it is about"""
        rmas = self.env["sale.rma"]
        record_id = values.get(needed) if isinstance(values, dict) else values
        if not isinstance(record_id, int) or isinstance(record_id, bool) or record_id is values:
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
        if name in RECORDS:
            return self._read_named(name, value, rma)
        if name in NUMBERS:
            return self._read_number(name, value)
        rmas = self.env["sale.rma"]
        if name in SWITCHES:
            if not isinstance(value, bool):
                raise UserError(rmas._get_value_message(name, value, "boolean"))
            return value
        if value and (not isinstance(value, str) or "\0" in value):
            raise UserError(rmas._get_value_message(name, value, "text"))
        return value or ""

    @api.model
    def _read_named(self, name, value, rma):
        """Return the record that a plan names, none for nothing."""
        model = self.env[RECORDS[name]]
        if value is None or value is False:
            return model
        if rma and value == rma.warehouse_id.id and name == "warehouse":
            return rma.warehouse_id
        return self.env["sale.rma"]._read_record(name, model._name, value)

    @api.model
    def _read_number(self, name, value):
        if value is None and name in ("exchange_price", "process_count"):
            return None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise UserError(self.env["sale.rma"]._get_value_message(name, value, "number"))
        if name in AMOUNTS:
            return check_number(self.env, name, value)
        try:
            return float(value)  # of a quantity, what is none is told with its product
        except OverflowError:
            return math.inf
