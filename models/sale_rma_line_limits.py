from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_is_zero

from ..tools.quantity_field import format_quantity, get_pieces, is_countable, round_units


class SaleRmaLine(models.Model):
    """What an item may ask for (R1)."""

    _inherit = "sale.rma.line"

    # === LIMITS === #

    def _get_competing_lines(self, joining=None):
        """Return {line: the other lines that claim units of its sold line} (R1): those of the
        same return, of live ones and of those that join them.

        :param joining: returns, drafts until now, that are requested together
        """
        joining = joining or self.env["sale.rma"]
        together = Domain("rma_id", "in", (self.rma_id._origin | joining).ids)
        claims = self.sudo().search(  # what other people's returns claim counts too
            Domain("sale_line_id", "in", self.sale_line_id._origin.ids)
            & (together | Domain("state", "in", self.env["sale.rma"]._get_live_states()))
        )
        by_sold_line = claims.grouped("sale_line_id")
        competitors = {}
        for line in self:
            same = by_sold_line.get(line.sale_line_id._origin, claims.browse()) - line._origin
            claiming = line.rma_id._origin | joining
            competitors[line] = same.filtered(
                lambda other, claiming=claiming: (
                    other.rma_id in claiming
                    or other.state in self.env["sale.rma"]._get_live_states()
                )
            )
        return competitors

    def _get_qty_possible(self, competitors):
        """Return {line: the most it may ask for} (R1): what the customer has, or what came back
        without a return, and no other line waits for, with what came back on it, and of a
        withdrawal what was not sent; in the sold line's unit.

        :param dict competitors: {line: the other lines that claim units of its sold line}
        """
        sold_lines = self.sale_line_id._origin
        at_customer = sold_lines._get_qty_at_customer()
        unclaimed = sold_lines._get_qty_unclaimed(at_customer)
        possible = {}
        for line in self:
            sold = line.sale_line_id._origin
            awaited = sum(other._get_qty_open() for other in competitors[line])
            most = at_customer.get(sold, 0.0) + unclaimed.get(sold, 0.0) + line.qty_received
            possible[line] = most - awaited
        possible = self._extend_qty_possible(possible)
        return {
            line: max(round_units(line.product_uom_id, most), 0.0)
            for line, most in possible.items()
        }

    def _extend_qty_possible(self, possible):
        """Return {line: the most it may ask for}, in the sold line's unit: empty hook for rooms by
        which more is possible.

        :param dict possible: {line: units}, not rounded, below zero where others wait for more
        """
        return possible

    def _lower_to_possible(self):
        """Give up units that other returns took meanwhile."""
        possible = self._get_qty_possible(self._get_competing_lines())
        for line in self:
            if 0.0 < possible[line] < line.quantity:
                line.quantity = possible[line]

    # === CONSTRAINTS === #

    @api.onchange("quantity")
    def _onchange_quantity(self):
        """:raise ValidationError: what is no number, which no screen can show"""
        if not is_countable(self.quantity):
            raise ValidationError(self._get_quantity_error(self.qty_returnable))

    @api.constrains("quantity", "sale_line_id", "rma_id", "lot_ids")
    def _check_quantity(self):
        self._check_returnable()

    def _check_returnable(self, joining=None):
        """R1: what is asked for can be returned.

        :param joining: returns, drafts until now, that are requested together
        :raise ValidationError: naming the product and the most that is possible
        """
        competitors = self._get_competing_lines(joining)
        possible = self._get_qty_possible(competitors)
        for line in self:
            line._check_sold_line_returnable()
            error = line._get_quantity_error(possible[line])
            # sudo: lots are stock's; only the names of the order's own get out
            error = error or line.sudo()._get_lots_error(competitors[line])
            if error:
                raise ValidationError(error)

    def _check_sold_line_returnable(self):
        sold = self.sudo().sale_line_id  # the return's manager may not see its order
        if sold._is_returnable(self.rma_id.rma_type):
            return
        product = self.product_id.display_name or sold.name
        if sold._is_returnable("claim"):
            message = self.env._(
                "%(product)s is a service: it can only be on a return of the type Claim, or be "
                "withdrawn from before it was performed.",
                product=product,
            )
        else:
            message = self.env._(
                "%(product)s on %(order)s is nothing that can be sent back.",
                product=product,
                order=self.rma_id.order_id.name,
            )
        raise ValidationError(message)

    def _get_quantity_error(self, most):
        """Return in words why the quantity asked for is refused, nothing if it is fine.

        :param float most: the most that is possible, in the sold line's unit
        """
        uom = self.product_uom_id
        is_positive = is_countable(self.quantity) and uom.compare(self.quantity, 0.0) > 0
        is_whole = is_positive and self._is_whole_enough()
        if is_whole and uom.compare(self.quantity, most) <= 0:
            return None
        details = {
            "product": self.product_id.display_name,
            "quantity": format_quantity(self.env, self.quantity),
            "most": format_quantity(self.env, most),
            "unit": self._get_unit_text(most),
            "order": self.rma_id.order_id.name,
        }
        if not is_positive:
            return self.env._(
                "%(product)s: a quantity above zero is needed, %(quantity)s is none. "
                "At most %(most)s %(unit)s can be returned on %(order)s.",
                **details,
            )
        if not is_whole:
            return self.env._(
                "%(product)s: only whole pieces can be returned, not %(quantity)s. "
                "At most %(most)s %(unit)s can be returned on %(order)s.",
                **details,
            )
        message = self.env._(
            "%(product)s: %(quantity)s asked for, but at most %(most)s %(unit)s can be "
            "returned on %(order)s. Lower the quantity.",
            **details,
        )
        return f"{message} {self.sale_line_id._get_arrival_hint()}".strip()

    def _get_unit_text(self, quantity):
        """Return the unit in words, of packs with how many pieces so many of them are."""
        unit = self.product_uom_id
        pieces = get_pieces(unit)
        if pieces <= 1:
            return unit.name
        piece = unit.browse(self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"))
        count = format_quantity(self.env, round(quantity * pieces, 2), piece)
        return f"{unit.name} ({count})"

    def _is_whole_enough(self, quantity=None):
        """Whether counted goods are moved by whole pieces: those sold by the piece (or the
        dozen, ...) and kits cannot come back by halves, unless they were delivered so."""
        quantity = self.quantity if quantity is None else quantity
        # sudo: quantities only
        sold = self.sudo().sale_line_id
        unit = self.product_uom_id
        if pieces := get_pieces(unit):
            delivered = round_units(unit, sold.qty_delivered)
            was_delivered_whole = sold._is_kit() or self._is_whole(delivered * pieces)
            return not was_delivered_whole or self._is_whole(round_units(unit, quantity) * pieces)
        pieces = quantity * sold._get_product_units()
        return self.product_id.tracking != "serial" or self._is_whole(pieces)

    def _is_whole(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_is_zero(quantity - round(quantity), precision_digits=digits)

    def _get_lots_error(self, competitors):
        """Return in words why the lots named are refused (S15), nothing if they are fine.

        :param competitors: the other lines that claim units of the sold line
        """
        self.ensure_one()
        if not self.lot_ids:
            return None
        moves = self.sale_line_id.move_ids.filtered(lambda move: move.state == "done")
        back = moves._get_lots_back_from_customer()
        at_customer = self.env["stock.lot"].union(*(lot for lot, qty in back.items() if qty < 0))
        details = {"product": self.product_id.display_name, "order": self.rma_id.order_id.name}
        if strangers := self.lot_ids - at_customer - self.move_ids.lot_ids:
            return self.env._(
                "%(product)s: %(lots)s was not delivered on %(order)s, or has come back. The "
                "customer has %(delivered)s.",
                lots=", ".join(strangers.mapped("name")),
                delivered=", ".join(at_customer.mapped("name")) or "-",
                **details,
            )
        if self.product_id.tracking != "serial":
            return None
        if taken := self.lot_ids & competitors.lot_ids:
            other = competitors.filtered(lambda line: line.lot_ids & taken)[:1]
            return self.env._(
                "%(product)s: %(lots)s is on %(rma)s already.",
                lots=", ".join(taken.mapped("name")),
                rma=other.rma_id.name,
                **details,
            )
        if (
            self.product_uom_id.compare(
                self.quantity * self.sale_line_id._get_product_units(), len(self.lot_ids)
            )
            < 0
        ):
            return self.env._(
                "%(product)s: %(count)s serial numbers are named, but only %(quantity)s asked for.",
                count=len(self.lot_ids),
                quantity=format_quantity(self.env, self.quantity),
                **details,
            )
        return None

    def _check_not_below_received(self):
        for line in self:
            if line.product_uom_id.compare(line.quantity, line.qty_received) < 0:
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(received)s have arrived already, the quantity cannot be "
                        "lower.",
                        product=line.product_id.display_name,
                        received=format_quantity(self.env, line.qty_received),
                    )
                )
