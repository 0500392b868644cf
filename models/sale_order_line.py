from collections import defaultdict

from odoo import api, fields, models

from ..tools.quantity_field import MOST_DECIMALS, Units, round_units


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "sale.rma.protected"]

    rma_line_ids = fields.One2many(
        comodel_name="sale.rma.line", inverse_name="sale_line_id", string="Returned Items"
    )
    source_rma_line_id = fields.Many2one(
        comodel_name="sale.rma.line",
        string="Exchanged Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Returned item that this line replaces.",
    )
    qty_returnable = Units(
        string="Can Be Returned",
        compute="_compute_qty_returnable",
        digits="Product Unit",
        help="Delivered and not on a live return, nor come back and credited; in this line's "
        "unit (R1).",
    )

    # === QUANTITIES (R1) === #

    @api.depends(
        "qty_delivered",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.rma_line_id",
        "product_uom_qty",
        "qty_invoiced",
        "rma_line_ids.quantity",
        "rma_line_ids.qty_received",
        "rma_line_ids.state",
    )
    def _compute_qty_returnable(self):
        at_customer = self._origin._get_qty_at_customer()
        unclaimed = self._origin._get_qty_unclaimed(at_customer)
        awaited = self._origin._get_qty_awaited()
        for line in self:
            sold = line._origin
            possible = at_customer.get(sold, 0.0) + unclaimed.get(sold, 0.0) - awaited[sold]
            line.qty_returnable = max(round_units(line.product_uom_id, possible), 0.0)

    def _get_qty_sendable(self):
        """Return {sold line: units that the customer has and no live return waits for}, in the
        sold line's unit: what a customer can still send."""
        at_customer, awaited = self._get_qty_at_customer(), self._get_qty_awaited()
        return {
            line: max(round_units(line.product_uom_id, at_customer[line] - awaited[line]), 0.0)
            for line in self
        }

    def _get_qty_unclaimed(self, at_customer):
        """Return {sold line: units that came back without a return}, in the sold line's unit: at
        most what was paid, or ordered where nothing was invoiced, and the customer has not. What
        was credited by hand or replaced is settled.

        :param dict at_customer: {sold line: units that the customer has}
        """
        unclaimed = {}
        # sudo: quantities only, told to whoever sees the line
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            units = line_sudo._get_qty_nobodys()
            if units > 0:
                units = min(units, line_sudo._get_qty_owed() - at_customer[line])
            unclaimed[line] = max(units, 0.0)
        return unclaimed

    def _get_claim_limits(self):
        """Return {(sold line, product): what of it returns can still take over}, in the product's
        own unit, of lines where a part of what came back was credited by hand or replaced."""
        limits = {}
        with_arrivals = self.filtered(lambda line: line.move_ids._filter_nobodys_arrivals())
        at_customer = with_arrivals._get_qty_at_customer()
        unclaimed = with_arrivals._get_qty_unclaimed(at_customer)
        for line in with_arrivals:
            if line.product_uom_id.compare(unclaimed[line], line._get_qty_nobodys()) < 0:
                for product, needed in line._get_rma_components().items():
                    limits[line, product] = needed * unclaimed[line]
        return limits

    def _get_qty_nobodys(self):
        """Return the units that came back and are no return's, in the line's unit."""
        self.ensure_one()
        back = defaultdict(float)
        for move in self.move_ids._filter_nobodys_arrivals():
            back[move.product_id] += move._get_qty_with_us()
        return self._get_rma_whole_units(back)

    def _get_qty_owed(self):
        """Return the units the customer paid for, or ordered where nothing was invoiced; in the
        line's unit."""
        self.ensure_one()
        is_invoiced = any(item.parent_state != "cancel" for item in self.invoice_lines)
        return self.qty_invoiced if is_invoiced else self.product_uom_qty

    def _get_arrival_hint(self):
        """Tell staff by which receipts units of these lines came back: nobody has them to ask
        for. Empty where there is nothing to tell."""
        if not self.env.user._is_internal():
            return ""
        # sudo: names of receipts only, told to those who make returns of them
        moves = self.sudo().move_ids.filtered(lambda move: move._is_back_from_customer())
        names = ", ".join(moves.picking_id.sorted("id").mapped("name"))
        return self.env._("Came back already with %(receipts)s.", receipts=names) if names else ""

    def _get_qty_at_customer(self):
        """Return {sold line: units delivered and not come back}, in the sold line's unit.

        Told from the done moves themselves: a return done without *update quantities* brings
        the goods back all the same. Services have `qty_delivered` only.
        """
        quantities = {}
        products = self._get_products_at_customer()
        # sudo: quantities only, told to whoever sees the line
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            if line_sudo.qty_delivered_method != "stock_move":
                quantities[line] = line_sudo.qty_delivered
            else:
                quantities[line] = line_sudo._get_rma_whole_units(products[line])
        return quantities

    def _get_products_at_customer(self):
        """Return {sold line: {product: what the customer has of it}}, in the product's own unit;
        of a kit its components."""
        # sudo: read ahead for what follows
        self.sudo().move_ids._read_to_count()
        quantities = {}
        # sudo: quantities only, told to whoever sees the line
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            moves = line_sudo.move_ids.filtered(lambda move: move.state == "done")
            quantities[line] = {
                product: -product_moves._get_qty_back_from_customer(product.uom_id)
                for product, product_moves in moves.grouped("product_id").items()
            }
            for product, handed_over in line_sudo._get_products_handed_over().items():
                quantities[line][product] = quantities[line].get(product, 0.0) + handed_over
        return quantities

    def _get_products_handed_over(self):
        """Return {product: what the customer was given of the line beside its transfers}, in the
        product's own unit: empty hook for rooms that know of some."""
        self.ensure_one()
        return {}

    def _get_qty_awaited(self):
        """Return {sold line: units that live returns still wait for}, in the line's unit."""
        awaited = defaultdict(float)
        for line in self._get_waiting_rma_lines():
            awaited[line.sale_line_id] += line._get_qty_open()
        return awaited

    def _get_waiting_rma_lines(self):
        """Return the items of live returns that units of these lines can come back on."""
        return (
            self.env["sale.rma.line"]
            .sudo()  # what other people's returns claim counts too
            .search(
                [
                    ("sale_line_id", "in", self.ids),
                    ("state", "in", self.env["sale.rma"]._get_live_states()),
                ]
            )
        )

    def _prepare_rma_line_vals(self, quantity=0.0, **values):
        """Return the values of a returned item of the sold line, for whoever makes one: form,
        portal, API, withdrawal.

        :param float quantity: in the sold line's unit
        :param values: more fields of `sale.rma.line`
        """
        self.ensure_one()
        return {"sale_line_id": self.id, "quantity": quantity, **values}

    def _is_kit(self):
        """Whether the line was delivered as components (phantom bill of materials)."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state != "cancel" and move.location_dest_usage != "inventory"
        )
        return bool(moves) and self.product_id not in moves.product_id

    def _get_rma_components(self):
        """Return {component: quantity of one kit, in the component's own unit}; for what is no
        kit, the product itself and how many of its units one sold unit holds."""
        self.ensure_one()
        product = self.product_id
        units = self._get_product_units()
        if not self._is_kit():
            return {product: units}
        bom = self._get_kit_bom()
        # sudo: quantities only
        needed = self.sudo()._get_bom_component_qty(bom) if bom else {}
        products = self.env["product.product"]
        return self._get_delivered_components(
            {products.browse(key): units * values["qty"] for key, values in needed.items()}
        )

    def _get_delivered_components(self, bill):
        """Return {component: quantity of one kit} as it was really delivered: a bill of materials
        that was edited since does not say any more what the customer was sent.

        :param dict bill: {component: quantity of one kit} as the bill says today
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.location_dest_id._is_with_customer()
                and not move.location_id._is_with_customer()
                and not move.origin_returned_move_id
            )
        )
        sent = defaultdict(float)
        for move in moves.filtered(lambda move: move.state != "cancel"):
            done = move.state == "done"
            quantity = move.quantity if done else move.product_uom_qty
            sent[move.product_id] += move.product_uom._compute_quantity(
                quantity, move.product_id.uom_id, round=False
            )
        kits = {sent[product] / bill[product] for product in bill if bill[product]}
        ordered = self._get_qty_still_ordered()
        is_as_ordered = ordered > 0 and "cancel" not in moves.mapped("state")
        is_as_billed = sent.keys() == bill.keys() and max(kits) - min(kits) < 1e-6
        if not sent or (is_as_billed and not (is_as_ordered and min(kits) < ordered)):
            return bill
        number = ordered if is_as_ordered else max(kits, default=0.0)
        return {product: quantity / (number or 1.0) for product, quantity in sent.items()}

    def _get_qty_still_ordered(self):
        """Return the units ordered that are to be sent or were, in the line's unit; empty hook for
        rooms that take some off."""
        self.ensure_one()
        return self.product_uom_qty

    def _get_product_units(self):
        """Return how many of the product's own units one of the line's unit holds."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(1.0, self.product_id.uom_id, round=False)

    def _get_kit_bom(self):
        """Return the bill of materials by which the line was delivered as components: the moves'
        own, or, for a kit made of kits only, the product's. `mrp` is no dependency."""
        self.ensure_one()
        if "mrp.bom" not in self.env:
            return None
        product = self.product_id
        # sudo: for quantities only
        boms = self.sudo().move_ids.bom_line_id.bom_id
        own = boms.filtered(
            lambda bom: (
                bom.type == "phantom"
                and bom.product_tmpl_id == product.product_tmpl_id
                and bom.product_id in (product, product.browse())
            )
        )
        company_id = self.company_id.id
        return (
            own[:1] or boms._bom_find(product, company_id=company_id, bom_type="phantom")[product]
        )

    def _get_rma_whole_units(self, quantities):
        """Return how many units of the line these products make, in its unit: the least over
        the components of a kit, rounded down to whole kits.

        :param dict quantities: {product: quantity in the product's own unit}
        """
        if not quantities:
            return 0.0
        self.ensure_one()
        components = self._get_rma_components()
        ratios = [quantities.get(product, 0.0) / qty for product, qty in components.items() if qty]
        if not ratios:
            return 0.0
        least = round_units(self.product_uom_id, min(ratios))
        if not self._is_kit():
            return least
        kits = self._get_product_units()
        return int(least * kits + 10**-MOST_DECIMALS) / kits
